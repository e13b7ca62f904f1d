"""The administrators' desk: who exists, what waits, what the books and the ledger say.

Owns the pages under ``/staff/``. Promises: administrators see no report, file or person of a
report, only counts, ids and verbs; whatever they change is on the ledger; a secret is shown
once, on the page that answers its making, and nowhere else; what can be taken back is done
at once and offers an undo. Every page wants the right to manage accounts besides its own.
"""
