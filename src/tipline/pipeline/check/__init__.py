"""The pre-submission check: what a report would meet, before anybody sends it.

Owns nothing and stores nothing. Promises: it looks at the report alone, never at links, lists
or other reports; what it finds is what the pipeline finds of the same facts; it never advises
on viewing, escalation or annotations. Called by the command line, the ESP API and the ESP's
desk.
"""
