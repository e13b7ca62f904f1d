"""A cluster of reports: who is tied to whom by what, when what happened, what is known of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tipline.delivery.cases.tips import open_cases_with
from tipline.doors.portals.desk.shown_identifiers import kind_words, written_of
from tipline.doors.portals.desk.shown_labels import label_words
from tipline.doors.portals.desk.shown_links import state_words
from tipline.doors.portals.desk.shown_reasons import reasons_of
from tipline.doors.portals.look.parts import Event, Node, Tie, Words
from tipline.doors.portals.look.signs import BANDS, band_sign
from tipline.ground.foundation.actor import Actor
from tipline.ground.foundation.reasons import words
from tipline.insight.annotation.looks.queries import held_by
from tipline.insight.annotation.queries import standings
from tipline.insight.entities.comparing.queries import MOST_AMONG, subjects_among
from tipline.insight.entities.judging.queries import Cluster
from tipline.insight.entities.judging.queries_seconds import hidden_from
from tipline.insight.triage.queue import entries_of
from tipline.record.reports.facts import IdentifierKind, Role
from tipline.record.reports.queries import reports_for

if TYPE_CHECKING:
    from tipline.insight.entities.models import Identifier, Link
    from tipline.insight.triage.models import QueueEntry
    from tipline.record.reports.models import Report

#: Reports that the two pictures draw, those nearest to the one that was asked for.
MOST_DRAWN: Final = 24
#: Events that the picture of times draws.
MOST_EVENTS: Final = 300
#: Values and files that are listed, those of most reports first.
MOST_LISTED: Final = 100
_STYLES: Final[Mapping[str, str]] = {
    "automatic": "automatic",
    "confirmed": "confirmed",
    "proposed": "proposed",
    "waiting": "other",
    "unsure": "other",
}
_EVENTS: Final[Mapping[str, Words]] = {
    "upload": gettext_lazy("upload"),
    "login": gettext_lazy("log-in"),
    "registration": gettext_lazy("registration"),
    "purchase": gettext_lazy("purchase"),
    "detection": gettext_lazy("detection"),
    "viewing": gettext_lazy("viewing"),
}


@dataclass(frozen=True, slots=True)
class Member:
    """One report of the cluster. ``band`` and ``place`` are empty before it is ranked."""

    number: int
    url: str
    band: str
    sender: str
    filed: datetime | None
    place: str
    done: bool
    here: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A value or a file of the cluster, and in which of its reports it stands."""

    kind: str
    written: tuple[str, ...]
    scope: str
    numbers: tuple[int, ...]
    labels: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownTie:
    """A link between two members, counted or not, as a row below the picture."""

    number: int
    url: str
    low: int
    high: int
    state: str
    what: str
    bridge: bool


def cluster_context(actor: Actor, cluster: Cluster) -> dict[str, Any]:
    """All that the page shows; as many reads for large clusters as for small ones."""
    entries = entries_of(cluster.members)
    rows = subjects_among(cluster.members)
    reports = {row.pk: row for row in reports_for(actor).filter(pk__in=cluster.members)}
    order = _nearest_first(cluster)
    members = [
        _member(reports[number], entries.get(number), cluster.number)
        for number in order
        if number in reports
    ]
    drawn = [one.number for one in members[:MOST_DRAWN]]
    numbered = list(enumerate(_told(cluster.links, hidden_from(actor)), 1))
    return {
        "number": cluster.number,
        "cluster": cluster,
        "members": members,
        "nodes": [_node(one) for one in members[:MOST_DRAWN]],
        "tied": [_tie(n, link, drawn, cluster) for n, link in numbered if _both(link, drawn)],
        "undrawn": len(members) - len(drawn),
        "ties": [_shown_tie(n, link, cluster) for n, link in numbered],
        "event_rows": [str(number) for number in drawn],
        "events": _events(drawn, reports, rows),
        "accounts": _held(row for row in rows if row.kind != IdentifierKind.FILE_DIGEST),
        "files": _files(actor, rows),
        "places": _places(members),
        "cases": open_cases_with(cluster.members),
        "apart": [(link.low_id, link.high_id) for link in cluster.apart],
        "cut": len(rows) == MOST_AMONG,
        "most": MOST_LISTED,
    }


def _nearest_first(cluster: Cluster) -> list[int]:
    """The members in the order in which links that count lead to them."""
    beside: dict[int, set[int]] = defaultdict(set)
    for link in cluster.links:
        if link.state in ("automatic", "confirmed"):
            beside[link.low_id].add(link.high_id)
            beside[link.high_id].add(link.low_id)
    order = [cluster.number]
    known = set(order)
    for number in order:
        new = sorted(beside[number] - known)
        order += new
        known.update(new)
    return [*order, *sorted(set(cluster.members) - known)]


def _member(report: Report, entry: QueueEntry | None, here: int) -> Member:
    return Member(
        report.pk,
        reverse("desk:report", args=[report.pk]),
        tuple(BANDS)[entry.band_rank] if entry else "",
        report.sender.name if report.sender else "",
        report.ended_at,
        entry.place if entry else "",
        entry is not None and entry.done_at is not None,
        report.pk == here,
    )


def _node(one: Member) -> Node:
    sign = f"{band_sign(one.band).word} {band_sign(one.band).shape}" if one.band else ""
    note = " · ".join(filter(None, [sign, one.sender or _("the public"), one.place]))
    return Node(str(one.number), note)


def _told(links: Sequence[Link], hidden: frozenset[int]) -> list[Link]:
    """Links that count first, then what waits; what nobody is asked about is left out.

    Without those at which this person has a blind look, unless these count.
    """
    shown = [
        link
        for link in links
        if link.state in (*_STYLES, "rejected")
        and (link.pk not in hidden or link.state == "automatic")
    ]
    places = [*_STYLES, "rejected"]
    return sorted(shown, key=lambda link: (places.index(link.state), link.low_id, link.high_id))


def _both(link: Link, drawn: Sequence[int]) -> bool:
    return link.state in _STYLES and link.low_id in drawn and link.high_id in drawn


def _tie(number: int, link: Link, drawn: Sequence[int], cluster: Cluster) -> Tie:
    low, high = sorted((drawn.index(link.low_id), drawn.index(link.high_id)))
    bridge = link.pk in cluster.bridges
    return Tie(low, high, _STYLES[link.state], number, _what(link), bridge=bridge)


def _shown_tie(number: int, link: Link, cluster: Cluster) -> ShownTie:
    return ShownTie(
        number,
        reverse("desk:link", args=[link.pk]),
        link.low_id,
        link.high_id,
        state_words(link.state),
        _what(link),
        link.pk in cluster.bridges,
    )


def _what(link: Link) -> str:
    """What ties the two: the reasons that raise, the strongest first, without their numbers."""
    reasons = sorted(reasons_of(link.reasons), key=lambda reason: -reason.points)
    why = [reason for reason in reasons if reason.points > 0] or reasons
    return "; ".join(words(reason) for reason in why[:3])


def _events(
    drawn: Sequence[int], reports: Mapping[int, Report], rows: Sequence[Identifier]
) -> list[Event]:
    """When each report was filed, and every event of it whose zone is known."""
    place = {number: n for n, number in enumerate(drawn)}
    found = [
        Event(place[number], filed, _("filed"), strong=True)
        for number in drawn
        if (filed := reports[number].ended_at) is not None
    ]
    seen = {
        (place[row.report_id], at, _event_words(each))
        for row in rows
        if row.report_id in place
        for each in row.sightings
        if (at := _instant(each))
    }
    later = [Event(*one) for one in sorted(seen)]
    return [*found, *later[: MOST_EVENTS - len(found)]]


def _instant(sighting: Mapping[str, Any]) -> datetime | None:
    written = sighting.get("time", {}).get("instant")
    return datetime.fromisoformat(written) if written else None


def _event_words(sighting: Mapping[str, Any]) -> str:
    kind = str(sighting.get("time", {}).get("kind", ""))
    what = str(_EVENTS.get(kind, _("event")))
    return f"{what}, {sighting['raw']}"


def _held(rows: Iterable[Identifier]) -> list[Held]:
    """Values, those of most reports first."""
    by_value: dict[tuple[str, str, str], list[Identifier]] = defaultdict(list)
    for row in rows:
        by_value[row.kind, row.scope, row.normal].append(row)
    found = [
        Held(
            kind_words(kind),
            written_of(same[0]),
            scope,
            tuple(sorted({row.report_id for row in same})),
        )
        for (kind, scope, _normal), same in by_value.items()
    ]
    ordered = sorted(found, key=lambda one: (-len(one.numbers), one.kind, one.written))
    return ordered[:MOST_LISTED]


def _files(actor: Actor, rows: Iterable[Identifier]) -> list[Held]:
    """Digests with their labels: no picture, and no labels of what is looked at blindly."""
    by_digest: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row.role == Role.FILE and row.scope == "sha256":
            by_digest[row.normal].add(row.report_id)
    ordered = sorted(by_digest, key=lambda sha256: (-len(by_digest[sha256]), sha256))[:MOST_LISTED]
    said = standings(set(ordered) - held_by(actor))
    return [
        Held(
            "",
            (sha256,),
            "",
            tuple(sorted(by_digest[sha256])),
            tuple(label_words(code) for code in sorted(said[sha256].labels))
            if sha256 in said
            else (),
        )
        for sha256 in ordered
    ]


def _places(members: Iterable[Member]) -> list[tuple[str, list[int]]]:
    by_place: dict[str, list[int]] = defaultdict(list)
    for one in members:
        if one.place:
            by_place[one.place].append(one.number)
    return sorted(by_place.items(), key=lambda item: (-len(item[1]), item[0]))
