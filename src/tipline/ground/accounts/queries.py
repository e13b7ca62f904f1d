"""Reads of the accounts room, and the making of actors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from tipline.ground.accounts.models import (
    AgencyProfile,
    EspCredential,
    EspProfile,
    Organisation,
    Person,
)
from tipline.ground.accounts.profiles import AgencyFacts, EspFacts
from tipline.ground.accounts.roles import CREDENTIAL_PERMISSIONS, PERMISSIONS, Role
from tipline.ground.foundation.actor import Actor, ActorKind, OrganisationKind, Permission
from tipline.ground.foundation.errors import NotVisible


def actor_for(person: Person) -> Actor:
    """The actor behind a signed-in person; a suspended one may do nothing."""
    organisation = person.organisation
    usable = person.is_active and organisation.active
    return Actor(
        kind=ActorKind.PERSON,
        permissions=PERMISSIONS[Role(person.role)] if usable else frozenset(),
        person_id=person.pk,
        organisation_id=organisation.pk,
        organisation_kind=OrganisationKind(organisation.kind),
        name=person.name,
    )


def actor_for_credential(row: EspCredential) -> Actor:
    usable = row.active and row.organisation.active
    return Actor(
        kind=ActorKind.CREDENTIAL,
        permissions=CREDENTIAL_PERMISSIONS if usable else frozenset(),
        credential_id=row.pk,
        organisation_id=row.organisation_id,
        organisation_kind=OrganisationKind(row.organisation.kind),
        name=row.username,
    )


def house_actors() -> list[Actor]:
    """The clearinghouse itself, to ask what its analysts may see; it may do nothing by this."""
    rows = Organisation.objects.filter(kind=OrganisationKind.CLEARINGHOUSE, active=True)
    return [
        Actor(
            kind=ActorKind.SYSTEM,
            organisation_id=row.pk,
            organisation_kind=OrganisationKind.CLEARINGHOUSE,
            name=row.name,
        )
        for row in rows.order_by("pk")
    ]


def credential(username: str) -> EspCredential | None:
    return (
        EspCredential.objects.select_related("organisation", "key")
        .filter(username=username, active=True, organisation__active=True)
        .first()
    )


def person_for_session(person_id: int) -> Person | None:
    return Person.objects.select_related("organisation").filter(pk=person_id).first()


def person_called(username: str) -> Person | None:
    """The person with this user name, in whatever case it is written."""
    rows = Person.objects.select_related("organisation")
    return rows.filter(username=username.strip().casefold()).first()


def newest_esp_profile(organisation_id: int) -> EspProfile | None:
    return EspProfile.objects.filter(organisation_id=organisation_id).order_by("-version").first()


def esp_facts(profile: EspProfile | None) -> EspFacts:
    """What a profile says; an ESP without one is unknown in everything."""
    return EspFacts.from_json(profile.content) if profile is not None else EspFacts()


def agency_facts(organisation_id: int) -> AgencyFacts:
    row = AgencyProfile.objects.filter(organisation_id=organisation_id).order_by("-version").first()
    return AgencyFacts.from_json(row.content) if row is not None else AgencyFacts()


def agencies() -> list[tuple[Organisation, AgencyFacts]]:
    """Every active agency with what it is responsible for: without a profile, for nothing."""
    return [(row, AgencyFacts.from_json(row.told or {})) for row in _agencies()]


def areas_of_agencies() -> list[tuple[int, Sequence[str]]]:
    """Every active agency's key with the areas it is responsible for.

    Read for each report: nothing more is made of the rows, which were checked when written.
    """
    told = _agencies().values_list("pk", "told")
    return [(key, (content or {}).get("areas", ())) for key, content in told]


def _agencies() -> QuerySet[Any]:
    """The active ones by key, with the newest profile's content as ``told``."""
    newest = AgencyProfile.objects.filter(organisation=OuterRef("pk")).order_by("-version")
    rows = Organisation.objects.filter(kind=OrganisationKind.AGENCY, active=True).order_by("pk")
    return rows.annotate(told=Subquery(newest.values("content")[:1]))


def organisations_for(actor: Actor) -> QuerySet[Organisation]:
    """Administrators see all; everyone else their own."""
    rows = Organisation.objects.order_by("kind", "name")
    if actor.may(Permission.ACCOUNTS_MANAGE):
        return rows
    return rows.filter(pk=actor.organisation_key)


def organisation_for(actor: Actor, organisation_id: int) -> Organisation:
    row = organisations_for(actor).filter(pk=organisation_id).first()
    if row is None:
        raise NotVisible("There is no such organisation.")
    return row


def people_for(actor: Actor) -> QuerySet[Person]:
    actor.require(Permission.ACCOUNTS_MANAGE)
    return Person.objects.select_related("organisation").order_by("username")


def person_for(actor: Actor, person_id: int) -> Person:
    row = people_for(actor).filter(pk=person_id).first()
    if row is None:
        raise NotVisible("There is no such person.")
    return row


def credentials_for(actor: Actor) -> QuerySet[EspCredential]:
    """Machine accounts, without a way back to their secrets: the newest first."""
    actor.require(Permission.ACCOUNTS_MANAGE)
    return EspCredential.objects.select_related("organisation").order_by("-pk")


def credential_for(actor: Actor, credential_id: int) -> EspCredential:
    row = credentials_for(actor).filter(pk=credential_id).first()
    if row is None:
        raise NotVisible("There is no such machine account.")
    return row


def esp_profiles_for(actor: Actor, organisation_id: int) -> QuerySet[EspProfile]:
    """Every version of an ESP's profile, the newest first."""
    actor.require(Permission.ESP_PROFILE_WRITE)
    return EspProfile.objects.filter(organisation_id=organisation_id).order_by("-version")


def agency_profiles_for(actor: Actor, organisation_id: int) -> QuerySet[AgencyProfile]:
    """Every version of an agency's profile, the newest first."""
    actor.require(Permission.ACCOUNTS_MANAGE)
    return AgencyProfile.objects.filter(organisation_id=organisation_id).order_by("-version")


def organisation_names(keys: Iterable[int]) -> dict[int, str]:
    """Names of organisations by id. The caller has checked its actor."""
    return dict(Organisation.objects.filter(pk__in=list(keys)).values_list("pk", "name"))


def lookers_of(organisation_id: int) -> list[Person]:
    """Who of an organisation may open evidence, by name. The caller has checked its actor."""
    roles = [role for role, may in PERMISSIONS.items() if Permission.EVIDENCE_OPEN in may]
    rows = Person.objects.filter(organisation_id=organisation_id, role__in=roles, is_active=True)
    return list(rows.order_by("name", "pk"))


def hold_person(person_id: int) -> None:
    """Let nobody else hold this person until the caller's transaction ends."""
    Person.objects.select_for_update(no_key=True).filter(pk=person_id).values_list("pk").first()


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Names of people by id, for readers of the ledger. The caller has checked its actor."""
    return dict(Person.objects.filter(pk__in=list(person_ids)).values_list("pk", "name"))
