"""The legal gate, asked for a named actor about a file of record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from tipline.ground.accounts.profiles import AgencyFacts, EspFacts
from tipline.ground.accounts.queries import agency_facts, esp_facts, house_actors
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM, Actor, OrganisationKind
from tipline.ground.places.states import circuit_of
from tipline.record.evidence import gate
from tipline.record.evidence.gate_policy import GatePolicy, Match, default_policy
from tipline.record.evidence.models import EvidenceFile, OpeningFile
from tipline.record.evidence.queries import details_of, openings_of
from tipline.record.reports.facts import file_facts


@lru_cache(maxsize=1)
def policy() -> GatePolicy:
    return default_policy()


def decisions(
    actor: Actor, files: Sequence[EvidenceFile], known: frozenset[str] = frozenset()
) -> dict[int, gate.GateDecision]:
    """What the gate says to this actor, per file key, each by the profile of its own report.

    ``known``: digests that our own analysts have labelled as known material; a match is not
    a viewing, it only names the rule and, for agencies whose counsel allows it, confirms.
    """
    if not files:
        return {}
    openings = _openings(openings_of(files))
    return _decisions(actor, files, known, details_of(files), openings)


def _decisions(
    actor: Actor,
    files: Sequence[EvidenceFile],
    known: frozenset[str],
    details: Mapping[int, Mapping[str, Any]],
    openings: tuple[gate.Opening, ...],
) -> dict[int, gate.GateDecision]:
    reports = {file.report_id: file.report for file in files}
    profiles = {number: esp_facts(report.profile) for number, report in reports.items()}
    agency = _agency(actor)
    return {
        file.pk: gate.decide(
            _inputs(
                actor,
                file,
                details.get(file.pk, {}),
                profiles[file.report_id],
                agency,
                openings,
                known,
            ),
            policy(),
        )
        for file in files
    }


def decisions_for_house(files: Sequence[EvidenceFile]) -> dict[int, gate.GateDecision]:
    """What the gate says to our own analysts, what was opened to the house included."""
    return decisions_of_house(house(), files, details_of(files)) if files else {}


def house() -> list[Actor]:
    """For whom the gate is asked what our own analysts may see."""
    return house_actors() or [SYSTEM]


def decisions_of_house(
    actors: Sequence[Actor],
    files: Sequence[EvidenceFile],
    details: Mapping[int, Mapping[str, Any]],
) -> dict[int, gate.GateDecision]:
    """The same for who has read :func:`house` and what is said of the files; openings are read."""
    if not files:
        return {}
    openings = _openings(openings_of(files))
    asked = [_decisions(actor, files, frozenset(), details, openings) for actor in actors]
    return {
        file.pk: next((said[file.pk] for said in asked if said[file.pk].open), asked[0][file.pk])
        for file in files
    }


def _agency(actor: Actor) -> AgencyFacts:
    if actor.organisation_kind is OrganisationKind.AGENCY:
        return agency_facts(actor.organisation_key)
    return AgencyFacts()


def _inputs(  # noqa: PLR0917 - the gate's own inputs, gathered in one place
    actor: Actor,
    file: EvidenceFile,
    details: Mapping[str, Any],
    esp: EspFacts,
    agency: AgencyFacts,
    openings: tuple[gate.Opening, ...],
    known: frozenset[str],
) -> gate.GateInputs:
    facts = file_facts(details)
    is_agency = actor.organisation_kind is OrganisationKind.AGENCY
    return gate.GateInputs(
        file=file.file_id,
        viewer=gate.Viewer.AGENCY if is_agency else gate.Viewer.CLEARINGHOUSE,
        organisation=str(actor.organisation_id or ""),
        now=clock.now(),
        viewed_by_esp=facts.viewed,
        viewed_means=gate.ViewedMeans(esp.viewed_means),
        exif_viewed=facts.exif_viewed,
        publicly_available=facts.public,
        counsel_enabled_public=agency.public_opens,
        match=Match.EXACT if file.sha256 in known else Match.NONE,
        circuit=_circuit(agency),
        allow_hash_confirm=agency.allow_hash_confirm,
        openings=openings,
    )


def _circuit(agency: AgencyFacts) -> str | None:
    """The circuit of all of an agency's areas; one that lies in several, or in none, has none."""
    circuits = {
        circuit_of(area.removeprefix("US-")) if area.startswith("US-") else None
        for area in agency.areas
    }
    return circuits.pop() if len(circuits) == 1 else None


def _openings(rows: Sequence[OpeningFile]) -> tuple[gate.Opening, ...]:
    named: dict[int, list[OpeningFile]] = {}
    for row in rows:
        named.setdefault(row.opening_id, []).append(row)
    return tuple(_opening(group) for group in named.values())


def _opening(rows: Sequence[OpeningFile]) -> gate.Opening:
    opening = rows[0].opening
    return gate.Opening(
        kind=gate.OpeningKind(opening.kind),
        state=gate.OpeningState.REVOKED if opening.ended_at else gate.OpeningState.GRANTED,
        files=frozenset(row.file.file_id for row in rows),
        holder=str(opening.holder_id),
        valid_from=opening.valid_from,
        valid_until=opening.valid_until,
        approved_by=opening.approved_by
        if opening.kind == gate.OpeningKind.EXIGENCY
        else opening.approved_by or opening.issuer,
    )
