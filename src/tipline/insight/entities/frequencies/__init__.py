"""How often each term is seen in the store, frozen: a rare name in common says more than a common.

Owns snapshots and their counts. Promises: a snapshot never changes once it is in force, so that a
score made under it can be made again; it holds digests under a key of its own, and of terms that
one subject alone has nothing at all. The command line freezes; whoever scores asks what is known
of a subject's terms.
"""
