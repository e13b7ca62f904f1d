"""Labels that analysts give to content.

Owns label events, keyed by the digest of the bytes, so that a label follows every exact
copy. Promises: labels are added and withdrawn by new events and never overwritten; a label
never opens the gate for a twin; our own lists follow the statements in the same commit. The
desk writes through here; triage and the desks read.
"""
