"""Harmless files: generated shapes, synthetic transcripts, video-like bytes, empty files.

Owns what bytes a file spec stands for. Promises: the same spec gives the same bytes; nothing
is drawn before it is asked for; no picture shows anything but shapes.
"""
