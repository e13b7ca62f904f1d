"""The walk through one document, led by the schema table.

It turns nodes into the document's values and notes findings on the way. It never decides
what a finding leads to, and loses nothing: whatever the table has no place for is kept as
text with its path. An absent or unusable value is None throughout.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from tipline.ground.foundation.xml import Node, to_bytes
from tipline.record.reports.reading_attributes import read_attributes, settle
from tipline.record.reports.reading_findings import Findings, Place
from tipline.record.reports.reading_problems import Code
from tipline.record.reports.reading_texts import read_text
from tipline.record.reports.reading_values import XSD_SPACE, is_valid_blank
from tipline.record.reports.schema import Complex, Element, Model, Simple

_LONGEST_FLAG = 100


def walk(root: Node, row: Element, findings: Findings) -> dict[str, Any]:
    """The document of a root element whose name already fits its row."""
    place = Place(row.name, f"/{row.name}", root.line, required=True)
    return _Walk(findings).element(root, row, place) or {}


class _Walk:
    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    # --- elements --------------------------------------------------------------------------

    def element(self, node: Node, row: Element, place: Place) -> Any:
        if isinstance(row.type, Simple):
            read_attributes(node, None, place, self._findings)
            self._unknown_children(node, place)
            return read_text(node.text, row.type, place, self._findings)
        if row.type.value is not None:
            return self._valued(node, row.type, row.type.value, place)
        return self._block(node, row.type, place)

    def _valued(self, node: Node, type_: Complex, value_type: Simple, place: Place) -> Any:
        """A text with attributes: ``{"value": ..., attribute: ...}``."""
        if _is_empty(node) and _asks_for_something(type_):
            self._findings.find(Code.BLANK_BLOCK, place)
            return None
        self._unknown_children(node, place)
        attributes = read_attributes(node, type_, place, self._findings)
        value = read_text(node.text, value_type, place, self._findings)
        if value is not None:
            return {"value": value, **attributes}
        if attributes:
            if not node.text.strip() and is_valid_blank(value_type):
                self._findings.find(Code.BLANK_KEPT, place)
            self._findings.keep(place.path, _as_text(node))
        return None

    def _block(self, node: Node, type_: Complex, place: Place) -> dict[str, Any] | None:
        if _is_empty(node) and type_.children and not place.required:
            if _asks_for_something(type_):
                self._findings.find(Code.BLANK_BLOCK, place)
            return None
        result = read_attributes(node, type_, place, self._findings)
        self._stray_text(node, place)
        self._children(node, type_, place, result)
        settle(result, type_, place, self._findings)
        return result if result or place.required else None

    # --- children --------------------------------------------------------------------------

    def _children(self, node: Node, type_: Complex, place: Place, result: dict[str, Any]) -> None:
        rows = {row.name: (order, row) for order, row in enumerate(type_.children)}
        totals, seen, last = Counter(child.tag for child in node.children), Counter[str](), 0
        for child in node.children:
            seen[child.tag] += 1
            known = rows.get(child.tag)
            numbered = totals[child.tag] > 1 or (known is not None and known[1].repeats)
            step = f"{child.tag}[{seen[child.tag]}]" if numbered else child.tag
            path = f"{place.path}/{step}"
            if known is None:
                self._unknown(child, Place(child.tag, path, child.line), type_, result)
                continue
            order, row = known
            where = _place(row, path, child.line)
            if type_.model is Model.SEQUENCE and order < last:
                self._findings.find(Code.OUT_OF_ORDER, where, after=type_.children[last].name)
            last = max(last, order)
            self._take(child, row, where, result, seen[child.tag])
        self._check_presence(type_, place, seen)

    def _take(
        self, child: Node, row: Element, where: Place, result: dict[str, Any], count: int
    ) -> None:
        """Put one known child where documents have it."""
        if isinstance(row.type, Complex) and row.type.model is Model.CHOICE:
            self._add(result, row.name, self._kinds(child, row.type, where))
        elif count > 1 and not row.repeats:
            self._findings.find(Code.REPEATED, where)
            self._findings.keep(where.path, _as_text(child))
        elif row.repeats:
            if count > 1 and row.most is not None:
                self._findings.find(Code.MANY_KEPT, where)
            value = self.element(child, row, where)
            self._add(result, row.name, [] if value is None else [value])
        else:
            value = self.element(child, row, where)
            if value is not None:
                result[row.name] = value

    @staticmethod
    def _add(result: dict[str, Any], name: str, values: list[Any]) -> None:
        if values:
            result.setdefault(name, []).extend(values)

    def _kinds(self, node: Node, type_: Complex, place: Place) -> list[dict[str, Any]]:
        """``internetDetails``: one entry for each kind of incident inside."""
        read_attributes(node, type_, place, self._findings)
        self._stray_text(node, place)
        made: list[dict[str, Any]] = []
        for child in node.children:
            row, where = type_.child(child.tag), place.child(child.tag, child.line)
            if row is None:
                self._unknown(child, where)
            else:
                path = f"{place.path}/{child.tag}"
                made.append({row.name: self.element(child, row, _place(row, path, child.line))})
        if not made:
            self._findings.find(Code.EMPTY_DETAILS, place)
        if len(made) > 1:
            self._findings.find(Code.SEVERAL_KINDS, place)
        return made

    def _check_presence(self, type_: Complex, place: Place, seen: Counter[str]) -> None:
        for row in type_.children:
            if seen[row.name] < row.least:
                self._findings.find(Code.MISSING_ELEMENT, place.child(row.name))
        chosen = [row.name for row in type_.children if row.choice and seen[row.name]]
        if len(chosen) > 1:
            where = Place(chosen[0], place.path, place.line)
            self._findings.find(Code.EXCLUSIVE, where, other=chosen[1])

    # --- what the table does not know ------------------------------------------------------

    def _unknown(
        self,
        child: Node,
        where: Place,
        type_: Complex | None = None,
        result: dict[str, Any] | None = None,
    ) -> None:
        if type_ is not None and result is not None and type_.open_flags and _is_flag(child):
            self._findings.find(Code.UNKNOWN_FLAG, where)
            result[child.tag] = True
            return
        self._findings.find(Code.UNKNOWN_ELEMENT, where)
        self._findings.keep(where.path, _as_text(child))

    def _unknown_children(self, node: Node, place: Place) -> None:
        for child in node.children:
            self._unknown(child, place.child(child.tag, child.line))

    def _stray_text(self, node: Node, place: Place) -> None:
        if node.text.strip(XSD_SPACE):
            self._findings.find(Code.STRAY_TEXT, place)
            self._findings.keep(f"{place.path}/text()", node.text)


def _place(row: Element, path: str, line: int) -> Place:
    return Place(
        row.name, path, line, required=row.least > 0, length=row.length, empty_ok=row.empty_ok
    )


def _is_empty(node: Node) -> bool:
    return not node.children and not node.attributes and not node.text.strip()


def _asks_for_something(type_: Complex) -> bool:
    """Whether an empty element of this type breaks the schema."""
    children = any(row.least for row in type_.children)
    attributes = any(row.required for row in type_.attributes)
    return children or attributes or bool(type_.either) or type_.model is Model.CHOICE


def _is_flag(node: Node) -> bool:
    plain = not node.children and not node.attributes and not node.tag.startswith("{")
    return plain and len(node.tag) <= _LONGEST_FLAG and node.text.strip() in {"", "true", "1"}


def _as_text(node: Node) -> str:
    return to_bytes(node, declaration=False).decode()
