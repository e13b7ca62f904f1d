"""Section A: what the reporter sent, walked element by element, nothing left out.

The walk follows the data and takes only the order from the schema, so that parts which no
schema knows are shown too. People stand apart by role; long texts and a company's standing
text are folded; a time is shown as it was written, with the instant beside it when its zone
is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from tipline.doors.portals.desk.shown_elements import COMPACT, Folded, flag_words, plain
from tipline.doors.portals.desk.words_elements import element_words
from tipline.doors.portals.look.parts import Fact, Words
from tipline.ground.foundation.reasons import Source
from tipline.insight.entities.mining.rules_standing import standing_parts
from tipline.record.reports.schema import FILE_DETAILS, REPORT, Complex, Element, Simple

MOST_ENTRIES = 100
_STANDING_TEXT = frozenset({"companyTemplate", "termsOfService"})
_UNRECOGNISED = "unrecognised"


@dataclass(frozen=True, slots=True)
class Group:
    """A part of section A with its heading: the incident, one person, the reporter."""

    heading: Words
    facts: tuple[Fact, ...]


@dataclass(slots=True)
class Walk:
    """One walk through a document. ``most`` bounds each list; ``left_out`` counts the rest.

    ``standing``: digests of lines that are the sender's standing text.
    """

    most: int = MOST_ENTRIES
    source: Source = Source.REPORTER
    standing: frozenset[str] = frozenset()
    left_out: int = field(default=0, init=False)

    def block(self, block: Mapping[str, Any], type_: Complex | None) -> tuple[Fact, ...]:
        """The facts of one block, in the schema's order, unknown parts last."""
        return tuple(
            fact
            for name in _ordered(block, type_)
            for fact in self.entries(name, block[name], type_)
        )

    def entries(self, name: str, value: Any, parent: Complex | None) -> Iterator[Fact]:
        """One fact for an element, or one for each entry of a list."""
        words, type_ = element_words(name), _type_of(parent, name)
        if not isinstance(value, list):
            yield self._fact(name, words, value, type_)
            return
        self.left_out += max(0, len(value) - self.most)
        for number, entry in enumerate(value[: self.most], 1):
            label = f"{words} {number}" if len(value) > 1 else words
            yield self._fact(name, label, entry, type_)

    def _fact(self, name: str, label: str, value: Any, type_: Simple | Complex | None) -> Fact:
        if isinstance(value, Mapping):
            return self._of_mapping(name, label, value, type_)
        shown, note = plain(value, type_ if isinstance(type_, Simple) else None)
        if name in _STANDING_TEXT and shown:
            shown = Folded.of(str(shown))
        if self.standing and isinstance(value, str):
            own, fixed = standing_parts(value, self.standing)
            if fixed:
                return self._with_standing(label, own, fixed)
        return Fact(label, shown, self.source, note)

    def _with_standing(self, label: str, own: str, fixed: str) -> Fact:
        """What is said of this report; below it, folded, what the sender says in many."""
        below = Fact(_("Standing text of this sender"), Folded.of(fixed), self.source)
        said = own or _("nothing but standing text")
        return Fact(label, said, self.source, children=(below,))

    def _of_mapping(
        self, name: str, label: str, value: Mapping[str, Any], type_: Simple | Complex | None
    ) -> Fact:
        compact = COMPACT.get(name)
        if compact is not None and set(value) <= compact.keys:
            shown, note = compact.show(value)
            return Fact(compact.label(value) or label, shown, self.source, note)
        if value and all(each is True for each in value.values()):
            return Fact(label, ", ".join(map(flag_words, value)), self.source)
        known = type_ if isinstance(type_, Complex) else None
        return Fact(
            label, "" if value else _("given, but empty"), children=self.block(value, known)
        )


def _ordered(block: Mapping[str, Any], type_: Complex | None) -> list[str]:
    known = [row.name for row in type_.children] if type_ else []
    known += [attribute.name for attribute in type_.attributes] if type_ else []
    place = {name: number for number, name in enumerate(known)}
    return sorted(block, key=lambda name: place.get(name, len(place)))


def _type_of(parent: Complex | None, name: str) -> Simple | Complex | None:
    if parent is None:
        return None
    row = parent.child(name) or parent.attribute(name)
    return row.type if row else None


def section_a(document: Mapping[str, Any], walk: Walk) -> list[Group]:
    """Everything that was reported, group by group."""
    groups = [
        _group(_("Incident"), walk, document, ("incidentSummary", "batchedReport")),
        _group(_("Where it happened"), walk, document, ("internetDetails",)),
        *_people(_("Reported person"), walk, document, "personOrUserReported"),
        *_people(_("Intended recipient"), walk, document, "intendedRecipient"),
        *_people(_("Victim"), walk, document, "victim"),
        _group(_("Police"), walk, document, ("lawEnforcement",)),
        Group(_("Reporter"), reporter_facts(document, walk)),
        Group(_("Said besides"), walk.block(_rest(document), _REPORT)),
        unrecognised(document),
    ]
    return [group for group in groups if group.facts]


def reporter_facts(document: Mapping[str, Any], walk: Walk) -> tuple[Fact, ...]:
    """Who reported, as far as this document says it."""
    return _group("", walk, document, ("reporter",)).facts


def _complex(row: Element) -> Complex:
    if not isinstance(row.type, Complex):
        raise TypeError(row.name)
    return row.type


_REPORT = _complex(REPORT)
_FILE = _complex(FILE_DETAILS)
_GROUPED = frozenset(
    {
        "incidentSummary",
        "batchedReport",
        "internetDetails",
        "personOrUserReported",
        "intendedRecipient",
        "victim",
        "lawEnforcement",
        "reporter",
        _UNRECOGNISED,
    }
)


def _rest(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in _GROUPED}


def _group(heading: Words, walk: Walk, document: Mapping[str, Any], names: Sequence[str]) -> Group:
    """The elements of these names as one group, without a level of their own."""
    facts: list[Fact] = []
    for name in names:
        for block in _blocks(document.get(name)):
            facts += walk.block(block, _as_complex(_type_of(_REPORT, name)))
    return Group(heading, tuple(facts))


def _people(heading: str, walk: Walk, document: Mapping[str, Any], name: str) -> Iterator[Group]:
    """One group a person or account: roles never merge on the page either."""
    people = _blocks(document.get(name))
    type_ = _as_complex(_type_of(_REPORT, name))
    walk.left_out += max(0, len(people) - walk.most)
    for number, block in enumerate(people[: walk.most], 1):
        facts = walk.block(block, type_) or (Fact(_("Given, but empty"), source=walk.source),)
        yield Group(f"{heading} {number}" if len(people) > 1 else heading, facts)


def _blocks(value: Any) -> list[Mapping[str, Any]]:
    found = value if isinstance(value, list) else [value]
    return [block for block in found if isinstance(block, Mapping)]


def _as_complex(type_: Simple | Complex | None) -> Complex | None:
    return type_ if isinstance(type_, Complex) else None


def unrecognised(document: Mapping[str, Any]) -> Group:
    """What the sender wrote where the schema has no place: kept as it was."""
    parts = document.get(_UNRECOGNISED, ())
    facts = [
        Fact(str(part.get("path", "")), Folded.of(str(part.get("xml", ""))), Source.REPORTER)
        for part in parts
        if isinstance(part, Mapping)
    ]
    return Group(_("Not recognised, kept as sent"), tuple(facts))


def warning_facts(warnings: Sequence[Mapping[str, Any]]) -> tuple[Fact, ...]:
    """What was odd about a document when it was read."""
    return tuple(
        Fact(
            str(warning.get("path") or warning.get("code", "")),
            str(warning.get("message", "")),
            Source.SYSTEM,
            str(warning.get("fix", "")),
        )
        for warning in warnings
    )


#: What the card of a file says already, and what stands in a place of its own.
_ON_THE_CARD = frozenset(
    {"reportId", "fileId", "fileViewedByEsp", "exifViewedByEsp", "publiclyAvailable", _UNRECOGNISED}
)


def file_facts(details: Mapping[str, Any], walk: Walk) -> tuple[Fact, ...]:
    """What the reporter says of one file, apart from the flags that stand on its card."""
    said = {name: value for name, value in details.items() if name not in _ON_THE_CARD}
    return (*walk.block(said, _FILE), *unrecognised(details).facts)
