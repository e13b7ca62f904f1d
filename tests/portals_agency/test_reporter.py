"""An agency knows who reported from the public when it was released to it, and only then."""

from __future__ import annotations

import pytest
from tests.filing import document, public_report, suspect
from tests.portals_agency.pages import page, text, words

from tipline.delivery.routing.queries import referrals_of
from tipline.delivery.routing.releases import release_reporter, withdraw_release
from tipline.ground.audit.models import LedgerEntry

pytestmark = pytest.mark.django_db

RITA = {
    "firstName": "Marguerite",
    "lastName": "Amberley",
    "phone": [{"value": "512 555 0188"}],
    "email": [{"value": "rita@public.example"}],
}
TRACES = ("Marguerite", "Amberley", "555 0188", "rita@public.example")
TEXAS = {"address": [{"city": "Austin", "state": "TX", "country": "US"}]}
WHY = "She is willing to testify."


def told(person):
    victim = [{"victimPerson": TEXAS}]
    return public_report(
        document(
            reporter={"reportingPerson": person}, victim=victim, personOrUserReported=suspect()
        )
    )


@pytest.fixture
def report(world):
    return told(RITA)


@pytest.fixture
def texas(report):
    return next(row for row in referrals_of(report.pk) if row.agency.name == "Texas ICAC")


@pytest.fixture
def ana(world):
    return world.actor("ana")


def address(report):
    return f"/agency/reports/{report.pk}/"


def shows(source) -> list[str]:
    return [trace for trace in TRACES if trace in source]


def readings():
    return list(LedgerEntry.objects.filter(verb="reporter.read").order_by("pk"))


def test_the_agency_it_was_released_to_reads_it_and_the_other_reads_sealed(
    ana, report, texas, tomas, ines
):
    release_reporter(ana, texas, WHY)

    assert shows(page(tomas, address(report))) == list(TRACES)
    assert "Who they are was released to your agency" in text(tomas, address(report))
    assert shows(page(ines, address(report))) == []
    assert "Who they are is sealed" in text(ines, address(report))
    assert shows(page(tomas, f"{address(report)}report.json")) == list(TRACES)
    assert shows(page(ines, f"{address(report)}report.json")) == []


def test_reading_it_is_on_the_ledger_apart_from_the_report(world, report, texas, tomas, ines):
    page(tomas, address(report))
    assert readings() == []
    release_reporter(world.actor("ana"), texas, WHY)
    page(tomas, address(report))
    page(tomas, address(report))
    page(ines, address(report))

    (entry,) = readings()
    assert entry.actor == world.actor("tomas").reference
    assert (entry.subject, entry.detail) == (f"report:{report.pk}", {})


def test_a_refused_form_shows_no_more_and_records_no_less(ana, report, texas, tomas, ines):
    release_reporter(ana, texas, WHY)
    for client, seen in ((tomas, list(TRACES)), (ines, [])):
        answer = client.post(f"{address(report)}refuse/", {"why": ""})
        assert answer.status_code == 422
        assert shows(answer.content.decode()) == seen
    assert len(readings()) == 1


def test_withdrawn_is_sealed_again(ana, report, texas, tomas):
    release_reporter(ana, texas, WHY)
    page(tomas, address(report))
    withdraw_release(ana, texas)

    assert shows(page(tomas, address(report))) == []
    assert "Who they are is sealed" in text(tomas, address(report))
    assert shows(page(tomas, f"{address(report)}report.json")) == []


def test_the_case_says_where_a_reporter_was_released(ana, report, texas, tomas):
    tomas.post(f"{address(report)}case/", {"token": "a" * 32, "title": "A case"})
    (case,) = {entry.subject.partition(":")[2] for entry in opened()}
    path = f"/agency/cases/{case}/"
    assert "who reported is released to you" not in text(tomas, path)
    release_reporter(ana, texas, WHY)
    said = page(tomas, path)

    assert "who reported is released to you" in words(said)
    assert f'href="{address(report)}#reporter"' in said
    assert shows(said) == []
    assert shows(page(tomas, f"{path}reports.json")) == list(TRACES)


def opened():
    return LedgerEntry.objects.filter(verb="case.opened")


def test_an_anonymous_reporter_is_called_that(world, ines):
    said = text(ines, address(told({})))

    assert "stays anonymous: nothing is kept of who they are" in said
    assert "sealed" not in said
