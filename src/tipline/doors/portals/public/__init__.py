"""The public form: anyone reports without an account, one question a page.

Owns the pages under ``/report/``. Promises: it works without script; a visitor who leaves
before sending leaves nothing with us (answers travel from page to page in a field that only
this server can open, for two hours); no cookie but the one against forged forms; no address
of a visitor is kept; a help line and a quick exit stand on every page; a double click makes
one report. What is sent is the same report document that every other door makes, filed in
one transaction. Who reports is never shown to a desk by this portal.
"""
