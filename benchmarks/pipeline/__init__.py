"""`tipline bench pipeline`: from finished to ranked, at what cost, in stores of which size.

Each figure is taken in a store of its own that :mod:`tipline.pipeline.loading` filled, on
SQLite and on PostgreSQL, both durable. The peer of a figure is the same work in a small
store, or without the flood, in the same run.
"""
