"""Our own XML Schema, derived from the table; what ``GET /ispws/xsd`` serves.

It is the strict form: it accepts and refuses what the published schema does. Where schema
and newer documentation differ (API table 8) it takes the documentation's form besides the
schema's, so that a client which follows either is valid:

=====================================  =====================================================
topic                                  this schema
=====================================  =====================================================
``fleaCountry``                        both places: on ``servedLegalProcessInternational``
                                       and on ``lawEnforcement``
kind of associated account             ``type`` or ``accountType``, exactly one of them
``thirdPartyUser``                     both places: on ``platform`` and ``associatedAccount``
metadata ``type``                      both places: on ``details`` and on ``nameValuePair``
``personOrUserReported``               any number, as the schema
``ageAssertionDiscrepancy``            accepted after ``age`` and after ``approximateAge``
report annotations                     the schema's five and the three newer ones; other
                                       flags are invalid here and kept by the tolerant reader
``fileName``, bare ``potentialMeme``   accepted, as the schema
several ``ipCaptureEvent`` in a file   invalid, as the schema; the tolerant reader keeps all
=====================================  =====================================================

Documented limits (length, range) are stated in the annotations and not enforced here,
because the published schema enforces none.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby

from tipline.ground.foundation.xml import Node, element, to_bytes
from tipline.record.reports.schema import (
    ROOTS,
    Attribute,
    Complex,
    Element,
    Simple,
)

_XS = "http://www.w3.org/2001/XMLSchema"


@cache
def schema_document() -> bytes:
    """The schema as UTF-8, always the same bytes."""
    return to_bytes(_schema(), indent=True, prefixes={"xs": _XS})


def _xs(kind: str, /, *children: Node | None, text: str = "", **attributes: str) -> Node:
    present = tuple(child for child in children if child is not None)
    return element(f"{{{_XS}}}{kind}", *present, text=text, attributes=attributes)


def _schema() -> Node:
    complexes: dict[str, Complex] = {}
    simples: dict[str, Simple] = {}
    for root in ROOTS:
        _collect(root, complexes, simples)
    return _xs(
        "schema",
        _note("Reports of online child sexual exploitation: what providers send and receive."),
        *(_element(root) for root in ROOTS),
        *(_complex(type_, name) for name, type_ in sorted(complexes.items())),
        *(_simple(type_) for _, type_ in sorted(simples.items())),
        elementFormDefault="qualified",
    )


def _collect(row: Element, complexes: dict[str, Complex], simples: dict[str, Simple]) -> None:
    """Gather the named types that this row and everything below it use."""
    type_ = row.type
    if isinstance(type_, Simple):
        simples.update({type_.name: type_} if type_.name else {})
        return
    complexes.update({type_.name: type_} if type_.name else {})
    for attribute in type_.attributes:
        if attribute.type.name:
            simples[attribute.type.name] = attribute.type
    for child in type_.children:
        _collect(child, complexes, simples)


# --- one row -------------------------------------------------------------------------------


def _element(row: Element, owner: str = "") -> Node:
    """``owner`` is the element that holds this row; empty for a root."""
    type_ = row.type
    attributes = {"name": row.name} | (_occurs(row) if owner else {})
    note = _note(_about(row))
    if isinstance(type_, Simple):
        fixed = {"fixed": "true"} if type_.flag else {}
        return _xs("element", note, **attributes, type=_name(type_), **fixed)
    key = _either(f"{owner}-{row.name}", type_) if type_.either else None
    if type_.name:
        return _xs("element", note, key, **attributes, type=type_.name)
    return _xs("element", note, _complex(type_, row.name), key, **attributes)


def _occurs(row: Element) -> dict[str, str]:
    least = {} if row.least == 1 else {"minOccurs": str(row.least)}
    most = {"maxOccurs": "unbounded"} if row.most is None else {}
    return least | most


def _either(name: str, type_: Complex) -> Node:
    """Exactly one of these attributes: a key over the element itself."""
    fields = "|".join(f"@{attribute}" for attribute in type_.either)
    return _xs(
        "key",
        _xs("selector", xpath="."),
        _xs("field", xpath=fields),
        name=f"{name}-{'-or-'.join(type_.either)}",
    )


# --- types ---------------------------------------------------------------------------------


def _complex(type_: Complex, owner: str) -> Node:
    named = {"name": type_.name} if type_.name else {}
    attributes = [_attribute(each) for each in type_.attributes]
    if type_.value is not None:
        extension = _xs("extension", *attributes, base=_name(type_.value))
        return _xs("complexType", _xs("simpleContent", extension), **named)
    content = _xs(type_.model.value, *_rows(type_, owner)) if type_.children else None
    return _xs("complexType", content, *attributes, **named)


def _rows(type_: Complex, owner: str) -> Iterator[Node]:
    """The rows in order; neighbours of which only one may stand become a choice."""
    for choice, rows in groupby(type_.children, key=lambda row: row.choice):
        made = [_element(row, owner) for row in rows]
        yield from [_xs("choice", *made)] if choice else made


def _attribute(attribute: Attribute) -> Node:
    use = {"use": "required"} if attribute.required else {}
    note = _note(_limits(attribute.length, attribute.type, newer=attribute.newer))
    return _xs("attribute", note, name=attribute.name, type=_name(attribute.type), **use)


def _simple(type_: Simple) -> Node:
    values = [_xs("enumeration", value=value) for value in type_.values]
    pattern = [_xs("pattern", value=type_.pattern)] if type_.pattern else []
    restriction = _xs("restriction", *values, *pattern, base=type_.base.value)
    return _xs("simpleType", restriction, name=type_.name)


def _name(type_: Simple) -> str:
    return type_.name or type_.base.value


# --- annotations ---------------------------------------------------------------------------

_ABOUT = {
    "report": "One report. Children stand in the order given here.",
    "incidentSummary": "What kind of incident, and when.",
    "escalateToHighPriority": "Why a child may be in immediate danger. Any text escalates the "
    "report; leave the element out otherwise.",
    "reportAnnotations": "Flags: present means yes.",
    "incidentDateTime": "When it happened, with a time zone; not in the future.",
    "internetDetails": "Where it happened: exactly one kind in each.",
    "lawEnforcement": "When police already know of the incident, or asked for the report.",
    "reporter": "Who reports, and whom to call.",
    "reportingPerson": "Give at least one email address.",
    "contactPerson": "Whom police should call, when that is not the reporting person.",
    "companyTemplate": "Standing text of the company, the same in every report.",
    "personOrUserReported": "Who is suspected. One, unless the report is batched.",
    "intendedRecipient": "To whom it was sent.",
    "victim": "The child, as far as known.",
    "allEmailsReported": "True when no further address exists. Absent is not false.",
    "thirdPartyUserReported": "True when the reporter holds nothing further on this user.",
    "priorCTReports": "Numbers of earlier reports on the same person.",
    "batchedReport": "Several otherwise separate reports about the same viral material.",
    "ipCaptureEvent": "The address, and when it was seen; add the port where addresses are shared.",
    "fileDetails": "What is known about one uploaded file.",
    "fileViewedByEsp": "True when staff viewed the entire content of this very upload before "
    "reporting it.",
    "exifViewedByEsp": "True only together with fileViewedByEsp.",
    "publiclyAvailable": "True when the entire content was open to users online.",
    "fileAnnotations": "Flags: present means yes.",
    "originalFileHash": "Digest of the file as the user uploaded it.",
    "reportResponse": "Answer to every request except the one that finishes a report.",
    "reportDoneResponse": "Answer to the request that finishes a report.",
}


def _about(row: Element) -> str:
    simple = row.type if isinstance(row.type, Simple) else None
    limits = _limits(row.length, simple, newer=row.newer, older=row.older)
    return " ".join(filter(None, (_ABOUT.get(row.name, ""), limits)))


def _limits(
    length: int | None, type_: Simple | None, *, newer: bool = False, older: bool = False
) -> str:
    words = []
    if length is not None:
        words.append(f"At most {length} characters.")
    if type_ is not None and type_.low is not None and type_.high is not None:
        words.append(f"From {type_.low:g} to {type_.high:g}.")
    if newer:
        words.append("From newer documentation.")
    if older:
        words.append("No longer documented.")
    return " ".join(words)


def _note(text: str) -> Node | None:
    return _xs("annotation", _xs("documentation", text=text)) if text else None
