"""VICS 2.0 JSON: a media record as a draft, and an entry as a media record. Pure.

Source: reference "domain", section 2 (VICS). Codes of categories differ by dialect and by tool,
so they are kept as they came with their dialect, and never translated.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from tipline.insight.lists.files.rules_rows import (
    Row,
    checked,
    instant_of,
    key_of,
    media_of,
    prints_of,
)
from tipline.insight.lists.rules_entries import Draft, Wrong, can_be_stored

_CONTEXT: Final = "http://github.com/ICMEC/ProjectVic/DataModels/2.0.xml/{}/$metadata#{}"
DIALECTS: Final = ("US", "UK", "CUSTOM")
#: What is kept of a record beside its fingerprints; people, comments and folders are not.
KEPT: Final = (
    "Category",
    "MediaSize",
    "MimeType",
    "VictimIdentified",
    "OffenderIdentified",
    "IsDistributed",
    "IsSuspected",
    "IsPrecategorized",
    "Tags",
)
_LONGEST = 1000
_MOST_OTHERS = 20


def context(dialect: str, shape: str) -> str:
    """The ``@odata.context`` of a file; ``shape``: Media or Cases."""
    return _CONTEXT.format(dialect, shape)


def dialect_of(text: str) -> str:
    """US, UK or CUSTOM, from the context of a file; empty when it names none."""
    return next((one for one in DIALECTS if f"/{one}/" in text), "")


def row_of(record: Any, line: int, number: int, dialect: str, only: Collection[int] = ()) -> Row:
    """One media record. ``only``: the categories that are wanted, all when empty."""
    if not isinstance(record, Mapping):
        return Row(line, number, wrong=(Wrong("Media", "must be an object"),))
    wrong: list[Wrong] = []
    category = _category(record.get("Category"), wrong)
    if only and not wrong and category not in only:
        return Row(line, number, left_out=True)
    prints, others = prints_of(_hashes(record, wrong), wrong, lenient=True)
    extra = _extra(record, dialect, others)
    draft = Draft(
        key=key_of(prints),
        media=media_of(_text(record.get("MimeType")), wrong, "MimeType"),
        prints=tuple(prints),
        classification="" if category is None else f"{dialect or 'VICS'}:{category}",
        series=_text(record.get("Series")) or None,
        told_at=instant_of(record.get("DateUpdated")),
        extra={"vics": extra},
    )
    if not prints and not wrong:
        wrong.append(Wrong("MD5", "is missing, and so is every other hash that is read here"))
    return checked(line, number, draft, wrong)


def record_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry as a media record.

    ``entry``: ``id``, ``media``, ``prints`` (type, value), ``series``, ``changed_at``,
    ``category`` and ``extra`` as they were read.
    """
    told = {name: entry["extra"][name] for name in KEPT if name in entry["extra"]}
    prints: list[tuple[str, str]] = list(entry["prints"])
    values = dict(prints)
    record: dict[str, Any] = {
        "MediaID": entry["id"],
        "Category": entry["category"],
        "MimeType": told.get("MimeType", f"{entry['media']}/*"),
        **told,
    }
    record |= {name: values[kind] for name, kind in _OWN.items() if kind in values}
    if entry["series"]:
        record["Series"] = entry["series"]
    changed: datetime = entry["changed_at"]
    record["DateUpdated"] = changed.strftime("%Y-%m-%dT%H:%M:%SZ")
    record["AlternativeHashes"] = [
        {"HashName": _NAMES[kind], "HashValue": _upper(kind, value)}
        for kind, value in prints
        if kind in _NAMES and values.get(kind) == value
    ]
    return record


_OWN: Final[Mapping[str, str]] = {"MD5": "md5", "SHA1": "sha1"}
_NAMES: Final[Mapping[str, str]] = {"sha256": "SHA256", "pdq": "PDQ", "pdna": "PhotoDNA"}


def _upper(kind: str, value: str) -> str:
    return b64decode(value).hex() if kind == "pdna" else value


def _category(told: Any, wrong: list[Wrong]) -> int | None:
    if told is None:
        return None
    if isinstance(told, bool) or not str(told).isdecimal() or len(str(told)) > 4:
        wrong.append(Wrong("Category", "must be a whole number"))
        return None
    return int(told)


def _hashes(record: Mapping[str, Any], wrong: list[Wrong]) -> Iterable[tuple[str, str]]:
    for name in ("MD5", "SHA1"):
        if value := _text(record.get(name)):
            yield name, value
    others = record.get("AlternativeHashes")
    if others is None:
        return
    if not isinstance(others, list):
        wrong.append(Wrong("AlternativeHashes", "must be a list"))
        return
    for one in others:
        if not isinstance(one, Mapping):
            wrong.append(Wrong("AlternativeHashes", "must hold objects"))
        elif value := _text(one.get("HashValue")):
            yield _text(one.get("HashName")), value


def _extra(
    record: Mapping[str, Any], dialect: str, others: list[tuple[str, str]]
) -> dict[str, Any]:
    kept = {name: record[name] for name in KEPT if _plain(record.get(name))}
    if dialect:
        kept["Dialect"] = dialect
    if others:
        kept["OtherHashes"] = [
            {"HashName": name[:64], "HashValue": value[:_LONGEST]}
            for name, value in others[:_MOST_OTHERS]
            if can_be_stored(name + value)
        ]
    return kept


def _plain(value: Any) -> bool:
    """A value that is kept as it is: a number, yes or no, a short text or some of those."""
    if isinstance(value, list):
        return len(value) <= _LONGEST and all(_plain(one) for one in value)
    if isinstance(value, str):
        return 0 < len(value) <= _LONGEST and can_be_stored(value)
    return isinstance(value, bool | int | float)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
