"""Closed vocabularies of the field: incident types, flags, events, areas, outcomes, levels.

Owns the codes that the whole house speaks and the exact strings that the ESP schema, the
agencies' feedback form and the published tables use for them. Where the wire string is a
plain word, it is the code; incident types, whose wire strings are sentences that clients
misspell, have codes of our own and one place that maps them.

Promises: a code is never reused or renamed, and no table depends on another room. Called
by every room; the words for people are in ``words`` and translate.
"""
