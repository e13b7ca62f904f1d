"""Values of a report document on one line: addresses, contacts, captures, flags, times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from tipline.doors.portals.desk.words_elements import element_words
from tipline.doors.portals.look.times import absolute
from tipline.ground.foundation.times import read_time
from tipline.ground.taxonomy.files import FileAnnotation
from tipline.ground.taxonomy.incidents import ReportAnnotation
from tipline.ground.taxonomy.words import label
from tipline.record.reports.facts_people import address_line
from tipline.record.reports.schema import Base, Simple

#: Characters of a text that are shown before it is folded, and of its opening when it is.
LONG_TEXT = 400
OPENING = 160


@dataclass(frozen=True, slots=True)
class Folded:
    """A long text: its opening is shown, the whole on demand."""

    opening: str
    whole: str

    @classmethod
    def of(cls, text: str) -> Folded:
        opening = " ".join(text[: 2 * OPENING].split())[:OPENING]
        return cls(opening if opening == text else f"{opening} …", text)

    def __str__(self) -> str:
        return self.whole


Shown = tuple[object, str]
"""A value for people, and the note that stands small beside it."""


def plain(value: Any, type_: Simple | None = None) -> Shown:
    """One simple value. Booleans are words, times say what is known of their zone."""
    if isinstance(value, bool):
        return (_("yes") if value else _("no")), ""
    text = str(value)
    if type_ is not None and type_.base is Base.DATETIME:
        return text, zone_note(text)
    return (Folded.of(text) if len(text) > LONG_TEXT else text), ""


def zone_note(written: str) -> str:
    """The instant of a written time in words, or why there is none."""
    time = read_time(written)
    if time.instant is not None:
        return absolute(time.instant)
    return _("zone not given") if time.readable else _("cannot be read as a time")


def flag_words(name: str) -> str:
    """The words of a presence flag on a report or a file; an unknown one shows itself."""
    vocabularies: tuple[type[StrEnum], ...] = (FileAnnotation, ReportAnnotation)
    for vocabulary in vocabularies:
        if name in set(vocabulary):
            return str(label(vocabulary(name)))
    return element_words(name)


@dataclass(frozen=True, slots=True)
class Compact:
    """How a small block reads on one line; blocks with other keys are shown in full."""

    keys: frozenset[str]
    show: Callable[[Mapping[str, Any]], Shown]
    label: Callable[[Mapping[str, Any]], str] = lambda _block: ""


def _joined(parts: Iterable[object], between: str = " · ") -> str:
    return between.join(str(part) for part in parts if part not in ("", None))


def _said(block: Mapping[str, Any], *names: str) -> list[str]:
    """The given attributes with their words: "verified: yes"."""
    return [f"{element_words(name)}: {plain(block[name])[0]}" for name in names if name in block]


def _at(block: Mapping[str, Any], name: str = "dateTime") -> str:
    written = str(block.get(name, ""))
    if not written:
        return _("no time given")
    return f"{written} ({zone_note(written)})"


def _contact(block: Mapping[str, Any]) -> Shown:
    names = ("type", "verified", "verificationDate", "countryCallingCode", "extension")
    return str(block.get("value", "")), _joined(_said(block, *names))


def _valued(block: Mapping[str, Any]) -> Shown:
    value, _note = plain(block.get("value", ""))
    return value, _joined(_said(block, *(name for name in block if name != "value")))


def _address(block: Mapping[str, Any]) -> Shown:
    return address_line(block), _joined(_said(block, "type"))


def _capture(block: Mapping[str, Any]) -> Shown:
    port = _("port %(port)s") % {"port": block["port"]} if "port" in block else _("no port")
    proxy = _("possibly a proxy") if block.get("possibleProxy") is True else ""
    note = _joined([port, block.get("eventName", ""), _at(block), proxy])
    return str(block.get("ipAddress", "")), note


def _device(block: Mapping[str, Any]) -> Shown:
    event = block.get("eventName", "")
    time = _at(block) if "dateTime" in block else ""
    return str(block.get("idValue", "")), _joined([block.get("idType", ""), event, time])


def _estimate(block: Mapping[str, Any]) -> Shown:
    parts = [block.get(name, "") for name in ("city", "region", "countryCode")]
    time = _at(block, "timestamp") if "timestamp" in block else ""
    return _joined(parts, ", "), _joined([*_said(block, "verified"), time])


def _pair(block: Mapping[str, Any]) -> Shown:
    return plain(block.get("value", ""))[0], _joined(_said(block, "type"))


_CONTACT = Compact(
    frozenset({"value", "type", "verified", "verificationDate", "countryCallingCode", "extension"}),
    _contact,
)
_DISABLED = Compact(
    frozenset({"value", "disabledDate", "reenabledDate", "userNotified", "userNotifiedDate"}),
    _valued,
)

COMPACT: dict[str, Compact] = {
    "email": _CONTACT,
    "emailAddress": _CONTACT,
    "phone": _CONTACT,
    "phoneNumber": _CONTACT,
    "accountTemporarilyDisabled": _DISABLED,
    "accountPermanentlyDisabled": _DISABLED,
    "platform": Compact(frozenset({"value", "thirdPartyUser"}), _valued),
    "servedLegalProcessInternational": Compact(frozenset({"value", "fleaCountry"}), _valued),
    "originalFileHash": Compact(frozenset({"value", "hashType"}), _valued),
    "address": Compact(
        frozenset({"address", "city", "zipCode", "state", "nonUsaState", "country", "type"}),
        _address,
    ),
    "incidentAddress": Compact(
        frozenset({"address", "city", "zipCode", "state", "nonUsaState", "country", "type"}),
        _address,
    ),
    "ipCaptureEvent": Compact(
        frozenset({"ipAddress", "eventName", "dateTime", "possibleProxy", "port"}), _capture
    ),
    "deviceId": Compact(frozenset({"idType", "idValue", "eventName", "dateTime"}), _device),
    "estimatedLocation": Compact(
        frozenset({"city", "region", "countryCode", "verified", "timestamp"}), _estimate
    ),
    "nameValuePair": Compact(
        frozenset({"name", "value", "type"}), _pair, lambda block: str(block.get("name", ""))
    ),
}
