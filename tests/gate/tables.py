"""Made-up decision tables of the gate."""

from __future__ import annotations

from tipline.record.evidence.publication.queries import shipped_text

#: Rows of the shipped United States table, by what stands in their heading.
PUBLIC = 'when = { publicly_available = ["yes"], counsel_enabled_public = ["yes"] }'


def table(version: str = "1", name: str = "made-up", without: tuple[str, ...] = ()) -> bytes:
    """The shipped table under another name, without some of its rules."""
    head, *rows = shipped_text().split("[[rows]]")
    kept = [row for row in rows if not any(f'rule = "{rule}"' in row for rule in without)]
    body = "[[rows]]".join(["", *kept]) if kept else "rows = []\n"
    text = head + body
    text = text.replace('name = "gate-us"', f'name = "{name}"', 1)
    return text.replace('version = "2026.2"', f'version = "{version}"', 1).encode()
