"""The v2 Hash Sharing API: members of our exchange pull our lists and vote on entries.

Owns nothing: it authenticates, reads, asks the lists room and answers in XML, one application
root per list. Promises: what existing clients send and read (docs/reference/hash-exchange.md); a
window that was served gets no more rows; memory of one page, however long the list; whoever may
not use a list learns nothing of it; who took which window is on the ledger. Called by members.
"""
