"""Organisations, machine accounts, profiles."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.journey.browsing import Browser
from tests.personas import SECRET, basic, file_report
from tests.portals_staff.conftest import verbs_about, words_of

from tipline.ground.accounts.models import AgencyProfile, EspProfile, Organisation
from tipline.ground.accounts.queries import agency_facts, esp_facts, newest_esp_profile

ESP_FORM = {
    "version": "0",
    "viewed_means": "other",
    "times_mean": "utc",
    "incident_time_means": "event",
    "user_notice": "unknown",
    "legal_process_address": "7 Quill Street",
    "days_access_logs": "45",
}


@pytest.fixture
def harborline(world):
    return world.organisations["Harborline"]


@pytest.fixture
def quillnet(world):
    return world.organisations["Quillnet"]


def secret_on(response) -> str:
    found = re.search(r"<dt>(?:Secret|Password)</dt><dd><code>([^<]+)<", response.content.decode())
    assert found
    return found[1]


@pytest.mark.parametrize("kind", ["esp", "agency"])
def test_an_organisation_is_added(adam, kind):
    answer = adam.post(
        "/staff/organisations/new/", {"kind": kind, "name": "Lantern Works"}, follow=True
    )

    row = Organisation.objects.get(name="Lantern Works")
    assert row.kind == kind
    assert "Lantern Works is added." in words_of(answer)
    assert verbs_about(f"organisation:{row.pk}") == ["organisation.added"]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"kind": "esp", "name": "Harborline"}, "There is an organisation called Harborline"),
        ({"kind": "esp", "name": "  "}, "This field is required."),
        ({"kind": "esp", "name": "x" * 201}, "at most 200 characters"),
        ({"kind": "clearinghouse", "name": "Another house"}, "Select a valid choice"),
    ],
)
def test_a_wrong_organisation_comes_back_with_what_was_typed(adam, sent, words):
    answer = adam.post("/staff/organisations/new/", sent)

    assert answer.status_code == 422
    assert words in words_of(answer)
    assert sent["name"].strip() in answer.content.decode()


def test_a_secret_is_shown_once_and_opens_the_door(adam, harborline):
    url = f"/staff/organisations/{harborline.pk}/"
    issued = adam.post(f"{url}credentials/", {"username": "harborline-2"})
    secret = secret_on(issued)

    assert len(secret) >= 32
    assert issued["Cache-Control"] == "no-store"
    assert "harborline-2" in words_of(adam.get(url))
    assert secret not in adam.get(url).content.decode()
    assert Client().get("/ispws/status", headers=basic("harborline-2", secret)).status_code == 200


@pytest.mark.parametrize("username", ["harborline", "a:b", "", "x" * 151])
def test_a_wrong_user_name_issues_nothing(adam, harborline, username):
    from tipline.ground.accounts.models import EspCredential

    url = f"/staff/organisations/{harborline.pk}/credentials/"
    before = EspCredential.objects.count()
    answer = adam.post(url, {"username": username})

    assert answer.status_code == 422
    assert EspCredential.objects.count() == before


def test_only_an_esp_has_machine_accounts(adam, world):
    agency = world.organisations["Texas ICAC"]
    url = f"/staff/organisations/{agency.pk}/"

    assert adam.post(f"{url}credentials/", {"username": "texas"}).status_code == 404
    assert "Machine accounts" not in words_of(adam.get(url))


def test_a_revoked_account_stays_out_until_the_undo(adam, world):
    row = world.credentials["quillnet"]
    door = Client()
    answer = adam.post(f"/staff/credentials/{row.pk}/revoke/", follow=True)

    assert "quillnet gets in no more." in words_of(answer)
    assert door.get("/ispws/status", headers=basic("quillnet", SECRET)).status_code == 401
    undo = re.search(r'action="(/staff/credentials/[^"]+restore/)"', answer.content.decode())
    assert undo
    adam.post(undo[1])
    assert door.get("/ispws/status", headers=basic("quillnet", SECRET)).status_code == 200
    assert verbs_about(f"credential:{row.pk}") == [
        "credential.restored", "credential.revoked", "credential.issued",
    ]  # fmt: skip


def test_revoking_twice_is_one_entry(adam, world):
    row = world.credentials["quillnet"]
    for _each in range(2):
        adam.post(f"/staff/credentials/{row.pk}/revoke/")

    assert verbs_about(f"credential:{row.pk}")[0] == "credential.revoked"
    assert verbs_about(f"credential:{row.pk}").count("credential.revoked") == 1


def test_a_profile_is_published_as_a_new_version_and_reports_keep_theirs(adam, world, harborline):
    before = file_report(world)
    url = f"/staff/organisations/{harborline.pk}/profile/"
    answer = adam.post(url, {**ESP_FORM, "version": "1"}, follow=True)
    after = file_report(world)

    assert "Version 2 is published." in words_of(answer)
    assert (before.profile.version, after.profile.version) == (1, 2)
    facts = esp_facts(newest_esp_profile(harborline.pk))
    assert (facts.viewed_means, facts.times_mean) == ("other", "utc")
    assert facts.retention_days == {"access_logs": 45}
    text = words_of(answer)
    assert "(opens the gate) → Something else (opens nothing)" in text
    assert "Days for which it keeps account data: 90 → –" in text  # noqa: RUF001 - as shown
    assert "Days for which it keeps access logs: 30 → 45" in text


def test_how_long_an_esp_takes_to_answer_is_kept_and_may_be_left_out(adam, harborline):
    url = f"/staff/organisations/{harborline.pk}/profile/"
    wrong = adam.post(url, {**ESP_FORM, "version": "1", "turnaround_days": "3651"})
    assert wrong.status_code == 422
    assert newest_esp_profile(harborline.pk).version == 1
    answer = adam.post(url, {**ESP_FORM, "version": "1", "turnaround_days": "21"}, follow=True)
    assert esp_facts(newest_esp_profile(harborline.pk)).turnaround_days == 21
    text = words_of(answer)
    assert "Days that it usually takes to answer legal process: – → 21" in text  # noqa: RUF001 - as shown
    adam.post(url, {**ESP_FORM, "version": "2", "turnaround_days": ""})
    assert esp_facts(newest_esp_profile(harborline.pk)).turnaround_days is None


def test_the_first_profile_begins_at_version_one(adam, quillnet):
    url = f"/staff/organisations/{quillnet.pk}/profile/"
    assert "Nothing is on record yet" in words_of(adam.get(url))
    adam.post(url, ESP_FORM)

    assert EspProfile.objects.filter(organisation=quillnet).count() == 1


def test_the_forms_ask_for_everything_that_a_profile_can_say():
    from dataclasses import fields

    from tipline.doors.portals.staff.forms_profiles import AgencyProfileForm, EspProfileForm
    from tipline.ground.accounts.profiles import DATA_CLASSES, AgencyFacts, EspFacts

    days = {f"days_{name}" for name in DATA_CLASSES}
    esp = {field.name for field in fields(EspFacts)} - {"retention_days"} | days
    assert set(EspProfileForm().fields) - {"version"} == esp
    agency = {field.name for field in fields(AgencyFacts)}
    assert set(AgencyProfileForm().fields) - {"version"} == agency


def test_the_choices_are_those_of_the_profile():
    from tipline.doors.portals.staff import forms_profiles as forms
    from tipline.ground.accounts import profiles

    pairs = (
        (forms.VIEWED, profiles.VIEWED_MEANINGS),
        (forms.TIMES, profiles.TIME_MEANINGS),
        (forms.INCIDENT_TIMES, profiles.INCIDENT_TIME_MEANINGS),
        (forms.NOTICE, profiles.NOTICE_POLICIES),
    )
    for choices, codes in pairs:
        assert [code for code, _words in choices] == list(codes)


def test_the_form_shows_what_holds_and_sending_it_back_changes_nothing(adam, harborline):
    url = f"/staff/organisations/{harborline.pk}/profile/"
    browser = Browser(adam)
    browser.open(url)
    browser.press(url)

    assert "Nothing was changed." in words_of(browser.page)
    assert EspProfile.objects.filter(organisation=harborline).count() == 1


def test_who_was_slower_is_told_and_loses_nothing(adam, harborline):
    url = f"/staff/organisations/{harborline.pk}/profile/"
    adam.post(url, {**ESP_FORM, "version": "1"})
    answer = adam.post(url, {**ESP_FORM, "version": "1", "emergency_contact": "+1 800 555 0199"})

    assert answer.status_code == 422
    assert "Somebody published another version meanwhile." in words_of(answer)
    assert "+1 800 555 0199" in answer.content.decode()
    assert EspProfile.objects.filter(organisation=harborline).count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"viewed_means": "perhaps"},
        {"days_account": "-1"},
        {"days_account": "40000"},
        {"emergency_contact": "x" * 301},
        {"version": "x"},
    ],
)
def test_a_wrong_profile_publishes_nothing(adam, quillnet, wrong):
    url = f"/staff/organisations/{quillnet.pk}/profile/"

    assert adam.post(url, {**ESP_FORM, **wrong}).status_code == 422
    assert not EspProfile.objects.filter(organisation=quillnet).exists()


def test_an_agency_gets_its_areas(adam, world):
    texas = world.organisations["Texas ICAC"]
    url = f"/staff/organisations/{texas.pk}/profile/"
    answer = adam.post(
        url, {"version": "1", "areas": "us-tx, us-ok US-TX", "public_opens": "on"}, follow=True
    )

    assert agency_facts(texas.pk).areas == ("US-TX", "US-OK")
    assert agency_facts(texas.pk).public_opens is True
    assert "Areas: US-TX → US-TX US-OK" in words_of(answer)


@pytest.mark.parametrize("areas", ["US-XX", "ZZ", "Texas", "US-TX;US-OK"])
def test_an_area_that_does_not_exist_is_refused_by_name(adam, world, areas):
    texas = world.organisations["Texas ICAC"]
    url = f"/staff/organisations/{texas.pk}/profile/"
    answer = adam.post(url, {"version": "1", "areas": areas})

    assert answer.status_code == 422
    assert f"'{areas.upper()}' is no area" in words_of(answer)
    assert areas.upper() in answer.content.decode()
    assert AgencyProfile.objects.filter(organisation=texas).count() == 1


@pytest.mark.parametrize("areas", ["US-FEDERAL", "DE", "US US-CA", ""])
def test_areas_that_exist_are_taken(adam, world, areas):
    texas = world.organisations["Texas ICAC"]
    url = f"/staff/organisations/{texas.pk}/profile/"

    assert adam.post(url, {"version": "1", "areas": areas}).status_code == 303
    assert list(agency_facts(texas.pk).areas) == areas.split()


def test_the_clearinghouse_has_neither_profile_nor_accounts(adam, world):
    house = world.organisations["Clearinghouse"]
    url = f"/staff/organisations/{house.pk}/"

    assert adam.get(url).status_code == 200
    assert adam.get(f"{url}profile/").status_code == 404


@pytest.mark.parametrize("path", ["", "profile/"])
def test_an_organisation_that_is_not_there_is_not_found(adam, path):
    assert adam.get(f"/staff/organisations/999999/{path}").status_code == 404
