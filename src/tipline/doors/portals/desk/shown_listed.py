"""What lists say of a file: how far it is on its way to ours, and which lists it matches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.doors.portals.desk.shown_reasons import sentences
from tipline.doors.portals.look.parts import Words
from tipline.ground.foundation.actor import Actor, Permission
from tipline.insight.annotation.looks.queries import held_by
from tipline.insight.annotation.queries import agreeing_on
from tipline.insight.annotation.rules import PEOPLE_NEEDED
from tipline.insight.lists.explained import Explained, explained
from tipline.insight.lists.own import OWN, WORDS
from tipline.insight.lists.rules_match import Layer
from tipline.insight.lists.verdicts import reasons_for

if TYPE_CHECKING:
    from tipline.insight.lists.models import HashList
    from tipline.record.evidence.models import EvidenceFile


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    words: Words


@dataclass(frozen=True, slots=True)
class ShownMatch:
    """One match in words, with what may be said of it; addresses are empty for who may not."""

    pk: int
    headline: str
    list_name: str
    entry_url: str
    why: str
    confirm_url: str
    deny_url: str
    denied: bool
    confirmed: bool
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """All of one file; ``hidden_words`` say how many near matches are not shown, and why."""

    own: tuple[str, ...] = ()
    matches: tuple[ShownMatch, ...] = ()
    hidden_words: str = ""
    hidden: tuple[ShownMatch, ...] = ()


def listed(actor: Actor, files: Sequence[EvidenceFile]) -> dict[int, Listed]:
    """By file key, for every file. Of what the actor looks at blindly, nothing of ours."""
    held = held_by(actor)
    digests = {file.sha256 for file in files} - held
    agreed = {one.label: agreeing_on(digests, one.label) for one in OWN}
    found = explained(files) if actor.may(Permission.LISTS_READ) else {}
    return {
        file.pk: _listed(
            actor,
            file,
            _own(actor, file, agreed),
            [one for one in found.get(file.pk, []) if not (file.sha256 in held and _ours(one))],
        )
        for file in files
    }


def _ours(one: Explained) -> bool:
    return one.match.entry.hash_list.kind == "own"


def agreed_words(code: str, people: int) -> str:
    """How far content is on its way to the list that a label feeds."""
    name = next(one.words for one in OWN if one.label == code)
    if people >= PEOPLE_NEEDED:
        return _("On our own list, %(list)s: %(n)d people agree.") % {"list": name, "n": people}
    said = _("On its way to our own list, %(list)s: %(n)d of %(of)d people.")
    return said % {"list": name, "n": people, "of": PEOPLE_NEEDED}


def list_name(hash_list: HashList) -> str:
    """Its name; that of one of ours in the reader's language."""
    return str(WORDS.get(hash_list.slug, hash_list.name))


def _own(
    actor: Actor, file: EvidenceFile, agreed: Mapping[str, Mapping[str, Sequence[int]]]
) -> tuple[str, ...]:
    """How far it is on its way to our lists; before it is there, for those who gave their word."""
    return tuple(
        agreed_words(code, len(people))
        for code, by_digest in agreed.items()
        if (people := by_digest.get(file.sha256, ())) and may_see_votes(actor, people)
    )


def may_see_votes(actor: Actor, people: Sequence[int]) -> bool:
    """Whoever may still be asked blindly sees no vote before they have given theirs."""
    asked = actor.may(Permission.LABELS_WRITE) and len(people) < PEOPLE_NEEDED
    return not asked or actor.person_id in people


def _listed(
    actor: Actor, file: EvidenceFile, own: tuple[str, ...], found: Iterable[Explained]
) -> Listed:
    shown = [(one.hidden, _match(actor, file, one)) for one in found]
    hidden = tuple(match for away, match in shown if away)
    words = ngettext(
        "%d list match by appearance is not shown: the file is on a list of harmless content.",
        "%d list matches by appearance are not shown: the file is on a list of harmless content.",
        len(hidden),
    )
    return Listed(
        own=own,
        matches=tuple(match for away, match in shown if not away),
        hidden_words=words % len(hidden) if hidden else "",
        hidden=hidden,
    )


def _match(actor: Actor, file: EvidenceFile, one: Explained) -> ShownMatch:
    may = actor.may(Permission.MATCHES_JUDGE)
    place = [file.report_id, one.match.pk]
    verdict = one.stands.verdict
    hash_list = one.match.entry.hash_list
    return ShownMatch(
        pk=one.match.pk,
        headline=headline(one.match.layer),
        list_name=list_name(hash_list),
        entry_url=reverse("desk:list-entry", args=[hash_list.slug, one.match.entry_id]),
        why=sentences(one.reasons),
        confirm_url=reverse("desk:match-confirm", args=place) if may else "",
        deny_url=reverse("desk:match-deny", args=place) if may else "",
        denied=one.stands.denied,
        confirmed=verdict is not None and verdict.right,
        choices=tuple(Choice(*pair) for pair in deny_choices(one).items()) if may else (),
    )


def deny_choices(one: Explained) -> dict[str, Words]:
    """Why a match is wrong, in words, by what is stored."""
    ours = {
        "other_content": _("Another picture or video"),
        "not_of_this_list": _("The same, but it does not belong on this list"),
        "too_plain": _("Too plain to tell apart"),
    }
    return {value: ours.get(value, name) for value, name in reasons_for(one.match).items()}


def headline(layer: str) -> str:
    """How a match was found, in two words."""
    known = {
        Layer.DIGEST: _("Same bytes"),
        Layer.DECLARED: _("Declared"),
        Layer.PDQ: _("Looks alike"),
    }
    return known[Layer(layer)]
