"""Bundles: many reports of one thing, of which the queue lists one.

Owns bundles and their members. Promises: a report is folded only under one that is like it in
everything that is compared (people, text, files, places, time, signs); nothing with a guard,
an urgent signal or high danger is ever folded; the size of a bundle moves no score. A member
stays a full report: numbered, read, found by number, referred, delivered, counted. The
assessment settles each report's membership; the desk shows bundles and takes members out.
"""
