"""Filling a store in bulk, for tests of size.

A pack of reports goes through the real intake and the real stages. Its rows are then copied,
generation after generation: every account, address and digest of a copy is another one, so
that copies match and link among themselves as the pack does, and never with another
generation. Promises: a generation is, row for row, what intake and stages would have made of
its documents in a store of their own (``tests/pipeline/test_loading.py`` proves it on a
sample). What is not there: the bytes of copied files, their entries in the ledger, jobs.
"""
