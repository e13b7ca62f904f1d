"""Getting at the parts of a report document without tripping over what is absent.

A document mirrors the schema: names are keys, what may repeat is a list, simple elements
with attributes are ``{"value": ..., attribute: ...}``. Paths are those of XPath, counted
from 1: ``/report/personOrUserReported[1]/ipCaptureEvent[2]/port``; attributes may be written
with or without ``@``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]

_NOTHING: Document = {}
_STEP = re.compile(r"@?(?P<name>[^\[\]/@]+)(?:\[(?P<number>[1-9][0-9]*)\])?")


def block(document: Document, *names: str) -> Document:
    """The block under these names; an empty one where any of them is absent."""
    for name in names:
        document = document.get(name, _NOTHING)
    return document


def text(document: Document, *names: str) -> str:
    """The text under these names, ``value`` of an object included; empty where absent."""
    found = block(document, *names[:-1]).get(names[-1], "")
    if isinstance(found, Mapping):
        found = found.get("value", "")
    return found if isinstance(found, str) else str(found)


def entries(document: Document, name: str, path: str) -> Iterator[tuple[str, Any]]:
    """The entries of a list with their paths; a single value counts as a list of one."""
    found = document.get(name, [])
    if not isinstance(found, list):
        yield f"{path}/{name}", found
        return
    for number, entry in enumerate(found, 1):
        yield f"{path}/{name}[{number}]", entry


def at(document: Document, path: str) -> Any:
    """What stands at a path of this document; a KeyError where nothing does.

    The first step names the root and is not looked up.
    """
    found: Any = document
    for step in path.strip("/").split("/")[1:]:
        match = _STEP.fullmatch(step)
        if match is None or not isinstance(found, Mapping) or match["name"] not in found:
            raise KeyError(path)
        found = found[match["name"]]
        if match["number"]:
            found = _numbered(found, int(match["number"]), path)
    return found


def _numbered(found: Any, number: int, path: str) -> Any:
    if not isinstance(found, list) or number > len(found):
        raise KeyError(path)
    return found[number - 1]


def without_blanks(value: Any) -> Any:
    """A copy without blank texts, empty blocks and empty lists: what a form gives, as a document.

    An incident kind without content (``{"webPageIncident": {}}``) would vanish, too: add it
    afterwards where the kind alone is worth saying.
    """
    if isinstance(value, Mapping):
        kept = {key: without_blanks(each) for key, each in value.items()}
        return {key: each for key, each in kept.items() if not _is_blank(each)}
    if isinstance(value, list):
        return [each for each in map(without_blanks, value) if not _is_blank(each)]
    return value


def _is_blank(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or value in ({}, [])
