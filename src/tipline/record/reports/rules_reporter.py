"""Who a member of the public is, set apart from what they told. Pure (DESIGN, idea 9).

What the schema's ``reporter`` block says of people leaves the document before it is stored;
the document keeps which elements were given, under ``reporter/sealed``, by the person's
element: ``{"reportingPerson": ["firstName", "email"]}``. Without that key the reporter said
nothing of themselves. What somebody writes of themselves in free text stays where it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tipline.record.reports.document import Document, block
from tipline.record.reports.schema_shared import PERSON

SEALED: Final = "sealed"
#: A company's words, and what was sealed before. Whatever else stands there is a person's.
_LEFT: Final = frozenset({"companyTemplate", "termsOfService", "legalURL", SEALED})
_ORDER: Final = {row.name: place for place, row in enumerate(PERSON.children)}
_ABOUT_PEOPLE: Final = "/report/reporter/"
_SET_APART: Final = "Sealed together with the reporter."


@dataclass(frozen=True, slots=True)
class SetApart:
    """``document`` has no value that says who reported; ``identity`` has all of them.

    ``identity``: the ``reporter`` block's own elements; empty when nothing was said.
    """

    document: dict[str, Any]
    identity: dict[str, Any]


def set_apart(document: Document) -> SetApart:
    """Take a member of the public out of a report document. A second time changes nothing."""
    reporter = block(document, "reporter")
    identity = {name: part for name, part in reporter.items() if name not in _LEFT and _says(part)}
    left = {name: part for name, part in reporter.items() if name in _LEFT}
    left["reportingPerson"] = {}  # required by the schema even when nothing is said
    if identity:
        left[SEALED] = {name: _names(part) for name, part in identity.items()}
    return SetApart({**document, "reporter": left}, identity)


def put_back(document: Document, identity: Mapping[str, Any]) -> dict[str, Any]:
    """The document as it was told, from the two parts of :func:`set_apart`."""
    reporter = {name: part for name, part in block(document, "reporter").items() if name != SEALED}
    return {**document, "reporter": {**reporter, **identity}}


def without_reporter(document: Document) -> dict[str, Any]:
    """The document for those who may know nothing of who reported."""
    return {name: part for name, part in document.items() if name != "reporter"}


def sealed_parts(document: Document) -> dict[str, list[str]]:
    """The names of what was sealed, by person; empty when nothing was."""
    return dict(block(document, "reporter", SEALED))


def without_quotes(warnings: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What was odd about a document, without words that may quote the reporter's values."""
    return [
        {**each, "message": _SET_APART, "fix": ""}
        if str(each.get("path", "")).startswith(_ABOUT_PEOPLE) and _is_inside(each["path"])
        else dict(each)
        for each in warnings
    ]


def _is_inside(path: str) -> bool:
    """Below a person, not the person itself: that one lacks something is no value of theirs."""
    return "/" in path.removeprefix(_ABOUT_PEOPLE)


def _says(part: Any) -> bool:
    """Whether anything is in there: a name, however deep, or a number."""
    if isinstance(part, Mapping):
        return any(map(_says, part.values()))
    if isinstance(part, list):
        return any(map(_says, part))
    return part is not None and part != ""


def _names(part: Any) -> list[str]:
    """What is said of a person, in the schema's order: a database may keep keys in another."""
    if not isinstance(part, Mapping):
        return []
    said = [name for name, each in part.items() if _says(each)]
    return sorted(said, key=lambda name: (_ORDER.get(name, len(_ORDER)), name))
