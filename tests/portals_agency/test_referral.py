"""A referral: sections A to D as delivered, and what an agency does with it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.personas import DOCUMENT, VIEWED
from tests.portals_agency.conftest import elsewhere, referred, signed_in
from tests.portals_agency.pages import hidden, page, text, words

from tipline.delivery.cases.models import Case
from tipline.delivery.routing.models import Referral
from tipline.delivery.routing.queries import referral_for
from tipline.ground.accounts import services as accounts
from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation.actor import SYSTEM
from tipline.insight.annotation.services import set_labels
from tipline.pipeline import stages
from tipline.record.evidence.queries import files_of
from tipline.record.intake import services as intake
from tipline.record.intake.services import Arrival
from tipline.record.outcomes.models import Outcome
from tipline.record.reports.doors import Door
from tipline.record.reports.models import Report
from tipline.record.reports.services import add_note

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def number(world):
    return referred(world, files=[(b"abc", {"fileViewedByEsp": True})]).pk


def state_of(number):
    return Referral.objects.get(report_id=number, agency__name="California ICAC").state


def verbs(number):
    rows = LedgerEntry.objects.filter(subject=f"report:{number}")
    return list(rows.order_by("pk").values_list("verb", flat=True))


def test_the_page_shows_the_report_as_delivered(world, ines, number):
    report = Report.objects.get(pk=number)
    add_note(world.actor("ana"), report, "Looks like an earlier pattern.")
    set_labels(world.actor("ana"), files_of(number)[0], ["exploitative"])
    stages.run(number)
    said = text(ines, f"/agency/reports/{number}/")

    for part in ("Reported information", "Automated information", "Added by analysts"):
        assert part in said
    assert "blue.kite" in said
    assert "169.229.216.200" in said
    assert "Looks like an earlier pattern." in said
    assert "Ana" not in said.split("Your part")[1]
    assert "Exploitative, not CSAM" in said
    assert "California ICAC made available" in said
    assert "A postal address points to US-CA." in said
    assert "rule 8" in said
    assert "+1 415 555 0100" in said
    assert "1 Harbor Way" in said
    assert "<img" not in page(ines, f"/agency/reports/{number}/")


def test_the_agencys_own_urgent_line_is_shown(world, ines, number):
    facts = {"areas": ["US-CA"], "urgent_phone": "+1 916 555 0199"}
    accounts.set_agency_profile(SYSTEM, world.organisations["California ICAC"], facts)

    assert "+1 916 555 0199" in text(ines, f"/agency/reports/{number}/")


def test_reading_is_on_the_ledger_once_an_hour(ines, number):
    page(ines, f"/agency/reports/{number}/")
    page(ines, f"/agency/reports/{number}/")

    assert verbs(number).count("report.read") == 1


def test_another_agency_finds_nothing_of_it(world, tomas, number):
    file = files_of(number)[0]
    paths = ["", "report.json", "answer/", "opening/", f"files/{file.file_id}/"]
    for path in paths:
        assert tomas.get(f"/agency/reports/{number}/{path}").status_code == 404
    for path in (
        "accept/", "refuse/", "take-back/", "case/", "add/", "answer/", "opening/",
        f"files/{file.file_id}/", "openings/1/end/",
    ):  # fmt: skip
        answer = tomas.post(f"/agency/reports/{number}/{path}", {"status": "arrest", "why": "x"})
        assert answer.status_code == 404
    assert state_of(number) == "available"
    assert not Outcome.objects.exists()


def test_linked_reports_are_links_only_where_the_agency_has_them(world, ines, number):
    mine = referred(world).pk
    theirs = referred(world, document=elsewhere("TX")).pk
    stages.run(number)
    source = page(ines, f"/agency/reports/{number}/")

    assert f'<a href="/agency/reports/{mine}/">{mine}</a>' in source
    assert f"not made available to you: {theirs}" in words(source)
    assert f"/agency/reports/{theirs}/" not in source


def test_who_reported_from_the_public_stays_sealed(world, ines):
    document = {
        **DOCUMENT,
        "reporter": {
            "reportingPerson": {
                "firstName": "Rita",
                "email": [{"value": "rita@public.example"}],
                "address": [{"city": "Oakland", "state": "CA", "country": "US"}],
            }
        },
    }
    actor = world.actor("ana")
    made = intake.submit(actor, Arrival(Door.PHONE, b"call"), document)
    report = Report.objects.select_related("sender", "profile", "key").get(pk=made.number)
    intake.finish(actor, report)
    stages.run(report.pk)

    for path in ("", "report.json"):
        body = ines.get(f"/agency/reports/{report.pk}/{path}").content.decode()
        assert "blue.kite" in body
        assert "Rita" not in body
        assert "rita@public.example" not in body
        assert "Oakland" not in body
    assert "sealed" in text(ines, f"/agency/reports/{report.pk}/")


def test_queries_do_not_grow_with_files_and_people(world, ines):
    def queries(report):
        path = f"/agency/reports/{report.pk}/"
        page(ines, path)  # the reading is on the ledger now
        with CaptureQueriesContext(connection) as caught:
            page(ines, path)
        return len(caught)

    few = referred(world, files=[(b"one", {"fileViewedByEsp": True})])
    many = referred(world, files=[(b"%d" % n, {"fileViewedByEsp": True}) for n in range(8)])

    assert queries(many) == queries(few)


def test_accepting_can_be_taken_back(ines, number):
    path = f"/agency/reports/{number}/"
    assert ines.post(f"{path}accept/").status_code == 303
    assert state_of(number) == "accepted"
    source = page(ines, path)
    assert f'action="{path}take-back/"' in source
    assert ines.post(f"{path}take-back/").status_code == 303
    assert state_of(number) == "available"
    assert [verb for verb in verbs(number) if verb.startswith("referral.")] == [
        "referral.made",
        "referral.accepted",
        "referral.reopened",
    ]


def test_accepting_twice_is_accepting_once(ines, number):
    for _ in range(2):
        assert ines.post(f"/agency/reports/{number}/accept/").status_code == 303

    assert verbs(number).count("referral.accepted") == 1


def test_handing_back_needs_a_reason_and_can_be_taken_back(world, ines, number):
    path = f"/agency/reports/{number}/"
    empty = ines.post(f"{path}refuse/", {"why": " "})
    assert empty.status_code == 422
    assert "This field is required" in empty.content.decode()
    assert state_of(number) == "available"

    ines.post(f"{path}refuse/", {"why": "The person moved to Nevada."})
    assert state_of(number) == "refused"
    assert "moved to Nevada" in text(ines, path)
    assert ines.post(f"{path}refuse/", {"why": "again"}).status_code == 409
    assert ines.post(f"{path}case/", {"token": "t"}).status_code == 409
    ines.post(f"{path}take-back/")
    assert state_of(number) == "available"
    assert referral_for(world.actor("ines"), number).refusal == ""


def test_nothing_is_taken_back_once_something_hangs_on_it(ines, number):
    path = f"/agency/reports/{number}/"
    ines.post(f"{path}answer/", {"token": "t", "status": "ongoing"})
    assert ines.post(f"{path}take-back/").status_code == 409
    assert state_of(number) == "accepted"


def test_nothing_is_taken_back_after_a_while(ines, number, monkeypatch):
    from datetime import timedelta

    ines.post(f"/agency/reports/{number}/accept/")
    monkeypatch.setattr("tipline.delivery.routing.services.REOPENS_FOR", timedelta(0))

    assert ines.post(f"/agency/reports/{number}/take-back/").status_code == 409
    assert state_of(number) == "accepted"


def test_a_case_opened_twice_by_one_form_is_one_case(ines, number):
    path = f"/agency/reports/{number}/"
    token = hidden(page(ines, path), "token")[-1]
    for _ in range(2):
        answer = ines.post(f"{path}case/", {"token": token, "title": "Kite case"})
        assert answer.status_code == 303

    assert [case.title for case in Case.objects.all()] == ["Kite case"]
    assert state_of(number) == "accepted"
    assert ines.post(f"{path}take-back/").status_code == 409


def test_a_report_joins_a_case_that_is_there(world, ines, number):
    path = f"/agency/reports/{number}/"
    ines.post(f"{path}case/", {"token": "a", "title": ""})
    case = Case.objects.get()
    assert case.title == f"Report {number}"
    second = referred(world).pk
    answer = ines.post(f"/agency/reports/{second}/add/", {"case": case.pk})

    assert answer.status_code == 303
    listed = text(ines, f"/agency/cases/{case.pk}/")
    assert str(number) in listed
    assert str(second) in listed
    assert ines.post(f"/agency/reports/{second}/add/", {"case": 999}).status_code == 422


def test_another_agencys_case_is_no_choice(world, ines, number):
    texas = referred(world, document=elsewhere("TX")).pk
    signed_in(world, "tomas").post(f"/agency/reports/{texas}/case/", {"token": "t", "title": "T"})
    case = Case.objects.get()

    assert ines.post(f"/agency/reports/{number}/add/", {"case": case.pk}).status_code == 422
    assert ines.get(f"/agency/cases/{case.pk}/").status_code == 404
    assert ines.get(f"/agency/cases/{case.pk}/reports.json").status_code == 404


@pytest.mark.parametrize(
    ("path", "data", "status"),
    [
        ("accept/", {}, 200),
        ("refuse/", {"why": "not ours"}, 200),
        ("refuse/", {"why": ""}, 422),
        ("case/", {"token": "t", "title": "x" * 201}, 422),
        ("case/", {"token": "t", "title": "A case"}, 200),
        ("answer/", {"token": "t", "status": "ongoing"}, 200),
    ],
)
def test_htmx_gets_the_part_that_changed(ines, number, path, data, status):
    answer = ines.post(f"/agency/reports/{number}/{path}", data, headers=HTMX)
    source = answer.content.decode()

    assert answer.status_code == status
    assert 'id="work"' in source
    assert "<html" not in source


def test_forms_need_their_token(world, number):
    strict = signed_in(world, "ines", enforce_csrf_checks=True)

    assert strict.post(f"/agency/reports/{number}/accept/").status_code == 403
    assert state_of(number) == "available"


def test_the_profile_of_the_report_counts_not_the_newest(world, ines, number):
    changed = {**VIEWED, "emergency_contact": "+1 000 000 0000"}
    accounts.set_esp_profile(SYSTEM, world.organisations["Harborline"], changed)

    said = text(ines, f"/agency/reports/{number}/")
    assert "+1 415 555 0100" in said
    assert "+1 000 000 0000" not in said
