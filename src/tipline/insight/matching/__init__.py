"""Fingerprints of files and what they match: exactly, and near by eye.

Owns fingerprints and file matches. Promises: a fingerprint belongs to a content digest and a
hasher version, so the same bytes are looked at once; a near match suggests and never labels;
pictures are decoded in a limited child process only. A stranger to entities. The pipeline
calls the services; annotation, triage and the desks read.
"""
