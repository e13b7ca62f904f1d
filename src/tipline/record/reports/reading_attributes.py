"""Attributes of one element: read, checked for presence, moved to where documents have them.

Newer documentation puts some attributes elsewhere than the schema does. Documents have one
place, the schema's; an attribute whose home is absent stays where it was written.
"""

from __future__ import annotations

from typing import Any, Final

from tipline.ground.foundation.xml import Node
from tipline.record.reports.reading_findings import Findings, Place
from tipline.record.reports.reading_problems import Code
from tipline.record.reports.reading_texts import read_text
from tipline.record.reports.schema import Attribute, Complex, Element

_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
_HINTS: Final = frozenset({f"{_INSTANCE}schemaLocation", f"{_INSTANCE}noNamespaceSchemaLocation"})


def read_attributes(
    node: Node, type_: Complex | None, place: Place, findings: Findings
) -> dict[str, Any]:
    """The attributes by name. ``type_`` None: none is expected. Schema hints are ignored."""
    values: dict[str, Any] = {}
    for name, text in node.attributes.items():
        if name in _HINTS:
            continue
        row = type_.attribute(name) if type_ else None
        where = place.attribute(name)
        if row is None:
            findings.find(Code.UNKNOWN_ATTRIBUTE, where)
            findings.keep(where.path, text)
            continue
        where = Place(name, where.path, where.line, required=row.required, length=row.length)
        value = read_text(text, row.type, where, findings)
        if value is not None:
            values[name] = value
    if type_:
        _check_presence(node, type_, place, findings)
    return values


def _check_presence(node: Node, type_: Complex, place: Place, findings: Findings) -> None:
    wanted = [row.name for row in type_.attributes if row.required]
    present = [name for name in type_.either if name in node.attributes]
    if type_.either and not present:
        wanted.append(type_.either[0])
    if len(present) > 1:
        where = Place(present[0], place.path, place.line)
        findings.find(Code.EXCLUSIVE, where, other=present[1])
    for name in wanted:
        if name not in node.attributes:
            findings.find(Code.MISSING_ATTRIBUTE, place.attribute(name))


def settle(result: dict[str, Any], type_: Complex, place: Place, findings: Findings) -> None:
    """Move what stands in another documented place to where the schema has it, in ``result``."""
    for row in type_.attributes:
        if row.home and not row.home.startswith("../") and row.name in result:
            _move(result, row, place, findings)
    for child in type_.children:
        for row in child.type.attributes if isinstance(child.type, Complex) else ():
            if row.home.startswith("../") and child.name in result:
                _lift(result, child, row, place, findings)


def _move(result: dict[str, Any], row: Attribute, place: Place, findings: Findings) -> None:
    """To the same element under another name, or to a child."""
    block, _, name = row.home.rpartition("@")
    home = result.get(block.rstrip("/")) if block else result
    if not isinstance(home, dict):
        return
    where = Place(f"@{row.name}", place.path, place.line)
    if home.setdefault(name, result[row.name]) == result[row.name]:
        del result[row.name]
        findings.find(Code.OTHER_PLACE, where, home=row.home)
    else:
        findings.find(Code.TWO_PLACES, where, home=row.home)


def _lift(
    result: dict[str, Any], child: Element, row: Attribute, place: Place, findings: Findings
) -> None:
    """To the parent, when all children say the same."""
    name = row.home.removeprefix("../@")
    values = {entry.get(row.name) for entry in result[child.name]}
    if len(values) != 1 or None in values:
        return
    where = Place(f"{child.name}/@{row.name}", place.path, place.line)
    if result.setdefault(name, *values) in values:
        for entry in result[child.name]:
            del entry[row.name]
        findings.find(Code.OTHER_PLACE, where, home=f"@{name}")
    else:
        findings.find(Code.TWO_PLACES, where, home=f"@{name}")
