"""Lists, their policies and what waits for a person, as the desk shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.forms_lists import CONTENTS, PARTS, TRUSTS
from tipline.doors.portals.desk.shown_listed import agreed_words, headline, list_name
from tipline.doors.portals.look.parts import Fact, Table, Words
from tipline.doors.portals.look.pictures.bars import figure
from tipline.ground.accounts.queries import names_of
from tipline.ground.foundation.actor import Actor, Permission
from tipline.insight.annotation.queries import waiting_for
from tipline.insight.lists.policies import in_force, policies_of
from tipline.insight.lists.queries import policy_versions
from tipline.insight.lists.rules_entries import Content

if TYPE_CHECKING:
    from tipline.insight.lists.models import HashList, Quarantine
    from tipline.insight.lists.rules_policy import ListRules

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class ListRow:
    url: str
    name: str
    kind: str
    content: Words
    live: str
    removed: str
    trust: Words
    state: str


def list_rows(lists: Sequence[HashList]) -> list[ListRow]:
    speaking, policies = in_force(), policies_of(lists)
    return [
        ListRow(
            reverse("desk:list", args=[row.slug]),
            list_name(row),
            _("Our own") if row.kind == "own" else _("Foreign"),
            CONTENTS[Content(row.content)],
            figure(row.live),
            figure(row.removed),
            TRUSTS[policies[row.pk].rules.trust],
            _state(row, speaking=row.pk in speaking),
        )
        for row in lists
    ]


def _state(row: HashList, *, speaking: bool) -> str:
    if not row.active:
        return _("not in use")
    return _("in use") if speaking else _("set aside")


def list_facts(row: HashList) -> tuple[Fact, ...]:
    changed = row.changed_at.isoformat(" ", "seconds") if row.changed_at else _("never")
    return (
        Fact(_("What it holds"), CONTENTS[Content(row.content)]),
        Fact(_("Entries"), figure(row.live)),
        Fact(_("Taken off, kept as tombstones"), figure(row.removed)),
        Fact(_("Last change"), changed),
        Fact(_("State"), _state(row, speaking=row.pk in in_force())),
    )


def policy_facts(version: int, rules: ListRules) -> tuple[Fact, ...]:
    """The policy in words; ``version`` 0 is what a list starts with."""
    never = rules.radius < 0
    near = _("never") if never else _("up to %d of 256 bits") % rules.radius
    flood = _("%(n)d files a day and %(times)d times what is usual") % {
        "n": rules.flood_least,
        "times": rules.flood_times,
    }
    return (
        Fact(_("Trust"), TRUSTS[rules.trust]),
        Fact(_("Part"), PARTS[rules.part]),
        Fact(_("Near by eye"), near),
        Fact(_("The same picture saved again"), _("up to %d bits") % rules.same_within),
        Fact(_("Least quality"), str(rules.quality_floor)),
        Fact(_("Declared fingerprints"), _("match, too") if rules.declared else _("do not match")),
        Fact(_("An entry is set aside from"), flood if rules.flood_least else _("never")),
        Fact(_("Version"), str(version)),
    )


@dataclass(frozen=True, slots=True)
class VersionRow:
    version: int
    at: datetime
    by: str
    facts: tuple[Fact, ...]


def policy_rows(hash_list: HashList) -> list[VersionRow]:
    """Every policy that was in force, the newest first."""
    return [
        VersionRow(
            row.version,
            row.at,
            row.by.name if row.by else _("the command line"),
            policy_facts(row.version, rules),
        )
        for row, rules in policy_versions(hash_list)
    ]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Bytes that wait for more people, for one of those who stand behind them."""

    sha256: str
    words: str
    who: str
    withdraw_url: str
    copies_url: str


def waiting_rows(actor: Actor, row: HashList) -> list[Waiting]:
    """What waits for more people and has the actor's word already, the newest first.

    What waits for theirs is not shown: they are asked blindly (see ``looks``).
    """
    if not row.label:
        return []
    found = waiting_for(row.label, MOST_SHOWN)
    mine = {sha256: people for sha256, people in found.items() if actor.person_id in people}
    names = names_of({person for people in mine.values() for person in people})
    may = actor.may(Permission.LABELS_WRITE)
    return [
        Waiting(
            sha256,
            agreed_words(row.label, len(people)),
            ", ".join(names[one] for one in people),
            reverse("desk:list-withdraw", args=[row.slug, sha256]) if may else "",
            reverse("desk:copies", args=[sha256]),
        )
        for sha256, people in mine.items()
    ]


def others_wait(actor: Actor, row: HashList) -> int:
    """How many contents wait for the words of people other than those who gave theirs."""
    found = waiting_for(row.label, MOST_SHOWN) if row.label else {}
    return sum(actor.person_id not in people for people in found.values())


@dataclass(frozen=True, slots=True)
class SetAside:
    pk: int
    list_name: str
    list_url: str
    entry_url: str
    found: int
    expected: str
    at: datetime


def set_aside_rows(rows: Iterable[Quarantine]) -> list[SetAside]:
    return [
        SetAside(
            row.pk,
            list_name(row.hash_list),
            reverse("desk:list", args=[row.hash_list.slug]),
            reverse("desk:list-entry", args=[row.hash_list.slug, row.entry_id])
            if row.entry_id
            else "",
            row.found,
            figure(round(row.expected, 1)),
            row.at,
        )
        for row in rows
    ]


def recognised_facts(known: int, saved: int) -> tuple[Fact, ...]:
    """``saved``: those of the ``known`` at which nobody had to look to put them on a list."""
    note = _("their very bytes are on a list that is trusted; nobody looks at them as at news")
    less = _("known files, less one look at each content that we put on a list ourselves")
    return (
        Fact(_("Known files"), figure(known), note=note),
        Fact(_("Looks saved"), figure(saved), note=less),
    )


def recognised_table(found: Sequence[tuple[HashList, str, int]]) -> Table:
    """Files by list and layer; a file may stand in several lines."""
    headings = (_("List"), _("Found by"), _("Files"))
    rows = tuple((list_name(row), headline(layer), figure(n)) for row, layer, n in found)
    return Table(headings, rows)
