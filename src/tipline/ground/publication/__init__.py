"""Policies that people change: proposed, tried on history, published by another, taken back.

Owns what the publications of all rooms share: the rules, the shape of their tables, the verbs
and the pages of a trial; the tables and what a policy means belong to each room. Promises: a
version's bytes never change; nobody publishes what they proposed; nothing is published that was
not tried, with these very bytes, against what is in force at that moment; going back is one act
of one person; each act is one, however often and by how many it is asked for.
"""
