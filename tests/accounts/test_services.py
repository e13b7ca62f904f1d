"""Organisations, people and credentials: what can be made, what cannot, who may do what."""

from __future__ import annotations

import pytest
from tests.personas import PASSWORD, SECRET

from tipline.ground.accounts import queries, services
from tipline.ground.accounts.models import EspCredential, Organisation
from tipline.ground.accounts.roles import PERMISSIONS, ROLE_HOME, Role
from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation.actor import PUBLIC, SYSTEM, OrganisationKind, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed


def person(world, **changes):
    wanted = {
        "username": "nora",
        "name": "Nora",
        "role": Role.ANALYST,
        "organisation": world.organisations["Clearinghouse"],
        "password": PASSWORD,
    }
    return services.add_person(SYSTEM, **{**wanted, **changes})


def test_a_name_is_given_to_one_organisation_only(world):
    with pytest.raises(Conflict) as refused:
        services.add_organisation(SYSTEM, OrganisationKind.ESP, "  Harborline ")
    assert refused.value.field == "name"
    assert Organisation.objects.filter(name="Harborline").count() == 1


@pytest.mark.parametrize("name", ["", " ", "x", "y" * 201])
def test_a_name_has_a_length(world, name):
    with pytest.raises(Invalid):
        services.add_organisation(SYSTEM, OrganisationKind.ESP, name)


@pytest.mark.parametrize("who", ["ana", "sofia", "enzo", "ines"])
def test_only_administrators_make_accounts(world, who):
    actor = world.actor(who)
    harborline = world.organisations["Harborline"]
    with pytest.raises(NotAllowed):
        services.add_organisation(actor, OrganisationKind.ESP, "Another")
    with pytest.raises(NotAllowed):
        services.issue_credential(actor, harborline, "another")
    with pytest.raises(NotAllowed):
        services.set_esp_profile(actor, harborline, {})
    with pytest.raises(NotAllowed):
        services.set_agency_profile(actor, world.organisations["Texas ICAC"], {})
    with pytest.raises(NotAllowed):
        services.suspend_person(actor, world.people["tomas"])
    with pytest.raises(NotAllowed):
        queries.people_for(actor)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_belongs_to_its_kind_of_organisation(world, role):
    for name, organisation in world.organisations.items():
        if organisation.kind == ROLE_HOME[role]:
            continue
        with pytest.raises(Invalid):
            person(world, username=f"{role}-{name}", role=role, organisation=organisation)


@pytest.mark.parametrize(
    "changes",
    [
        {"username": ""},
        {"username": "  "},
        {"username": "x" * 151},
        {"username": "a\nb"},
        {"password": "eleven char"},
        {"password": "password1234"},
    ],
)
def test_user_names_and_passwords_have_rules(world, changes):
    with pytest.raises(Invalid) as refused:
        person(world, **changes)
    assert refused.value.field == next(iter(changes))


def test_user_names_are_folded_and_taken_once(world):
    assert person(world, username=" NORA ").username == "nora"
    with pytest.raises(Conflict):
        person(world, username="Nora")


def test_a_suspended_person_may_do_nothing(world):
    services.suspend_person(SYSTEM, world.people["ana"])
    world.people["ana"].refresh_from_db()
    assert world.actor("ana").permissions == frozenset()


def test_people_and_machines_of_an_ended_organisation_may_do_nothing(world):
    harborline = world.organisations["Harborline"]
    Organisation.objects.filter(pk=harborline.pk).update(active=False)
    enzo = queries.person_for_session(world.people["enzo"].pk)
    machine = EspCredential.objects.select_related("organisation").get(username="harborline")
    assert queries.actor_for(enzo).permissions == frozenset()
    assert queries.actor_for_credential(machine).permissions == frozenset()
    assert queries.credential("harborline") is None


def test_least_privilege(world):
    administrator = PERMISSIONS[Role.ADMINISTRATOR]
    for reading in (Permission.REPORTS_READ_ALL, Permission.EVIDENCE_OPEN, Permission.QUEUE_WORK):
        assert reading not in administrator
    assert Permission.EVIDENCE_OPEN not in PERMISSIONS[Role.ESP_ENGINEER]
    assert PUBLIC.permissions == {Permission.REPORTS_SUBMIT}
    for actor in queries.house_actors():
        assert actor.permissions == frozenset()


class TestCredentials:
    def test_the_secret_is_checked_and_never_kept(self, world):
        issued = services.issue_credential(SYSTEM, world.organisations["Harborline"], "second")
        row = EspCredential.objects.get(username="second")
        assert len(issued.secret) >= 32
        assert services.credential_matches(row, issued.secret)
        assert not services.credential_matches(row, issued.secret + "x")
        assert not services.credential_matches(None, issued.secret)
        assert issued.secret not in row.secret_mac
        assert issued.secret not in str(LedgerEntry.objects.values())

    @pytest.mark.parametrize(
        ("username", "secret", "field"),
        [
            ("", SECRET, "username"),
            ("a:b", SECRET, "username"),
            ("a\x00b", SECRET, "username"),
            ("x" * 151, SECRET, "username"),
            ("third", "short", "password"),
        ],
    )
    def test_what_it_refuses(self, world, username, secret, field):
        with pytest.raises(Invalid) as refused:
            services.issue_credential(SYSTEM, world.organisations["Harborline"], username, secret)
        assert refused.value.field == field

    def test_a_name_is_taken_once(self, world):
        with pytest.raises(Conflict):
            services.issue_credential(SYSTEM, world.organisations["Quillnet"], "harborline")

    def test_only_an_esp_has_one(self, world):
        with pytest.raises(Invalid):
            services.issue_credential(SYSTEM, world.organisations["Texas ICAC"], "agency")


class TestProfiles:
    def test_versions_count_up_and_the_newest_holds(self, world):
        texas = world.organisations["Texas ICAC"]
        first = services.set_agency_profile(SYSTEM, texas, {"areas": ["US-TX", "US-LA"]})
        second = services.set_agency_profile(SYSTEM, texas, {"areas": ["US-TX"]})
        assert second == first + 1
        assert queries.agency_facts(texas.pk).areas == ("US-TX",)
        [found] = [facts for row, facts in queries.agencies() if row.pk == texas.pk]
        assert found.areas == ("US-TX",)

    def test_an_agency_without_a_profile_is_there_all_the_same(self, world):
        bare = services.add_organisation(SYSTEM, OrganisationKind.AGENCY, "Bare")
        [facts] = [facts for row, facts in queries.agencies() if row.pk == bare.pk]
        assert facts.areas == ()

    def test_each_kind_has_its_own(self, world):
        with pytest.raises(Invalid):
            services.set_esp_profile(SYSTEM, world.organisations["Texas ICAC"], {})
        with pytest.raises(Invalid):
            services.set_agency_profile(SYSTEM, world.organisations["Harborline"], {})

    @pytest.mark.parametrize(
        "content",
        [
            {"viewed_means": "perhaps"},
            {"viewed_means": True},
            {"times_mean": "mars"},
            {"incident_time_means": "yes"},
            {"user_notice": ""},
            {"retention_days": [30]},
            {"retention_days": {"content": True}},
            {"retention_days": {"content": -1}},
            {"retention_days": {"content": 36_501}},
            {"retention_days": {"content": 1.5}},
            {"retention_days": {"photos": 3}},
            {"turnaround_days": -1},
            {"turnaround_days": 3_651},
            {"turnaround_days": True},
            {"turnaround_days": "20"},
            {"turnaround_days": 1.5},
            {"emergency_contact": 110},
            {"emergency_contact": "x" * 2_001},
            {"nonsense": "1"},
        ],
    )
    def test_what_an_esp_cannot_state(self, world, content):
        with pytest.raises(Invalid) as refused:
            services.set_esp_profile(SYSTEM, world.organisations["Harborline"], content)
        assert refused.value.field == next(iter(content))

    @pytest.mark.parametrize(
        "content",
        [
            {"areas": ["US-XX"]},
            {"areas": ["DE-BY"]},
            {"areas": ["*"]},
            {"areas": ["A1"]},
            {"areas": ["us-ca"]},
            {"areas": [7]},
            {"areas": "US-CA"},
            {"allow_hash_confirm": "false"},
            {"public_opens": 1},
            {"public_opens": None},
        ],
    )
    def test_what_an_agency_cannot_state(self, world, content):
        with pytest.raises(Invalid) as refused:
            services.set_agency_profile(SYSTEM, world.organisations["Texas ICAC"], content)
        assert refused.value.field == next(iter(content))
