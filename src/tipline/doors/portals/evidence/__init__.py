"""The evidence origin: a host name that hands out evidence bytes and nothing else.

Owns what answers at ``TIPLINE_EVIDENCE_URL``. Promises: no cookie is read or set, no page and
no API answers; bytes come for a pass only, which is signed, ends soon and works once; the
legal gate is asked again at that moment; a picture is made anew and loads in our own pages
only, an original is an attachment; nothing is kept by a browser. Desks make the passes.
"""
