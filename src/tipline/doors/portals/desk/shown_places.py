"""Section B: what the system added. Places with their trust, counts, matches."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.doors.portals.desk.shown_elements import zone_note
from tipline.doors.portals.desk.shown_files import ShownFile
from tipline.doors.portals.look.parts import Fact
from tipline.ground.foundation.reasons import Source
from tipline.ground.places.place import NoPlace, Place
from tipline.ground.places.words import TRUST_WORDS, words_of_no_place, words_of_note
from tipline.ground.taxonomy.words import country_name, state_name
from tipline.insight.enrichment.rules import PlaceEvidence
from tipline.record.reports.facts import Role


def role_words(role: str) -> str:
    """Whom a fact is about."""
    known = {
        Role.SUSPECT: _("reported person"),
        Role.RECIPIENT: _("intended recipient"),
        Role.VICTIM: _("victim"),
        Role.REPORTER: _("reporter"),
        Role.ASSOCIATED: _("associated account"),
        Role.INCIDENT: _("incident"),
        Role.FILE: _("file"),
    }
    return known[Role(role)]


def _kind_words(kind: str) -> str:
    known = {
        "ip": _("IP address"),
        "verified_phone": _("Verified phone number"),
        "phone_prefix": _("Phone number"),
        "address": _("Postal address"),
        "estimated": _("Estimate of the ESP"),
    }
    return known.get(kind, kind)


def place_facts(places: Sequence[PlaceEvidence]) -> tuple[Fact, ...]:
    """Each piece of evidence: what it was read from, where it points, how surely."""
    return tuple(map(_place_fact, places))


def _place_fact(piece: PlaceEvidence) -> Fact:
    heading = _("%(kind)s (%(role)s)") % {
        "kind": _kind_words(piece.kind),
        "role": role_words(piece.role),
    }
    value = piece.value or _("kept sealed")
    if piece.place is None:
        why = str(words_of_no_place(NoPlace(piece.no_place))) if piece.no_place else ""
        return Fact(heading, value, Source.SYSTEM, _("no place: %s") % why)
    trust = _("trust: %s") % TRUST_WORDS[piece.place.trust]
    notes = [value, trust, str(words_of_note(piece.place.note) or ""), _time(piece)]
    return Fact(
        heading, place_words(piece.place), Source.SYSTEM, " · ".join(note for note in notes if note)
    )


def _time(piece: PlaceEvidence) -> str:
    if piece.time is None:
        return ""
    return f"{piece.time.as_written} ({zone_note(piece.time.as_written)})"


def place_words(place: Place) -> str:
    """City, county, state and country in words, the finest first."""
    state = state_name(place.state) if place.state else ""
    parts = (place.city, place.county, state, country_name(place.country))
    return ", ".join(part for part in parts if part)


def count_facts(files: Sequence[ShownFile], links: int) -> tuple[Fact, ...]:
    """How many files came, how many of them were known, how many reports are linked."""
    elsewhere = sum(file.stands_in > 1 for file in files)
    said = ngettext("%(n)d file", "%(n)d files", len(files)) % {"n": len(files)}
    opened = sum(file.open for file in files)
    return (
        Fact(_("Files"), said, Source.SYSTEM, _("%d of them in other reports too") % elsewhere),
        Fact(_("Files that the gate opens to you"), opened, Source.SYSTEM),
        Fact(_("Links that count"), links, Source.SYSTEM),
    )


def match_facts(files: Sequence[ShownFile]) -> tuple[Fact, ...]:
    """The files that were seen before, and where."""
    return tuple(Fact(file.card.name, children=file.matches) for file in files if file.matches)
