"""Linking all history again: after a new model, new keys, or new frequencies.

One pure batch function (:mod:`.rules`), run in this process or by Apache Spark, with the same
answers, which are those of linking each report as it came. A run goes through phases by steps;
each step commits with how far it came, so that a run that was cut off goes on. Judged links stay
as they were judged. See decision 33.
"""
