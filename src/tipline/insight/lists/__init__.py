"""Lists of known content: our own, those of others, series, and what files match on them.

Owns lists, their entries with fingerprints, members, votes, series, matches of files and
quarantine. Promises: a change of a list is told once and never before a window that was served
already; tombstones stay for ever; a perceptual match or a declared digest suggests and never
labels; what a list may say is its policy, and each match tells why it holds. Annotation feeds
our own lists, the pipeline matches, the hash exchange and the desks read and vote.
"""
