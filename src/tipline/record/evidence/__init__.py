"""Files: the vault, their digests, the legal gate and what it opened.

Owns received files, their details, openings and the gate. Promises: the bytes that arrived
are kept unchanged, sealed under a key of their report, never in plain on a disk, with MD5,
SHA-1 and SHA-256 taken in the same pass; nobody, our analysts included, gets pixels or EXIF
that the gate blocks. Intake writes; matching, annotation and the desks read through here.
"""
