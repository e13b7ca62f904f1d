"""The one page that names the stages in order.

Owns the order of stages and what has been run for which report. Promises: each stage is
idempotent, keyed by report, stage, version and the digest of its inputs, and can be computed
again; a label, link, opening or outcome re-assesses what it touches. Subscribes to the events
of all rooms below.
"""
