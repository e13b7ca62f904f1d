"""Making organisations, people and credentials; signing in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import F, Max, Q

from tipline.ground.accounts.events import AgencyChanged
from tipline.ground.accounts.machine_secrets import (
    LONGEST_USERNAME,
    check_login,
    make_secret,
    secret_matches,
)
from tipline.ground.accounts.models import (
    AgencyProfile,
    EspCredential,
    EspProfile,
    Organisation,
    Person,
)
from tipline.ground.accounts.profiles import AgencyFacts, EspFacts
from tipline.ground.accounts.queries import actor_for
from tipline.ground.accounts.roles import ROLE_HOME, Role
from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, OrganisationKind, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import write_tx

_FREE_TRIES = 5
_LOCK_STEP = timedelta(minutes=6)
_LOCK_MOST = timedelta(minutes=30)


def add_organisation(
    actor: Actor, kind: OrganisationKind, name: str, *, test_only: bool = False
) -> Organisation:
    actor.require(Permission.ACCOUNTS_MANAGE)
    name = " ".join(name.split())
    if not 1 < len(name) <= 200:
        raise Invalid("Give the organisation a name of 2 to 200 characters.", field="name")
    try:
        with write_tx():
            row = Organisation.objects.create(
                kind=kind.value, name=name, test_only=test_only, created_at=clock.now()
            )
            record(actor, Verb.ORGANISATION_ADDED, f"organisation:{row.pk}", detail={"kind": kind})
    except IntegrityError as error:
        raise Conflict(f"There is an organisation called {name} already.", field="name") from error
    return row


def organisation_named(name: str) -> Organisation | None:
    """The organisation of this exact name, for those who set up a deployment."""
    return Organisation.objects.filter(name=" ".join(name.split())).first()


def set_esp_profile(actor: Actor, organisation: Organisation, content: Mapping[str, Any]) -> int:
    """Publish a new version of an ESP's profile; its number."""
    actor.require(Permission.ESP_PROFILE_WRITE)
    _only_kind(organisation, OrganisationKind.ESP)
    checked = EspFacts.from_json(content).as_json()
    return _next_version(actor, EspProfile, organisation, checked)


def set_agency_profile(actor: Actor, organisation: Organisation, content: Mapping[str, Any]) -> int:
    actor.require(Permission.ACCOUNTS_MANAGE)
    _only_kind(organisation, OrganisationKind.AGENCY)
    checked = AgencyFacts.from_json(content).as_json()
    with write_tx():
        version = _next_version(actor, AgencyProfile, organisation, checked)
        announce(AgencyChanged(organisation.pk), dedup_key="all")
    return version


def _only_kind(organisation: Organisation, kind: OrganisationKind) -> None:
    if organisation.kind != kind:
        raise Invalid(f"This is no organisation of the kind {kind.value}.", field="organisation")


def _next_version(
    actor: Actor,
    model: type[EspProfile | AgencyProfile],
    organisation: Organisation,
    content: dict[str, Any],
) -> int:
    with write_tx():
        # Two at once: the second waits here and takes the number after.
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        newest = model.objects.filter(organisation=organisation).aggregate(newest=Max("version"))[
            "newest"
        ]
        version = (newest or 0) + 1
        model.objects.create(
            organisation=organisation, version=version, content=content, created_at=clock.now()
        )
        record(
            actor,
            Verb.PROFILE_CHANGED,
            f"organisation:{organisation.pk}",
            detail={"version": version},
        )
    return version


@dataclass(frozen=True, slots=True)
class Issued:
    """A credential just made: the only moment at which its secret is known."""

    username: str
    secret: str


def issue_credential(
    actor: Actor, organisation: Organisation, username: str, secret: str = ""
) -> Issued:
    """A machine account for an ESP. A secret of one's own must be long: it is not stretched."""
    actor.require(Permission.ACCOUNTS_MANAGE)
    _only_kind(organisation, OrganisationKind.ESP)
    check_login(username, secret)
    try:
        with write_tx():
            made = make_secret(secret)
            row = EspCredential.objects.create(
                organisation=organisation,
                username=username,
                secret_mac=made.mac,
                key=made.key,
                created_at=clock.now(),
            )
            record(actor, Verb.CREDENTIAL_ISSUED, f"credential:{row.pk}")
    except IntegrityError as error:
        raise Conflict("That user name is taken.", field="username") from error
    return Issued(username, made.secret)


def revoke_credential(actor: Actor, row: EspCredential) -> None:
    """The account gets in no more, from the next request on."""
    actor.require(Permission.ACCOUNTS_MANAGE)
    _switch(actor, row, Verb.CREDENTIAL_REVOKED, active=False)


def restore_credential(actor: Actor, row: EspCredential) -> None:
    """Take back a revocation: the same secret works again."""
    actor.require(Permission.ACCOUNTS_MANAGE)
    _switch(actor, row, Verb.CREDENTIAL_RESTORED, active=True)


def _switch(actor: Actor, row: EspCredential, verb: Verb, *, active: bool) -> None:
    with write_tx():
        if EspCredential.objects.filter(pk=row.pk, active=not active).update(active=active):
            record(actor, verb, f"credential:{row.pk}")


def credential_matches(row: EspCredential | None, secret: str) -> bool:
    """Compare in constant time, also when there is no such account."""
    if row is None:
        return secret_matches(None, None, secret)
    return secret_matches(row.secret_mac, row.key, secret)


def add_person(
    actor: Actor, *, username: str, name: str, role: Role, organisation: Organisation, password: str
) -> Person:
    actor.require(Permission.ACCOUNTS_MANAGE)
    if ROLE_HOME[role] != organisation.kind:
        raise Invalid(
            f"The role {role.value} belongs to an organisation of kind {ROLE_HOME[role].value}.",
            field="role",
        )
    username = username.strip().casefold()
    if not username.isprintable() or not 0 < len(username) <= LONGEST_USERNAME:
        raise Invalid("Give a user name of 1 to 150 printable characters.", field="username")
    _check_password(password)
    hashed = make_password(password)
    try:
        with write_tx():
            person = Person.objects.create(
                username=username,
                name=name.strip() or username,
                role=role.value,
                organisation=organisation,
                password=hashed,
                created_at=clock.now(),
            )
            record(actor, Verb.PERSON_ADDED, f"person:{person.pk}", detail={"role": role})
    except IntegrityError as error:
        raise Conflict("That user name is taken.", field="username") from error
    return person


def _check_password(password: str) -> None:
    """Twelve characters or more, and none of the twenty thousand that everybody tries first."""
    try:
        validate_password(password)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password") from error


def suspend_person(actor: Actor, person: Person) -> None:
    actor.require(Permission.ACCOUNTS_MANAGE)
    if actor.person_id == person.pk:
        raise NotAllowed("Nobody suspends themselves: ask another administrator.")
    with write_tx():
        if Person.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
            record(actor, Verb.PERSON_SUSPENDED, f"person:{person.pk}")


def reinstate_person(actor: Actor, person: Person) -> None:
    """Take back a suspension: the person may sign in again, with the password they had."""
    actor.require(Permission.ACCOUNTS_MANAGE)
    with write_tx():
        if Person.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
            record(actor, Verb.PERSON_REINSTATED, f"person:{person.pk}")


def sign_in(username: str, password: str) -> Person | None:
    """The person, or None: unknown, wrong, suspended and waiting look and last alike.

    After five failures the account waits, longer each time, at most half an hour, so that
    at most ten tries an hour get through. A try is taken before the password is looked at:
    tries made at once count as those made one after the other.
    """
    rows = Person.objects.select_related("organisation")
    person = rows.filter(username=username.strip().casefold()).first()
    allowed = _take_try(person)
    right = check_password(password, person.password if person else _dummy_hash())
    if person is None or not allowed or not right or not person.is_active:
        _note_failure(person if allowed else None)
        return None
    with write_tx():
        Person.objects.filter(pk=person.pk).update(failed_sign_ins=0, locked_until=None)
        record(actor_for(person), Verb.SIGNED_IN, f"person:{person.pk}")
    return person


@lru_cache(maxsize=1)
def _dummy_hash() -> str:
    return make_password("a password that nobody has")


def _take_try(person: Person | None) -> bool:
    """Count one try of the account; False while it waits."""
    now = clock.now()
    free = Q(locked_until__isnull=True) | Q(locked_until__lte=now)
    with write_tx():
        mine = Person.objects.filter(pk=person.pk) if person else Person.objects.none()
        if not mine.filter(free).update(failed_sign_ins=F("failed_sign_ins") + 1):
            _write_all_the_same()
            return False
        tries = mine.values_list("failed_sign_ins", flat=True).get()
        if tries >= _FREE_TRIES:
            wait = min(_LOCK_MOST, _LOCK_STEP * (tries - _FREE_TRIES + 1))
            mine.update(locked_until=now + wait)
    return True


def _note_failure(person: Person | None) -> None:
    with write_tx():
        if person is None:
            _write_all_the_same()
        else:
            record(actor_for(person), Verb.SIGN_IN_FAILED, f"person:{person.pk}")


def _write_all_the_same() -> None:
    """Change nothing, durably: a commit that only known names cost would tell them apart."""
    anybody = Person.objects.order_by("pk").values("pk")[:1]
    Person.objects.filter(pk__in=anybody).update(failed_sign_ins=F("failed_sign_ins"))
