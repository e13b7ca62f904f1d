"""Which report first: the shipped triage policy beside others, on simulated months.

The simulator draws reports and keeps their truth; the product's own reader, facts and rules
look at them under an injected clock; a desk with time for 30 % of them works its queue in each
order. What is told as a figure and what a simulator cannot tell stands in
``docs/explanation/how-points-were-tried.md``.
"""
