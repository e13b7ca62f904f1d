"""The analysts' desk: the queue, the report, files and links, calls, the books.

Owns the pages under ``/desk/`` for analysts and supervisors. Promises: each fact says who
asserted it; bytes are shown only where the legal gate opens, small, grey and blurred, after
a person asked with a reason; every action is a plain form that works without script and can
be undone where the rooms below let it be; the number of queries does not grow with rows.
Views are split by noun; ``shown_*`` turns what the rooms say into parts of the look.
"""
