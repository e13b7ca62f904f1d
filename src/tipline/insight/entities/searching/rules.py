"""What was typed: of which kind it is, its normal form, and values that are nearly it. Pure.

The kind is guessed from the shape alone, so that whoever types need not choose; a guess is offered
with the other kinds that the text could be, and never tried in their place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_network
from typing import Final

from tipline.insight.entities.blocking.rules import keys
from tipline.insight.entities.comparing.rules import Told, compared
from tipline.insight.entities.forms.rules import form_of
from tipline.insight.entities.forms.rules_form import Form, words_of
from tipline.insight.entities.forms.rules_ip import network
from tipline.insight.entities.forms.rules_payment import payment
from tipline.insight.entities.rules_reported import Reported
from tipline.insight.entities.scoring.rules_levels import ELSE
from tipline.insight.entities.scoring.rules_subject import Subject, handle, mail, phone
from tipline.record.reports.facts import Identifier, IdentifierKind, Role

Kind = IdentifierKind

#: Longer texts are no identifier of any kind.
MOST_TEXT: Final = 400
#: Kinds that are kept, by the kind that people ask for: whether a page is a profile, or a name
#: the one at the service or the displayed one, is the reporter's choice of a field.
KEPT_AS: Final[Mapping[Kind, tuple[Kind, ...]]] = {
    Kind.EMAIL: (Kind.EMAIL,),
    Kind.PHONE: (Kind.PHONE,),
    Kind.SCREEN_NAME: (Kind.SCREEN_NAME, Kind.DISPLAY_NAME, Kind.GROUP),
    Kind.ESP_USER_ID: (Kind.ESP_USER_ID,),
    Kind.DEVICE_ID: (Kind.DEVICE_ID,),
    Kind.IP: (Kind.IP,),
    Kind.URL: (Kind.PROFILE_URL, Kind.URL),
    Kind.NAME: (Kind.NAME,),
    Kind.ADDRESS: (Kind.ADDRESS,),
    Kind.DATE_OF_BIRTH: (Kind.DATE_OF_BIRTH,),
    Kind.FILE_DIGEST: (Kind.FILE_DIGEST,),
    Kind.PAYMENT: (Kind.PAYMENT,),
}
#: The kind that is asked for, by the one that is kept.
ASKED_AS: Final[Mapping[Kind, Kind]] = {
    kept: asked for asked, kinds in KEPT_AS.items() for kept in kinds
}
#: Kinds in which what is like an identifier is looked for by its loose keys.
ALIKE: Final[Mapping[Kind, tuple[Kind, ...]]] = {
    Kind.EMAIL: (Kind.EMAIL, Kind.SCREEN_NAME),
    Kind.SCREEN_NAME: (Kind.SCREEN_NAME, Kind.EMAIL),
    Kind.PHONE: (Kind.PHONE,),
}
#: The level of a value that is the same in its normal form.
SAME: Final = "same"
SAME_NETWORK: Final = "same_network"

_DIGEST = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}", re.ASCII | re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./ -]\d{1,2}[./ -]\d{4}", re.ASCII)
_PHONE = re.compile(r"\+?[\d\s()./-]{7,30}", re.ASCII)
_PAGE = re.compile(r"[a-z][a-z0-9+.-]*://\S+|www\.\S+|[^\s/@]+\.[a-z]{2,}/\S*", re.IGNORECASE)
_DEVICE = re.compile(
    r"\d{15}|[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}|(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}",
    re.ASCII | re.IGNORECASE,
)
_ACCOUNT = re.compile(r"\d{5,}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """A text of a kind. ``form``: its normal form, or why there is none."""

    kind: Kind
    text: str
    form: Form


def kinds_of(text: str) -> tuple[Kind, ...]:
    """The kinds that the text may be, likeliest first; never empty."""
    bare = text.strip()
    found = [kind for kind, fits in _FITS if fits(bare)]
    anything = (Kind.SCREEN_NAME, Kind.ESP_USER_ID)
    return tuple(dict.fromkeys((*found, *anything)))


def asked(kind: Kind, text: str) -> Asked:
    """The text read as this kind. Never raises."""
    one = Identifier(kind, text, Role.INCIDENT, "")
    return Asked(kind, text, form_of(one, ""))


def variants(one: Asked) -> frozenset[str]:
    """Values that are nearly this one, where these can be written down one by one.

    Phone numbers a digit apart or without their country, dates with day and month swapped or a
    digit apart, the other addresses of an IPv4 network: 300 at most.
    """
    make = _VARIANTS.get(one.kind)
    made = frozenset(make(one.form.value)) if make and one.form.value else frozenset[str]()
    return made - {one.form.value}


def loose_keys(one: Asked) -> tuple[str, ...]:
    """The keys under which reported persons with something like it are found; see ``blocking``.

    Those of reports and those of a sender's trials. Empty for kinds without looser forms.
    """
    value = one.form.value
    if not value or one.kind not in ALIKE:
        return ()
    whole = _SUBJECT_OF[one.kind](value)
    found = (keys(Reported(whole, whole), test=test).all for test in (False, True))
    return tuple(dict.fromkeys(key for some in found for key in some))


_SUBJECT_OF: Final[Mapping[Kind, Callable[[str], Subject]]] = {
    Kind.EMAIL: lambda value: Subject(mails=(mail(value),)),
    Kind.SCREEN_NAME: lambda value: Subject(handles=(handle(value),)),
    Kind.PHONE: lambda value: Subject(phones=(phone(value),)),
}


def likeness(one: Asked, kept: Kind, value: str) -> tuple[str, str]:
    """The comparison and its level for a value in normal form; empty where they are not alike.

    The levels are those of the scorer, so that a search and a link say the same; ``same`` where
    the normal forms are equal, and ``same_network`` for addresses, which carry no time here.
    """
    own = one.form.value
    if not own:
        return _NOT
    if own == value and ASKED_AS[kept] is one.kind:
        return one.kind.value, SAME
    if (one.kind, kept) == (Kind.IP, Kind.IP):
        return ("ip", SAME_NETWORK) if network(own) == network(value) else _NOT
    comparison, level = compared(
        Told(0, one.kind, one.form.scope, own), Told(0, ASKED_AS[kept], "", value)
    )
    return (comparison, level) if level != ELSE else _NOT


_NOT: Final = ("", ELSE)


def _phones(value: str) -> Iterator[str]:
    """A digit apart; and, of an international one, what is left without a calling code."""
    yield from _digit_apart(value)
    if value.startswith("+"):
        yield from (value[cut:] for cut in (1, 2, 3, 4) if len(value) - cut >= 9)


def _dates(value: str) -> Iterator[str]:
    year, month, day = value.split("-")
    yield f"{year}-{day}-{month}"
    yield from _digit_apart(value)


def _digit_apart(value: str) -> Iterator[str]:
    for place, sign in enumerate(value):
        if sign.isdecimal():
            yield from (f"{value[:place]}{other}{value[place + 1 :]}" for other in "0123456789")


def _neighbours(value: str) -> Iterator[str]:
    if ":" not in value:
        whole = ip_network(network(value))
        yield from (str(IPv4Address(int(whole[0]) + n)) for n in range(256))


_VARIANTS: Final[Mapping[Kind, Callable[[str], Iterator[str]]]] = {
    Kind.PHONE: _phones,
    Kind.DATE_OF_BIRTH: _dates,
    Kind.IP: _neighbours,
}


def _reads(kind: Kind) -> Callable[[str], bool]:
    return lambda text: bool(asked(kind, text).form.value)


def _is_name(text: str) -> bool:
    parts = text.split()
    return 2 <= len(parts) <= 5 and not any(c.isdigit() or c in "@_" for c in text)


def _is_postal(text: str) -> bool:
    words = words_of(text)
    return len(words) >= 3 and any(c.isdigit() for c in words[0]) and any(map(str.isalpha, words))


_FITS: Final[tuple[tuple[Kind, Callable[[str], bool]], ...]] = (
    (Kind.IP, _reads(Kind.IP)),
    (Kind.EMAIL, lambda text: "@" in text and _reads(Kind.EMAIL)(text)),
    (Kind.FILE_DIGEST, lambda text: bool(_DIGEST.fullmatch(text))),
    (Kind.DATE_OF_BIRTH, lambda text: bool(_DATE.fullmatch(text))),
    (Kind.PAYMENT, lambda text: bool(payment(text).value)),
    (Kind.URL, lambda text: bool(_PAGE.fullmatch(text)) and _reads(Kind.URL)(text)),
    (Kind.DEVICE_ID, lambda text: bool(_DEVICE.fullmatch(text))),
    (
        Kind.PHONE,
        lambda text: bool(_PHONE.fullmatch(text)) and 7 <= sum(c.isdecimal() for c in text) <= 15,
    ),
    (Kind.ESP_USER_ID, lambda text: bool(_ACCOUNT.fullmatch(text))),
    (Kind.ADDRESS, _is_postal),
    (Kind.NAME, _is_name),
)
