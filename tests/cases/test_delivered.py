"""What an agency has of a report of the public: with its reporter where released, else without."""

from __future__ import annotations

import json

import pytest
from tests.cases.shape import PERSON, SHAPE, absent
from tests.filing import document, public_report, suspect

from tipline.delivery.cases import services
from tipline.delivery.cases.delivered import ReporterIs, delivered
from tipline.delivery.cases.downloads import download_case, download_report
from tipline.delivery.routing import services as routing
from tipline.delivery.routing.queries import referral_for
from tipline.delivery.routing.releases import release_reporter, withdraw_release
from tipline.ground.audit.models import LedgerEntry

pytestmark = pytest.mark.django_db

RITA = {
    "firstName": "Marguerite",
    "lastName": "Amberley",
    "phone": [{"value": "512 555 0188"}],
    "email": [{"value": "rita@public.example"}],
}
TEXAS = {"address": [{"city": "Austin", "state": "TX", "country": "US"}]}
WHY = "She is willing to testify."
REPORTER_KEYS = ("reporterSealed", "reporterReleased", "reporters")


def told(person):
    whole = document(
        reporter={"reportingPerson": person},
        victim=[{"victimPerson": TEXAS}],
        personOrUserReported=suspect(),
    )
    return public_report(whole)


@pytest.fixture
def report(world):
    return told(RITA)


@pytest.fixture
def ines(world):
    return world.actor("ines")


@pytest.fixture
def tomas(world):
    return world.actor("tomas")


def mine(actor, report):
    return referral_for(actor, report.pk)


def downloads(actor, report):
    """As a referral, and as part of a case."""
    row = mine(actor, report)
    case = services.open_case(actor, row, "A case", retry_key="once")
    return [download_report(actor, row), *download_case(actor, case)]


def test_only_the_agency_it_was_released_to_has_the_reporter(world, report, ines, tomas):
    release_reporter(world.actor("ana"), mine(tomas, report), WHY)

    for made in downloads(ines, report):
        own = made["tipline"]
        assert [own[key] for key in REPORTER_KEYS] == [True, None, None]
        assert own["document"]["reporter"] is None
        assert made["reportedInformation"]["reportingEsp"]["firstName"] is None
        for trace in ("Marguerite", "Amberley", "555 0188", "rita@"):
            assert trace not in json.dumps(made)
    for made in downloads(tomas, report):
        own = made["tipline"]
        assert own["reporterSealed"] is False
        assert own["reporterReleased"].endswith("Z")
        (person,) = own["reporters"]
        assert absent(person, PERSON) == []
        assert (person["firstName"], person["lastName"]) == ("Marguerite", "Amberley")
        assert own["document"]["reporter"] == {"reportingPerson": RITA}
        assert made["reportedInformation"]["reportingEsp"]["lastName"] == "Amberley"
        texts = made["reportedInformation"]["additionalInformations"]
        assert any("rita@public.example" in text["value"] for text in texts)


def test_keys_are_the_same_for_everybody(world, report, ines, tomas):
    release_reporter(world.actor("ana"), mine(tomas, report), WHY)
    (theirs, _), (ours, _) = downloads(tomas, report), downloads(ines, report)

    assert theirs["tipline"].keys() == ours["tipline"].keys()
    assert theirs["tipline"]["document"].keys() == ours["tipline"]["document"].keys()
    assert absent(theirs, SHAPE) == absent(ours, SHAPE) == []


def test_the_ledger_says_which_downloads_had_the_reporter_in_them(world, report, ines, tomas):
    release_reporter(world.actor("ana"), mine(tomas, report), WHY)
    download_report(ines, mine(ines, report))
    download_report(tomas, mine(tomas, report))

    entries = LedgerEntry.objects.filter(verb="report.downloaded").order_by("pk")
    assert [entry.detail for entry in entries] == [{"reporter": "sealed"}, {"reporter": "released"}]


def test_a_withdrawn_release_ends_at_once(world, report, tomas):
    ana, row = world.actor("ana"), mine(tomas, report)
    release_reporter(ana, row, WHY)
    assert delivered(row).reporter is ReporterIs.RELEASED
    withdraw_release(ana, row)

    assert delivered(row).reporter is ReporterIs.SEALED
    assert "Marguerite" not in json.dumps(download_report(tomas, row))


def test_nothing_is_released_while_the_report_is_handed_back(world, report, tomas):
    row = mine(tomas, report)
    release_reporter(world.actor("ana"), row, WHY)
    routing.refuse(tomas, row, "Not ours.")

    assert delivered(mine(tomas, report)).reporter is ReporterIs.SEALED


def test_an_anonymous_reporter_is_not_sealed_but_unknown(world, ines):
    made = download_report(ines, mine(ines, told({})))

    assert [made["tipline"][key] for key in REPORTER_KEYS] == [False, None, None]
    assert made["tipline"]["document"]["reporter"] is None
    assert made["reportedInformation"]["reportingEsp"] == {
        "espName": "Public", "firstName": None, "lastName": None,
    }  # fmt: skip


def test_a_provider_is_named_as_ever(ines, filed):
    report = filed()
    made = download_report(ines, mine(ines, report))

    assert delivered(mine(ines, report)).reporter is ReporterIs.NAMED
    assert made["tipline"]["reporterSealed"] is False
    (person,) = made["tipline"]["reporters"]
    assert person["emails"]["emails"][0]["value"] == "safety@example.com"
    (entry,) = LedgerEntry.objects.filter(verb="report.downloaded")
    assert entry.detail == {}
