"""Lists as files: VICS 2.0 JSON and CSV, read and written as streams.

A file with a wrong entry is refused whole, each problem with its line, unless one asks to skip
what is wrong. The mapping of fields stands in ``docs/reference/vics.md``.
"""
