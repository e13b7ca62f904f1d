"""Who reported from the public: shown once for a reason, released to an agency, withdrawn."""

from __future__ import annotations

import html
import re

import pytest
from tests.filing import document, public_report, suspect
from tests.portals_desk.test_report import page_of, part

from tipline.delivery.routing.models import ReporterRelease
from tipline.delivery.routing.queries import referral_for, referrals_of
from tipline.delivery.routing.services import refuse
from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation.keys import destroy_data_key

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
RITA = {
    "firstName": "Marguerite",
    "lastName": "Amberley",
    "phone": [{"value": "512 555 0188"}],
    "email": [{"value": "rita@public.example"}],
}
TRACES = ("Marguerite", "Amberley", "555 0188", "rita@public.example")
TEXAS = {"address": [{"city": "Austin", "state": "TX", "country": "US"}]}
WHY = "The agency asks whether she saw the account."


def told(person):
    victim = [{"victimPerson": TEXAS}]
    return public_report(
        document(
            reporter={"reportingPerson": person}, victim=victim, personOrUserReported=suspect()
        )
    )


@pytest.fixture
def number(world):
    return told(RITA).pk


def shows(source) -> list[str]:
    return [trace for trace in TRACES if trace in source]


def reveal(client, number, why=WHY, **more):
    return client.post(f"/desk/reports/{number}/reporter", {"why": why}, **more)


def entries(verb):
    return list(LedgerEntry.objects.filter(verb=verb).order_by("pk"))


def test_the_page_says_what_is_sealed_and_not_what_it_is(ana, number):
    page = page_of(ana, number)

    assert "A member of the public. Sealed: First name, Last name, Phone, Email." in page
    assert "Show who it is" in page
    assert shows(page) == []


def test_a_reason_shows_it_in_that_answer_and_in_no_other(ana, number):
    answer = reveal(ana, number)
    body = answer.content.decode()

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert shows(part(body, "reporter", "section-b")) == list(TRACES)
    assert "Shown in this answer only" in body
    assert shows(page_of(ana, number)) == []
    (entry,) = entries("reporter.revealed")
    assert (entry.subject, entry.purpose, entry.detail) == (f"report:{number}", WHY, {})


def test_by_htmx_it_is_the_part_alone(ana, number):
    answer = reveal(ana, number, headers=HTMX)
    body = answer.content.decode()

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert body.lstrip().startswith('<div id="reporter">')
    assert shows(body) == list(TRACES)
    assert 'class="no-print"' in body
    assert "HX-Push-Url" not in answer


@pytest.mark.parametrize("more", [{}, {"headers": HTMX}], ids=["plain", "htmx"])
@pytest.mark.parametrize("why", ["", "no", "x" * 301])
def test_without_a_reason_it_stays_sealed_and_the_words_stay(ana, number, why, more):
    answer = reveal(ana, number, why, **more)
    body = answer.content.decode()

    assert answer.status_code == 422
    assert "There is a problem" in body
    assert f'value="{why}"' in body or not why
    assert ("<html" in body) is not bool(more)
    assert shows(body) == []
    assert entries("reporter.revealed") == []


def test_a_reporter_who_said_nothing_is_not_to_be_found(ana, world):
    anonymous = told({}).pk

    assert "stays anonymous: nothing is kept" in page_of(ana, anonymous)
    assert reveal(ana, anonymous).status_code == 404
    assert reveal(ana, 999_999).status_code == 404


def test_a_providers_own_contact_stands_in_the_open(ana, report):
    page = page_of(ana, report.pk)

    assert "safety@example.com" in page
    assert 'id="reporter"' not in page
    assert reveal(ana, report.pk).status_code == 404
    assert reveal(ana, report.pk, "").status_code == 404


def test_when_the_key_is_gone_the_page_says_so(ana, world):
    report = told(RITA)
    destroy_data_key(report.key_id)

    assert "Who they are has been destroyed." in page_of(ana, report.pk)
    assert reveal(ana, report.pk).status_code == 404


@pytest.mark.parametrize("name", ["adam", "enzo", "ines"])
def test_nobody_else_can_ask(signed_in, number, name):
    assert reveal(signed_in(name), number).status_code == 404
    assert entries("reporter.revealed") == []


def test_the_ledger_of_the_page_says_who_looked_and_why(ana, number):
    reveal(ana, number)
    ledger = page_of(ana, number).partition('id="ledger"')[2]

    assert "Who reported was shown" in ledger
    assert WHY in html.unescape(ledger)


# --- to one agency --------------------------------------------------------------------------


def of(number, agency):
    return next(row for row in referrals_of(number) if row.agency.name == agency)


def release(client, row, why=WHY, **more):
    path = f"/desk/reports/{row.report_id}/referrals/{row.pk}/release-reporter"
    return client.post(path, {"why": why}, **more)


def withdraw(client, row, **more):
    path = f"/desk/reports/{row.report_id}/referrals/{row.pk}/withdraw-release"
    return client.post(path, **more)


def card(page, agency):
    """What section D says of one agency."""
    cards = re.findall(
        r'<div class="card">.*?</div>\s*(?=<div class="card">|<h3>Refer)', page, re.DOTALL
    )
    return html.unescape(next(one for one in cards if agency in one))


def test_it_is_released_to_one_agency_with_a_reason(ana, number):
    before = page_of(ana, number)
    answer = release(ana, of(number, "Texas ICAC"))
    page = page_of(ana, number)

    assert answer.status_code == 303
    assert answer["Location"].endswith(f"/desk/reports/{number}/#referrals")
    assert "Release who reported" in card(before, "Texas ICAC")
    assert "May know who reported" in card(page, "Texas ICAC")
    assert WHY in card(page, "Texas ICAC")
    assert "released by Ana" in card(page, "Texas ICAC")
    assert "Release it to this agency" not in card(page, "Texas ICAC")
    assert "Release who reported" in card(page, "California ICAC")
    assert shows(page) == []


def test_it_is_withdrawn_and_the_past_is_told(ana, number):
    row = of(number, "Texas ICAC")
    release(ana, row)
    assert "Withdraw who reported" in card(page_of(ana, number), "Texas ICAC")
    answer = withdraw(ana, row)
    told_now = card(page_of(ana, number), "Texas ICAC")

    assert answer.status_code == 303
    assert "Knew who reported" in told_now
    assert "withdrawn by Ana" in told_now
    assert "Release it to this agency" in told_now
    assert withdraw(ana, row).status_code == 303  # a second time changes nothing
    assert len(entries("reporter.release-withdrawn")) == 1


def test_both_work_as_fragments(ana, number):
    row = of(number, "Texas ICAC")
    released = release(ana, row, headers=HTMX).content.decode()
    withdrawn = withdraw(ana, row, headers=HTMX).content.decode()

    for body, words in ((released, "may know who reported now"), (withdrawn, "not know who")):
        assert body.lstrip().startswith('<section class="report-section stack" id="referrals"')
        assert words in body
        assert "<html" not in body
        assert shows(body) == []


@pytest.mark.parametrize("more", [{}, {"headers": HTMX}], ids=["plain", "htmx"])
def test_a_release_without_a_reason_is_refused_beside_its_agency(ana, number, more):
    row = of(number, "Texas ICAC")
    answer = release(ana, row, "no", **more)
    body = answer.content.decode()

    assert answer.status_code == 422
    assert f'id="id_release_{row.pk}_why_error"' in body
    assert body.count("There is a problem") == 1
    assert not ReporterRelease.objects.exists()


def test_every_form_of_the_page_has_ids_of_its_own(ana, number):
    ids = re.findall(r'\bid="([^"]+)"', page_of(ana, number))

    assert sorted({one for one in ids if ids.count(one) > 1}) == []


def test_another_reason_for_the_same_agency_is_a_conflict(ana, number):
    row = of(number, "Texas ICAC")
    release(ana, row)

    assert release(ana, row).status_code == 303
    assert release(ana, row, "For another reason.").status_code == 409
    assert ReporterRelease.objects.count() == 1


def test_an_agency_that_handed_it_back_is_offered_nothing(ana, world, number):
    release(ana, of(number, "Texas ICAC"))
    tomas = world.actor("tomas")
    refuse(tomas, referral_for(tomas, number), "Not ours.")
    told_now = card(page_of(ana, number), "Texas ICAC")

    assert "not while the report is handed back" in told_now
    assert "Release it to this agency" not in told_now


def test_a_referral_of_another_report_is_not_found(ana, number, report):
    other = of(report.pk, "California ICAC")
    path = f"/desk/reports/{number}/referrals/{other.pk}"

    assert ana.post(f"{path}/release-reporter", {"why": WHY}).status_code == 404
    assert ana.post(f"{path}/withdraw-release").status_code == 404
    assert release(ana, other).status_code == 404  # a provider's report: nothing is sealed
