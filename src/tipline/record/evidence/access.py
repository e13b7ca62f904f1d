"""The legal gate, asked for a named actor about a file of record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tipline.ground.accounts.profiles import AgencyFacts, EspFacts
from tipline.ground.accounts.queries import agency_facts, esp_facts, house_actors
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM, Actor, OrganisationKind
from tipline.ground.places.states import circuit_of
from tipline.record.evidence import gate
from tipline.record.evidence.gate_policy import GatePolicy, Match
from tipline.record.evidence.models import EvidenceFile, OpeningFile
from tipline.record.evidence.papers.rules import state_of
from tipline.record.evidence.publication.queries import in_force
from tipline.record.evidence.queries import details_of, openings_of
from tipline.record.reports.facts import file_facts


def policy() -> GatePolicy:
    """The table in force: one small query each time."""
    return in_force()


def decisions(
    actor: Actor, files: Sequence[EvidenceFile], known: frozenset[str] = frozenset()
) -> dict[int, gate.GateDecision]:
    """What the gate says to this actor, per file key, each by the profile of its own report.

    ``known``: digests that our own analysts have labelled as known material; a match is not
    a viewing, it only names the rule and, for agencies whose counsel allows it, confirms.
    """
    if not files:
        return {}
    table = policy()
    asked = inputs_of(actor, files, known=known)
    return {key: gate.decide(inputs, table) for key, inputs in asked.items()}


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of files, by file key, and every paper that names one of them."""

    details: Mapping[int, Mapping[str, Any]]
    openings: tuple[gate.Opening, ...]


def said_of(
    files: Sequence[EvidenceFile], details: Mapping[int, Mapping[str, Any]] | None = None
) -> Said:
    """Read what the gate needs of these files; ``details`` where they were read already."""
    told = details_of(files) if details is None else details
    return Said(told, _openings(openings_of(files)))


def inputs_of(
    actor: Actor,
    files: Sequence[EvidenceFile],
    *,
    known: frozenset[str] = frozenset(),
    said: Said | None = None,
) -> dict[int, gate.GateInputs]:
    """All that the gate looks at, per file key, each by the profile of its own report."""
    held = said_of(files) if said is None else said
    reports = {file.report_id: file.report for file in files}
    profiles = {number: esp_facts(report.profile) for number, report in reports.items()}
    asker = _Asker(actor, _profile(actor))
    return {
        file.pk: asker.inputs(
            file,
            held.details.get(file.pk, {}),
            profiles[file.report_id],
            held.openings,
            Match.EXACT if file.sha256 in known else Match.NONE,
        )
        for file in files
    }


def decisions_for_house(files: Sequence[EvidenceFile]) -> dict[int, gate.GateDecision]:
    """What the gate says to our own analysts, what was opened to the house included."""
    return decisions_of_house(house(), files, details_of(files), policy()) if files else {}


def house() -> list[Actor]:
    """For whom the gate is asked what our own analysts may see."""
    return house_actors() or [SYSTEM]


def decisions_of_house(
    actors: Sequence[Actor],
    files: Sequence[EvidenceFile],
    details: Mapping[int, Mapping[str, Any]],
    table: GatePolicy,
) -> dict[int, gate.GateDecision]:
    """The same for who has read all this but the openings: they are read each time."""
    if not files:
        return {}
    said = said_of(files, details)
    asked = [
        {
            key: gate.decide(inputs, table)
            for key, inputs in inputs_of(actor, files, said=said).items()
        }
        for actor in actors
    ]
    return {
        file.pk: next((said[file.pk] for said in asked if said[file.pk].open), asked[0][file.pk])
        for file in files
    }


def _profile(actor: Actor) -> AgencyFacts:
    """What the asker's own counsel allows; our own house has no counsel's switches."""
    if actor.organisation_kind is OrganisationKind.AGENCY:
        return agency_facts(actor.organisation_key)
    return AgencyFacts()


@dataclass(frozen=True, slots=True)
class _Asker:
    actor: Actor
    profile: AgencyFacts

    def inputs(
        self,
        file: EvidenceFile,
        details: Mapping[str, Any],
        esp: EspFacts,
        openings: tuple[gate.Opening, ...],
        match: Match,
    ) -> gate.GateInputs:
        """The gate's own inputs, gathered in one place."""
        facts = file_facts(details)
        is_agency = self.actor.organisation_kind is OrganisationKind.AGENCY
        return gate.GateInputs(
            file=file.file_id,
            viewer=gate.Viewer.AGENCY if is_agency else gate.Viewer.CLEARINGHOUSE,
            organisation=str(self.actor.organisation_id or ""),
            now=clock.now(),
            viewed_by_esp=facts.viewed,
            viewed_means=gate.ViewedMeans(esp.viewed_means),
            exif_viewed=facts.exif_viewed,
            publicly_available=facts.public,
            counsel_enabled_public=self.profile.public_opens,
            match=match,
            circuit=_circuit(self.profile),
            allow_hash_confirm=self.profile.allow_hash_confirm,
            receives_and_assesses=self.profile.receives_and_assesses,
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
        state=state_of(opening.state, opening.ended_at is not None),
        files=frozenset(row.file.file_id for row in rows),
        holder=str(opening.holder_id),
        valid_from=opening.valid_from,
        valid_until=opening.valid_until,
        approved_by=opening.approved_by
        if opening.kind == gate.OpeningKind.EXIGENCY
        else opening.approved_by or opening.issuer,
        paper=opening.pk,
    )
