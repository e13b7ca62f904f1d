"""The report of record: what a reporter asserted, its people, times, clocks and states.

Owns reports, their immutable documents (section A), notes and the schema of the report
document that every door produces. Promises: a document is never edited after receipt; a
state moves by compare-and-set, so finishing twice has one effect; a finished report is
preserved for the time the law names. Intake writes; every room above reads.
"""
