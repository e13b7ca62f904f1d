"""How likely two subjects are one person, in bits: a sum of reasons.

One pure function, :func:`.rules.score`, on plain values, driven by a versioned model file
(``link_models/``). Used unchanged by ingest and by batches. It decides nothing: what is done with a
score is policy and a person's judgement. See decision 30.
"""
