"""Decision tables of the gate as people change them.

Owns the versions and acts of gate policies and what a trial adds up. Promises what
:mod:`tipline.ground.publication` promises: two people, tried on history first, taken back by
one act; a version that cannot be read gives way to the shipped table, which opens no more than
the law of :mod:`tipline.record.evidence.gate_policy`. The gate reads the table in force here;
the pipeline, which knows who has which report, tries and publishes.
"""
