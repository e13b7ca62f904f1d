"""What in a text may be an identifier. Pure.

Only forms that hardly occur by chance are taken: an address with its provider, a number with
its country, a handle behind the name of its service. Every pattern is bounded, so that no text
costs more than its length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import replace
from typing import Final

from tipline.insight.entities.forms.rules import Found, Origin
from tipline.insight.entities.forms.rules_payment import payment
from tipline.insight.entities.mining.rules_standing import Line, lines
from tipline.record.reports.facts import Identifier, IdentifierKind, Narrative, Role

#: Values taken from one report; a pasted phone book is no statement about a person.
MOST_MINED: Final = 100
#: Characters read of one text. The longest element but a conversation has 3,000.
MOST_READ: Final = 100_000
Kind = IdentifierKind

_SERVICES: Final = (
    "kik|snap(?:chat)?|telegram|discord|whatsapp|wickr|session|skype|instagram|insta|ig|tiktok|"
    "twitter|facebook|fb|messenger|signal|omegle|roblox|steam|psn|xbox|gamertag|yubo|threema"
)
_LABELLED = re.compile(
    rf"\b(?P<label>{_SERVICES}|user ?name|screen ?name|handle|alias)"
    r"(?:[ _](?:id|name|user(?:name)?|handle|account))?"
    r"(?: is)?[ \t]{0,2}[:=][ \t]{0,3}[\"'(]?@?(?P<value>[\w.#-]{3,40})",
    re.IGNORECASE,
)
_URL = re.compile(r"\b(?:https?://|www\.)[^\s<>\"']{4,400}", re.IGNORECASE)
_EMAIL = re.compile(
    r"[A-Z0-9._%+-]{1,64}@(?:[A-Z0-9-]{1,63}\.){1,8}[A-Z]{2,24}\b", re.ASCII | re.IGNORECASE
)
_PHONE = re.compile(r"(?<![\w+])\+\d[\d ().-]{6,20}\d(?!\d)", re.ASCII)
_IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\d)", re.ASCII)
_IPV6 = re.compile(r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE)
_DIGEST = re.compile(r"(?<!\w)(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?!\w)", re.IGNORECASE)
_PAYMENT = re.compile(
    r"(?:https?://)?(?:www\.)?(?:paypal\.me/|paypal\.com/paypalme/|venmo\.com/(?:u/)?|cash\.app/\$)"
    r"[\w.-]{1,40}"
    r"|(?<![\w$])\$[a-z][\w-]{1,19}(?!\w)"
    r"|\b(?:bc1[a-z0-9]{11,71}|[13][1-9A-HJ-NP-Za-km-z]{25,34}|0x[0-9a-fA-F]{40})\b"
    r"|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b",
    re.ASCII | re.IGNORECASE,
)
_PUNCTUATION: Final = ".,;:!?)]}>\"'"
_PATTERNS: tuple[tuple[IdentifierKind, re.Pattern[str]], ...] = (
    (Kind.PAYMENT, _PAYMENT),
    (Kind.URL, _URL),
    (Kind.EMAIL, _EMAIL),
    (Kind.SCREEN_NAME, _LABELLED),
    (Kind.IP, _IPV4),
    (Kind.IP, _IPV6),
    (Kind.PHONE, _PHONE),
    (Kind.FILE_DIGEST, _DIGEST),
)
#: Labels that say what a word is, not at which service.
_NO_SERVICE: Final = frozenset({"username", "screenname", "handle", "alias"})
_SHORT_NAMES: Final = {
    "snap": "snapchat",
    "insta": "instagram",
    "ig": "instagram",
    "fb": "facebook",
}


def mine(narratives: Sequence[Narrative], standing: Container[str]) -> list[Found]:
    """What the texts of a report mention, in their order. ``standing``: digests not to read."""
    found: list[Found] = []
    for narrative in narratives:
        for line in lines(narrative.text[:MOST_READ]):
            if line.digest in standing:
                continue
            found.extend(_mined(narrative, line, one) for one in mentioned(line.text))
            if len(found) >= MOST_MINED:
                return found[:MOST_MINED]
    return found


def _mined(narrative: Narrative, line: Line, one: Identifier) -> Found:
    whose = replace(one, role=narrative.role, path=narrative.path, owner=narrative.owner)
    return Found(whose, Origin.MINED, line.digest)


def mentioned(text: str) -> Iterator[Identifier]:
    """What one line mentions, by where it stands. What one pattern took no other reads again."""
    taken: list[tuple[int, int, Identifier]] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < last and first < end for first, last, _one in taken):
                continue
            raw, scope = _MAKE.get(kind, _plain)(match)
            if raw and len(taken) < MOST_MINED:
                taken.append((start, end, Identifier(kind, raw, Role.INCIDENT, "", scope=scope)))
    for _start, _end, one in sorted(taken, key=lambda each: each[0]):
        yield one


def _plain(match: re.Match[str]) -> tuple[str, str]:
    return match[0].rstrip(_PUNCTUATION), ""


def _payment(match: re.Match[str]) -> tuple[str, str]:
    """Only what its checksum or its address proves; a cash tag by its sign."""
    raw = match[0].rstrip(_PUNCTUATION)
    return (raw if payment(raw).value else ""), ""


def _handle(match: re.Match[str]) -> tuple[str, str]:
    label = match["label"].lower().replace(" ", "")
    value = match["value"].strip(".-#")
    scope = "" if label in _NO_SERVICE else _SHORT_NAMES.get(label, label)
    return (value if len(value) >= 3 else ""), scope


_MAKE: dict[IdentifierKind, Callable[[re.Match[str]], tuple[str, str]]] = {
    Kind.PAYMENT: _payment,
    Kind.SCREEN_NAME: _handle,
}
