"""A search: what was typed, what is like it, who sees what, and what the ledger keeps."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.entities.test_services import about
from tests.filing import document, suspect

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation.errors import Invalid, NotAllowed
from tipline.insight.entities.forms.rules_form import Problem
from tipline.insight.entities.models import Identifier
from tipline.insight.entities.searching import queries, services
from tipline.insight.entities.searching.rules import (
    ASKED_AS,
    KEPT_AS,
    asked,
    kinds_of,
    likeness,
    variants,
)
from tipline.record.reports.facts import IdentifierKind as Kind
from tipline.record.reports.facts import Role

SHAPES = {
    "Sub.Ject@Example.org": Kind.EMAIL,
    "+1 415 555 0100": Kind.PHONE,
    "(415) 555-0100": Kind.PHONE,
    "xX_blue.kite_Xx": Kind.SCREEN_NAME,
    "8841377": Kind.PHONE,
    "10000000884137700": Kind.ESP_USER_ID,
    "490154203237518": Kind.DEVICE_ID,
    "6D92078A-8246-4BA4-AE5B-76104861E7DC": Kind.DEVICE_ID,
    "00:1b:44:11:3a:b7": Kind.DEVICE_ID,
    "169.229.216.200": Kind.IP,
    "2607:f8b0:4004:c07::66": Kind.IP,
    "https://www.example.org/u/blue_kite": Kind.URL,
    "example.org/u/blue_kite": Kind.URL,
    "12 Harbor Street, Fresno": Kind.ADDRESS,
    "Robin Q. Example": Kind.NAME,
    "1990-05-17": Kind.DATE_OF_BIRTH,
    "17.05.1990": Kind.DATE_OF_BIRTH,
    "d41d8cd98f00b204e9800998ecf8427e": Kind.FILE_DIGEST,
    "A" * 64: Kind.FILE_DIGEST,
    "1BoatSLRHtKNngkdXEeobR76b53LETtpyT": Kind.PAYMENT,
    "$bluekite": Kind.PAYMENT,
    "": Kind.SCREEN_NAME,
}


@pytest.mark.parametrize(("text", "kind"), SHAPES.items())
def test_the_kind_is_guessed_from_the_shape(text, kind):
    assert kinds_of(text)[0] is kind


@given(st.text(max_size=500))
def test_any_text_is_of_some_kind_and_can_be_asked_for_as_each(text):
    assert kinds_of(text)
    for kind in KEPT_AS:
        one = asked(kind, text)
        assert bool(one.form.value) != bool(one.form.problem)
        assert len(variants(one)) <= 300
        assert likeness(one, kind, one.form.value)[1] in {"same", "else"}


@given(st.sampled_from(list(ASKED_AS)), st.text(max_size=40), st.text(max_size=40))
def test_likeness_takes_any_two_values(kind, text, other):
    one, two = asked(ASKED_AS[kind], text), asked(ASKED_AS[kind], other)
    if two.form.value:
        comparison, level = likeness(one, kind, two.form.value)
        assert bool(comparison) == (level != "else")


def test_variants_are_alike_and_never_the_value_itself():
    for kind, text in (
        (Kind.PHONE, "+14155550100"),
        (Kind.DATE_OF_BIRTH, "1990-05-07"),
        (Kind.IP, "169.229.216.200"),
    ):
        one = asked(kind, text)
        made = variants(one)
        assert one.form.value not in made
        assert {likeness(one, kind, value)[1] for value in made if value[0] != "0"} - {"else"}


def levels(found):
    return {(hit.identifier.report_id, hit.level) for hit in (*found.same, *found.alike)}


def find(actor, kind, text, *, near=True):
    return queries.find(actor, asked(kind, text), near=near)


def told(person, **more):
    return document(personOrUserReported=suspect(personOrUserReportedPerson=person, **more))


@pytest.mark.django_db
class TestFound:
    def test_the_same_value_in_whatever_spelling(self, world, filed):
        ana = world.actor("ana")
        one = filed(document=about("one", screenName="Blue.Kite"))
        other = filed(document=about("two", screenName="blue.kite"))
        filed(document=about("three", screenName="other"))
        found = find(ana, Kind.SCREEN_NAME, "BLUE.KITE", near=False)
        assert levels(found) == {(one.pk, "same"), (other.pk, "same")}
        assert [hit.identifier.report_id for hit in found.same] == [other.pk, one.pk]

    def test_phone_numbers_a_digit_apart_or_without_a_country(self, world, filed):
        ana = world.actor("ana")
        same, apart, bare = (
            filed(document=told({"phone": [{"value": value}]}))
            for value in ("+1 415 555 0100", "+1 415 555 0109", "415 555 0100")
        )
        found = find(ana, Kind.PHONE, "+1 (415) 555-0100")
        assert levels(found) == {
            (same.pk, "same"),
            (apart.pk, "one_digit"),
            (bare.pk, "same_national"),
        }
        assert levels(find(ana, Kind.PHONE, "+14155550100", near=False)) == {(same.pk, "same")}

    def test_dates_with_day_and_month_swapped(self, world, filed):
        ana = world.actor("ana")
        swapped = filed(document=told({"dateOfBirth": "1990-07-05"}))
        apart = filed(document=told({"dateOfBirth": "1991-05-07"}))
        filed(document=told({"dateOfBirth": "1970-11-30"}))
        found = find(ana, Kind.DATE_OF_BIRTH, "1990-05-07")
        assert levels(found) == {(swapped.pk, "swapped"), (apart.pk, "one_digit")}

    def test_addresses_of_one_network(self, world, filed):
        ana = world.actor("ana")
        events = [
            [{"ipAddress": address, "dateTime": "2026-11-20T09:58:00Z"}]
            for address in ("169.229.216.200", "169.229.216.7", "169.229.217.7")
        ]
        same, near, _far = (filed(document=told({}, ipCaptureEvent=event)) for event in events)
        found = find(ana, Kind.IP, "169.229.216.200")
        assert levels(found) == {(same.pk, "same"), (near.pk, "same_network")}

    def test_names_without_their_decorations_and_in_mailboxes(self, world, filed):
        ana = world.actor("ana")
        loose = filed(document=about("one", screenName="xX_Blue.Kite_Xx"))
        stem = filed(document=about("two", screenName="bluekite2009"))
        mailbox = filed(document=about("bluekite", screenName="harbor"))
        filed(document=about("four", screenName="lantern"))
        found = find(ana, Kind.SCREEN_NAME, "blue_kite")
        assert levels(found) == {
            (loose.pk, "same_skeleton"),
            (stem.pk, "same_stem"),
            (mailbox.pk, "same_skeleton"),
        }
        assert {hit.comparison for hit in found.alike} == {"screen_name", "alias"}
        found = find(ana, Kind.EMAIL, "bluekite+7@example.net")
        assert (mailbox.pk, "same_user") in levels(found)
        assert (loose.pk, "same_skeleton") in levels(found)
        assert not find(ana, Kind.SCREEN_NAME, "blue_kite", near=False).reports

    def test_roles_are_told_and_reporters_of_the_public_never_found(self, world, filed):
        ana = world.actor("ana")
        report = filed(document=about("one"))
        row = Identifier.objects.filter(report=report, kind="email").first()
        made = {"kind": "email", "normal": "seal@example.org", "path": "/", "report": report}
        Identifier.objects.create(**made, role=Role.REPORTER)
        assert [hit.identifier.role for hit in find(ana, Kind.EMAIL, row.normal).same] == [row.role]
        assert find(ana, Kind.EMAIL, "seal@example.org").reports == {report.pk}
        type(report).objects.filter(pk=report.pk).update(door="public")
        assert not find(ana, Kind.EMAIL, "seal@example.org").reports

    def test_only_reports_that_the_actor_may_see(self, world, filed):
        report = filed(document=about("one"))
        text = "one@example.org"
        assert find(world.actor("ana"), Kind.EMAIL, text).reports == {report.pk}
        assert find(world.machine("harborline"), Kind.EMAIL, text).reports == {report.pk}
        assert not find(world.machine("quillnet"), Kind.EMAIL, text).reports
        assert not find(world.actor("ines"), Kind.EMAIL, text).reports
        assert not find(world.actor("adam"), Kind.EMAIL, text).reports
        type(report).objects.filter(pk=report.pk).update(state="retracted")
        assert not find(world.actor("ana"), Kind.EMAIL, text).reports

    def test_what_has_no_normal_form_finds_nothing_and_says_why(self, world, filed):
        filed(document=told({"dateOfBirth": "1990-01-01"}))
        one = asked(Kind.DATE_OF_BIRTH, "1990-01-01")
        assert one.form.problem is Problem.DEFAULT
        assert queries.find(world.actor("ana"), one, near=True) == queries.Found()

    def test_more_than_are_shown_is_said_and_costs_no_more(self, world, filed, monkeypatch):
        ana = world.actor("ana")
        monkeypatch.setattr(queries, "MOST_SHOWN", 3)
        one = filed(document=about("one", screenName="kite"))
        with CaptureQueriesContext(
            connection,
        ) as first:
            assert not find(ana, Kind.SCREEN_NAME, "kite").more
        for n in range(4):
            last = filed(document=about(f"one{n}", screenName="kite"))
        with CaptureQueriesContext(connection) as then:
            found = find(ana, Kind.SCREEN_NAME, "kite")
        assert found.more
        assert len(found.same) == 3
        assert last.pk in found.reports
        assert one.pk not in found.reports
        assert len(first) == len(then)


@pytest.mark.django_db
class TestSearch:
    def test_the_ledger_keeps_purpose_and_digest_and_no_value(self, world, filed):
        filed(document=about("one"))
        one = asked(Kind.EMAIL, "One@example.org")
        services.search(world.actor("ana"), one, "tip", "Call of Monday.", near=True)
        entry = LedgerEntry.objects.get(verb="identifier.searched")
        digest = services.digest_of(one)
        assert entry.subject == f"search:{digest[:16]}"
        assert entry.purpose == "tip: Call of Monday."
        assert entry.detail == {"kind": "email", "digest": digest, "near": True, "reports": 1}
        assert "one@" not in str(entry.__dict__).lower()

    def test_one_digest_for_each_spelling_and_another_for_another_kind(self):
        same = {services.digest_of(asked(Kind.EMAIL, text)) for text in ("A@b.org", " a@B.ORG ")}
        assert len(same) == 1
        assert services.digest_of(asked(Kind.SCREEN_NAME, "a@b.org")) not in same

    @pytest.mark.parametrize(
        ("text", "why", "words", "field"),
        [
            ("", "tip", "", "text"),
            ("x" * 401, "tip", "", "text"),
            ("a@example.org", "", "", "why"),
            ("a@example.org", "curious", "", "why"),
            ("a@example.org", "other", " ", "words"),
            ("a@example.org", "tip", "x" * 251, "words"),
            ("a@example.org", "tip", "They named A@example.org", "words"),
        ],
    )
    def test_without_a_purpose_there_is_no_search(self, world, text, why, words, field):
        with pytest.raises(Invalid) as refused:
            services.search(world.actor("ana"), asked(Kind.EMAIL, text), why, words, near=False)
        assert refused.value.field == field
        assert not LedgerEntry.objects.filter(verb="identifier.searched").exists()

    def test_only_who_reads_all_reports(self, world):
        one = asked(Kind.EMAIL, "a@example.org")
        for actor in (world.actor("adam"), world.actor("ines"), world.machine("harborline")):
            with pytest.raises(NotAllowed):
                services.search(actor, one, "tip", "", near=False)
