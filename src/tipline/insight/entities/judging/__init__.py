"""What people say of links: an append-only ledger, and what follows from it.

Owns judgements and second looks. Promises: the state of a link follows from the machine's word,
the ledger and nothing else, so that replaying the rows gives the same clusters; a pair told apart
is not asked about again without a new kind of evidence; nothing joins two clusters of which
somebody told two members apart; a large merge counts only after a second person. The link stage
calls ``machine``, doors call ``services`` and ``queries``.
"""
