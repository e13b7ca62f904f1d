"""The queue of contents that wait for a person's look, and the looks that were had.

Owns one row per distinct content (by its SHA-256), and one per review of a person. Promises:
what a list or our own labels know is never offered; the same bytes are offered once, whoever
sent them; what looks alike is held together and judged one by one; two analysts never hold the
same content; what the gate closes is offered for a judgement by metadata only; each review can
be taken back. The pipeline keeps the places, the studio of the desk works through them.
"""
