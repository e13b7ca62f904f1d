"""Lists of others for us: pages read, windows followed, entries and votes kept, votes sent.

Written from the reference page of the wire alone, and apart from our own server, so that the two
do not share a mistake. Promises: a pull that is cut off at any point goes on with exactly the
rows that were missing; nothing is held open inside a transaction; no address but the source's
own is ever asked; a secret never reaches a log. Called by the worker, the desks and the command
line.
"""
