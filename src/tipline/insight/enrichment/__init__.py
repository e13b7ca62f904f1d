"""What the system adds to what was reported: places and zones of addresses and numbers.

Owns the automated information of a report (section B) as far as places go. Promises: every
place says from what it was derived and how far it is trusted; nothing is invented for
reserved or malformed values; it can be computed again. The pipeline calls; triage, routing
and the desks read.
"""
