"""The look of all desks: base page, parts, pictures, keys.

Owns the templates under ``look/``, the style sheet, the keyboard map and the pictures
(server-made SVG), and the small values that pages hand to them (:mod:`.parts`). Promises
that no page needs an inline style or script, that meaning never hangs on colour alone,
that every picture has a title, words and a table, that every text is escaped and
translatable, and that every page works without script. Knows no report, no desk and no
database: the doors call it with plain values; it calls nobody but the foundation.
"""
