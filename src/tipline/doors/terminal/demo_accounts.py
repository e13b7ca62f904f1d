"""The organisations and people of the demo: fictional ESPs, agencies, personas."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from simulator.wire.connections import Credential
from simulator.world.esps import fictional_esps
from simulator.world.places import countries, us_states
from simulator.world.profiles import BUILT_IN, Profile
from tipline.ground.accounts import services
from tipline.ground.accounts.queries import actor_for
from tipline.ground.accounts.roles import Role
from tipline.ground.foundation.actor import SYSTEM, Actor, OrganisationKind

CLEARINGHOUSE = "Demo Clearinghouse"
FEDERAL = "Federal Queue (demo)"
NATIONAL_UNITS = 20


@dataclass(frozen=True, slots=True)
class Persona:
    """Someone to sign in as. ``desk``: what they do there, in a few words."""

    username: str
    role: str
    organisation: str
    desk: str


@dataclass(slots=True)
class DemoAccounts:
    """Everything made for the demo. ``password`` is the same for all personas of one demo."""

    password: str
    personas: list[Persona] = field(default_factory=list)
    senders: dict[str, Credential] = field(default_factory=dict)
    investigators: dict[str, Actor] = field(default_factory=dict)


def demo_profile() -> Profile:
    """The simulator's demo profile, with events up to this minute so that clocks run."""
    return replace(BUILT_IN["demo"], until=datetime.now(UTC).replace(second=0, microsecond=0))


def make_accounts(profile: Profile) -> DemoAccounts:
    """Make all accounts; ESP secrets are generated and stay in this process."""
    made = DemoAccounts(password=secrets.token_urlsafe(12))
    services.add_organisation(SYSTEM, OrganisationKind.CLEARINGHOUSE, CLEARINGHOUSE)
    _add_esps(made, profile)
    _add_agencies()
    for persona in _personas(profile):
        _add_person(made, persona)
    return made


def _add_esps(made: DemoAccounts, profile: Profile) -> None:
    for esp in fictional_esps(profile):
        row = services.add_organisation(SYSTEM, OrganisationKind.ESP, esp.name)
        services.set_esp_profile(SYSTEM, row, esp.stated())
        issued = services.issue_credential(SYSTEM, row, esp.slug)
        made.senders[esp.name] = Credential(issued.username, issued.secret)


def _add_agencies() -> None:
    for state in us_states():
        _add_agency(f"Task Force {state.state} (demo)", f"US-{state.state}")
    for country in countries()[:NATIONAL_UNITS]:
        _add_agency(f"National Unit {country.country} (demo)", country.country)
    _add_agency(FEDERAL, "US-FEDERAL")


def _add_agency(name: str, area: str) -> None:
    row = services.add_organisation(SYSTEM, OrganisationKind.AGENCY, name)
    services.set_agency_profile(SYSTEM, row, {"areas": [area]})


def _personas(profile: Profile) -> list[Persona]:
    sender = fictional_esps(profile)[0].name
    return [
        Persona("ana", Role.ANALYST, CLEARINGHOUSE, "works the ranked queue"),
        Persona("sofia", Role.SUPERVISOR, CLEARINGHOUSE, "queue, books, warrants, policy"),
        Persona("silas", Role.SUPERVISOR, CLEARINGHOUSE, "publishes what Sofia proposes"),
        Persona("adam", Role.ADMINISTRATOR, CLEARINGHOUSE, "accounts, jobs, ledger"),
        Persona("enzo", Role.ESP_ENGINEER, sender, "the ESP's own reports"),
        Persona("ines", Role.INVESTIGATOR, "Task Force CA (demo)", "works California's referrals"),
        Persona("tomas", Role.INVESTIGATOR, "Task Force TX (demo)", "works Texas's referrals"),
        Persona("fay", Role.INVESTIGATOR, FEDERAL, "works the federal queue"),
    ]


def _add_person(made: DemoAccounts, persona: Persona) -> None:
    organisation = services.organisation_named(persona.organisation)
    if organisation is None:
        raise LookupError(persona.organisation)
    person = services.add_person(
        SYSTEM,
        username=persona.username,
        name=persona.username.title(),
        role=Role(persona.role),
        organisation=organisation,
        password=made.password,
    )
    made.personas.append(persona)
    if persona.role == Role.INVESTIGATOR:
        made.investigators[persona.organisation] = actor_for(person)
