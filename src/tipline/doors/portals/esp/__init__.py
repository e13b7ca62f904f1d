"""The desk of an ESP: its own reports, what was missing, and a report by hand.

Owns the pages under ``/esp/``. Promises: an ESP sees its own reports and nobody else's; it
never sees what was made of them (danger, links, lists, labels, who got them); outcomes only
in sum, and per report where the agency released it. A report by hand makes the same document
as the API, and its files stream into the vault without ever lying on a disk in plain.
"""
