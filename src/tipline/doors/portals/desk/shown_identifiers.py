"""Identifiers of a report's people: in their normal form, as written, and where they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.doors.portals.desk.shown_places import role_words
from tipline.insight.entities.forms.rules import Origin
from tipline.insight.entities.forms.rules_form import Problem
from tipline.insight.entities.searching.rules import ASKED_AS
from tipline.record.reports.facts import IdentifierKind, Role

if TYPE_CHECKING:
    from tipline.insight.entities.models import Identifier

#: Ways of writing one value, and times at which it was seen, that are shown.
_FEW = 3
_ORDER = {role: place for place, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class ShownIdentifier:
    """``value`` is empty where ``problem`` says why there is no normal form. ``may_search``: of a
    kind by which reports are searched.
    """

    pk: int
    may_search: bool
    role: str
    kind: str
    value: str
    problem: str
    written: tuple[str, ...]
    scope: str
    verified: bool | None
    origin: str
    path: str
    seen: tuple[str, ...]


def kind_words(kind: str) -> str:
    """What kind of identifier it is."""
    known = {
        IdentifierKind.EMAIL: _("Email"),
        IdentifierKind.PHONE: _("Phone"),
        IdentifierKind.SCREEN_NAME: _("Screen name"),
        IdentifierKind.DISPLAY_NAME: _("Displayed name"),
        IdentifierKind.ESP_USER_ID: _("User id at the ESP"),
        IdentifierKind.PROFILE_URL: _("Profile address"),
        IdentifierKind.DEVICE_ID: _("Device id"),
        IdentifierKind.IP: _("IP address"),
        IdentifierKind.URL: _("Web address"),
        IdentifierKind.NAME: _("Name"),
        IdentifierKind.ADDRESS: _("Postal address"),
        IdentifierKind.DATE_OF_BIRTH: _("Date of birth"),
        IdentifierKind.GROUP: _("Group"),
        IdentifierKind.FILE_DIGEST: _("Digest of a file"),
        IdentifierKind.PAYMENT: _("Payment handle"),
    }
    return known[IdentifierKind(kind)]


def origin_words(origin: str) -> str:
    """How it came here."""
    known = {
        Origin.ASSERTED: _("reported"),
        Origin.MINED: _("mined from text"),
        Origin.COMPUTED: _("worked out here"),
    }
    return known[Origin(origin)]


def problem_words(problem: str) -> str:
    """Why there is no normal form."""
    known = {
        Problem.EMPTY: _("nothing is left of it"),
        Problem.TOO_LONG: _("too long for its kind"),
        Problem.MALFORMED: _("cannot be read as its kind"),
        Problem.RESERVED: _("reserved: everybody may have it"),
        Problem.DEFAULT: _("1 January, which forms give when nobody says"),
        Problem.AMBIGUOUS: _("day and month cannot be told apart"),
        Problem.INCOMPLETE: _("no house number"),
    }
    return known[Problem(problem)]


def identifiers_context(rows: Sequence[Identifier], most: int) -> dict[str, Any]:
    """The first ``most``, roles apart, the reported person's first; and how many are left."""
    ordered = sorted(rows, key=lambda row: (_ORDER[Role(row.role)], row.kind, row.normal, row.pk))
    return {
        "identifiers": [_shown(row) for row in ordered[:most]],
        "identifiers_left": max(0, len(rows) - most),
    }


def written_of(row: Identifier) -> tuple[str, ...]:
    """The first ways in which a report writes it, and how many more there are."""
    return _few(list(dict.fromkeys(str(one["raw"]) for one in row.sightings)))


def times_of(row: Identifier) -> tuple[str, ...]:
    """The first times at which it was seen, as written, with their ports."""
    return _few(list(dict.fromkeys(filter(None, map(_when, row.sightings)))))


def _shown(row: Identifier) -> ShownIdentifier:
    return ShownIdentifier(
        row.pk,
        IdentifierKind(row.kind) in ASKED_AS,
        role_words(row.role),
        kind_words(row.kind),
        row.normal,
        problem_words(row.problem) if row.problem else "",
        written_of(row),
        row.scope,
        row.verified,
        origin_words(row.origin),
        row.path,
        times_of(row),
    )


def _when(seen: Mapping[str, Any]) -> str:
    """A time as written, and the port beside it: together they name one user of an address."""
    time, port = seen.get("time", {}).get("as_written", ""), seen.get("port")
    if port is None:
        return str(time)
    return _("%(time)s port %(port)s").strip() % {"time": time, "port": port}


def _few(texts: Sequence[str]) -> tuple[str, ...]:
    more = len(texts) - _FEW
    if more <= 0:
        return tuple(texts)
    rest = ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more}
    return (*texts[:_FEW], rest)
