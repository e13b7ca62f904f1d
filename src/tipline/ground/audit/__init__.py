"""The ledger: who did what to which thing, for which purpose, and when.

Owns entries, their seals and the signed checkpoints. Promises: an entry commits with the
change it records and is never edited; one sealer chains entries within a second; `verify`
finds an edited, removed, inserted or swapped entry, and with a head that was kept elsewhere
a cut tail as well. Entries hold ids, verbs, digests and purposes, never personal values.
Every service that changes or reveals something calls :func:`services.record`.
"""
