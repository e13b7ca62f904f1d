"""CSV: a line as a draft, and an entry as a line. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tipline.insight.lists.files.rules_rows import (
    Row,
    checked,
    instant_of,
    key_of,
    media_of,
    prints_of,
)
from tipline.insight.lists.rules_entries import Draft, Wrong

#: The columns, as they are written; those of the second row are needed by nobody.
COLUMNS: Final = (
    *("md5", "sha1", "sha256", "pdq", "photodna"),
    *("media", "classification", "series", "id", "updated"),
)
_HASHES: Final = COLUMNS[:5]
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def columns_in(header: Sequence[str]) -> dict[int, str]:
    """Which of our columns stands where; unknown ones are absent."""
    found: dict[int, str] = {}
    for place, name in enumerate(header):
        plain = "".join(letter for letter in name.strip().lower() if letter.isalnum())
        if plain in COLUMNS and plain not in found.values():
            found[place] = plain
    return found


def wrong_with_header(header: Sequence[str]) -> list[Wrong]:
    """Empty when the first line names at least one column of hashes."""
    if set(columns_in(header).values()) & set(_HASHES):
        return []
    return [Wrong("header", f"the first line must name one of {', '.join(_HASHES)}")]


def row_of(cells: Sequence[str], columns: Mapping[int, str], line: int, number: int) -> Row:
    told = {name: cells[at].strip() for at, name in columns.items() if at < len(cells)}
    wrong: list[Wrong] = []
    pairs = [(name, told[name]) for name in _HASHES if told.get(name)]
    prints, _unknown = prints_of(pairs, wrong)
    draft = Draft(
        key=told.get("id") or key_of(prints),
        media=media_of(told.get("media", ""), wrong, "media"),
        prints=tuple(prints),
        classification=told.get("classification", ""),
        series=told.get("series") or None,
        told_at=instant_of(told.get("updated", "")),
    )
    if not prints and not wrong:
        wrong.append(Wrong("md5", "is missing, and so is every other hash"))
    return checked(line, number, draft, wrong)


def cells_of(entry: Mapping[str, object]) -> list[str]:
    """One value for each of :data:`COLUMNS`; what a spreadsheet would run is made plain text."""
    return [_safe(str(entry.get(name, ""))) for name in COLUMNS]


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
