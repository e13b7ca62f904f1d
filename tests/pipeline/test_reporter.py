"""What the pipeline keeps of a member of the public: a country and a state, and no more."""

from __future__ import annotations

import copy

import pytest
from tests.filing import PUBLIC_DOCUMENT, entry, public_report
from tests.pipeline.derived import forget, snapshot

from tipline.delivery.routing.queries import referrals_of
from tipline.ground.foundation.keys import destroy_data_key
from tipline.insight.enrichment.queries import evidence_of
from tipline.insight.entities.models import Identifier, Link
from tipline.pipeline import stages
from tipline.record.reports.facts import Role

pytestmark = pytest.mark.django_db

RITA = {
    "firstName": "Rita",
    "lastName": "Amberley",
    "phone": [{"value": "+1 512 555 0188"}, {"value": "512 555 0189"}],
    "email": [{"value": "rita@public.example"}],
    "address": [
        {"address": "1 Elm Street", "city": "Austin", "zipCode": "78701", "state": "TX",
         "country": "US"},
    ],
}  # fmt: skip
TRACES = (
    "Rita",
    "Amberley",
    "555 0188",
    "5550188",
    "555 0189",
    "5550189",
    "rita@",
    "Elm",
    "Austin",
    "Travis",
)


def told(person, **more):
    document = {**copy.deepcopy(PUBLIC_DOCUMENT), **more}
    document["reporter"] = {"reportingPerson": person}
    return public_report(document)


def of_reporter(report):
    return [piece for piece in evidence_of(report.pk) if piece.role is Role.REPORTER]


def test_of_an_address_and_a_number_only_the_state_is_left(world):
    report = told(RITA)
    pieces = of_reporter(report)

    assert [piece.kind for piece in pieces] == ["phone_prefix", "phone_prefix", "address"]
    assert [piece.value for piece in pieces] == ["", "", ""]
    assert [piece.no_place for piece in pieces] == ["", "no_country", ""]
    places = [piece.place for piece in pieces if piece.place]
    assert {(place.country, place.state) for place in places} == {("US", "TX")}
    assert {(place.county, place.city) for place in places} == {("", "")}


def test_nothing_that_is_derived_says_who_reported(world):
    report = told(RITA)
    derived = str(snapshot())

    assert str(report.pk) in derived
    assert [trace for trace in TRACES if trace in derived] == []


def test_a_number_alone_still_leads_to_its_state(world):
    report = told({"phone": [{"value": "+1 512 555 0188"}]})

    assert [row.agency.name for row in referrals_of(report.pk)] == ["Texas ICAC"]
    assert entry(report).place == "US-TX"


def test_a_reporter_is_linked_to_nobody(world):
    """A suspect elsewhere has the reporter's own number: it stands on one side only."""
    told(RITA)
    suspect = [{"personOrUserReportedPerson": {"phone": [{"value": "+1 512 555 0188"}]}}]
    told({}, personOrUserReported=suspect)

    (identifier,) = Identifier.objects.all()
    assert identifier.role == Role.SUSPECT
    assert not Link.objects.exists()


def test_it_is_derived_again_from_what_is_sealed(world):
    report = told(RITA)
    before = snapshot()
    forget()
    stages.run(report.pk)

    assert snapshot() == before


def test_when_the_key_is_gone_the_report_can_still_be_read(world):
    report = told(RITA)
    forget()
    destroy_data_key(report.key_id)
    stages.run(report.pk)

    assert of_reporter(report) == []
    assert entry(report).place == ""
