"""The queue of proposed links: what waits for a person, in which order, and who has it now.

Promises: the most useful first (what a yes would move, then bits); one proposal is one person's at
a time, by a lease that ends by itself; reads are bounded, however many wait. The desk calls; the
pipeline writes the order.
"""
