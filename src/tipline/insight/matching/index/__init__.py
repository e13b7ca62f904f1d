"""An exact index over hashes of 256 bits: everything within 31 bits, nothing missed.

One engine for several tables: a *feed* tells which rows there are (``table.TableFeed`` for a
table of Django's), an ``index.Index`` answers for it from files below ``TIPLINE_HOME/index/``
and from what came since. How it works: ``docs/explanation/the-index.md``.

    near = Index("contents", TableFeed(Fingerprint, "value", Q(quality__gte=50)))
    near.search(value)              # [(key, distance)], nearest first
    near.search_each(values, 20)    # several at once: the database is asked once

Promises: what is committed is found by the next search of any process; a file that is missing
or damaged makes a search slower, never wrong. Keys are primary keys that the table's own
sequence gave out, and a row keeps its hash as long as it lives. A row that was deleted or that
no longer counts may still be named: the caller looks rows up by their keys anyway. Numbers
(numpy) are loaded with the first search, not before.
"""
