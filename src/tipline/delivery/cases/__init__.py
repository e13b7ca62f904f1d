"""An agency's own work: its cases and the reports in them.

Owns cases. Promises: an agency sees what was referred to it and nothing else; a download is
complete to the field's shape and on the ledger; an answer takes one click. The agency's desk
and its API call here.
"""
