"""Writing: a report document into XML, and the two answers of the ESP API.

The XML follows the schema's order whatever the document's. It is valid where the document
is complete; what a document keeps beyond the schema's places (``unrecognised``, the names of
what was sealed) is not written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tipline.ground.foundation.xml import Node, element, to_bytes
from tipline.record.reports.rules_reporter import SEALED
from tipline.record.reports.schema import (
    FILE_DETAILS,
    REPORT,
    Complex,
    Element,
    Simple,
)

_BESIDE_THE_SCHEMA = frozenset({"unrecognised", SEALED})


def report_xml(document: Mapping[str, Any]) -> bytes:
    """The ``report`` as UTF-8 XML. A key that the schema has no place for is a ValueError."""
    return to_bytes(_element(document, REPORT, "/report"))


def file_details_xml(document: Mapping[str, Any]) -> bytes:
    """The ``fileDetails`` as UTF-8 XML. A key without a place is a ValueError."""
    return to_bytes(_element(document, FILE_DETAILS, "/fileDetails"))


def report_response(
    code: int,
    description: str,
    *,
    report_id: int | None = None,
    file_id: str = "",
    digest: str = "",
) -> bytes:
    """``reportResponse``. Known clients read it strictly in this order.

    ``description`` may not be empty (one client takes an empty one for missing). Give
    ``report_id`` always, 0 where unknown; None leaves it out, as ``/status`` does.
    """
    rows = [_text("responseCode", code), _text("responseDescription", description or "-")]
    if report_id is not None:
        rows.append(_text("reportId", report_id))
    rows += [_text(name, value) for name, value in (("fileId", file_id), ("hash", digest)) if value]
    return to_bytes(element("reportResponse", *rows))


def report_done_response(
    code: int, *, report_id: int = 0, file_ids: Sequence[str] = (), description: str = ""
) -> bytes:
    """``reportDoneResponse``, also for errors: a ``description`` goes last, where all clients
    ignore or use it although the schema has none.
    """
    files = element("files", *(_text("fileId", file_id) for file_id in file_ids))
    rows = [_text("responseCode", code), _text("reportId", report_id), files]
    if description:
        rows.append(_text("responseDescription", description))
    return to_bytes(element("reportDoneResponse", *rows))


def _text(name: str, value: object, attributes: Mapping[str, str] | None = None) -> Node:
    return element(name, text=_as_text(value), attributes=attributes)


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _element(value: Any, row: Element, path: str) -> Node:
    type_ = row.type
    if isinstance(type_, Simple):
        return element(row.name) if type_.flag else _text(row.name, value)
    if type_.value is not None:
        given = {key: each for key, each in value.items() if key != "value"}
        attributes = _attributes(given, type_)
        _refuse_unknown(given.keys() - attributes.keys(), path)
        return _text(row.name, value["value"], attributes)
    return _block(value, row.name, type_, path)


def _block(document: Mapping[str, Any], name: str, type_: Complex, path: str) -> Node:
    children = [node for row in type_.children for node in _rows(document.get(row.name), row, path)]
    attributes = _attributes(document, type_)
    known = {row.name for row in type_.children} | attributes.keys() | _BESIDE_THE_SCHEMA
    unknown = document.keys() - known
    if type_.open_flags:
        children += [element(flag) for flag in document if flag in unknown]
    else:
        _refuse_unknown(unknown, path)
    return element(name, *children, attributes=attributes)


def _rows(value: Any, row: Element, path: str) -> Iterator[Node]:
    """The nodes of one row: none, one, or one for each entry of a list."""
    if value is None or (value is False and isinstance(row.type, Simple) and row.type.flag):
        return
    if not row.repeats:
        yield _element(value, row, f"{path}/{row.name}")
        return
    for number, each in enumerate(value, 1):
        yield _element(each, row, f"{path}/{row.name}[{number}]")


def _attributes(values: Mapping[str, Any], type_: Complex) -> dict[str, str]:
    return {row.name: _as_text(values[row.name]) for row in type_.attributes if row.name in values}


def _refuse_unknown(names: set[str], path: str) -> None:
    if names:
        raise ValueError(f"{path} has no place for {', '.join(sorted(names))}")
