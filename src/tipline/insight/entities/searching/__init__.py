"""Searching all reports by one identifier: the same, and what is like it.

Promises: only reports that the actor may see; never more than a fixed number of rows, and it says
when there are more; each search stands on the ledger with its purpose and a keyed digest of what
was asked, never with the value. The desk calls.
"""
