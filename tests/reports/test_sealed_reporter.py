"""A member of the public is kept sealed, shown for a reason only, and gone with the report."""

from __future__ import annotations

import pytest
from tests.personas import DOCUMENT, make_world

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation.actor import PUBLIC
from tipline.ground.foundation.errors import Invalid, NotAllowed, NotVisible
from tipline.ground.foundation.keys import destroy_data_key
from tipline.record.intake import services as intake
from tipline.record.intake.services import Arrival
from tipline.record.reports import services
from tipline.record.reports.doors import Door
from tipline.record.reports.models import Report, ReportDocument, SealedReporter
from tipline.record.reports.queries import document_of, has_identity, identity_of, warnings_of
from tipline.record.reports.rules_reporter import sealed_parts

pytestmark = pytest.mark.django_db

RITA = {
    "firstName": "Rita",
    "phone": [{"value": "+1 559 555 0188"}],
    "email": [{"value": "rita@public.example"}],
}
NAMES = ("Rita", "5550188", "555 0188", "rita@public.example")
WHY = "The agency asks whether the caller saw it."


@pytest.fixture
def world(db, tipline_home):
    return make_world()


def told(world, door=Door.PUBLIC, person=RITA, warnings=(), *, finished=True):
    document = {**DOCUMENT, "reporter": {"reportingPerson": person}}
    actor = world.actor("ana") if door is Door.PHONE else PUBLIC
    number = intake.submit(actor, Arrival(door, b"told"), document, warnings).number
    report = Report.objects.get(pk=number)
    if finished:
        intake.finish(actor, report)
    return report


@pytest.mark.parametrize("door", [Door.PUBLIC, Door.PHONE])
def test_the_values_leave_the_document_and_can_be_unsealed(world, door):
    report = told(world, door)
    document = document_of(report.pk)

    assert document["reporter"]["reportingPerson"] == {}
    assert sealed_parts(document) == {"reportingPerson": ["firstName", "phone", "email"]}
    assert document["personOrUserReported"] == DOCUMENT["personOrUserReported"]
    assert identity_of(report) == {"reportingPerson": RITA}
    kept = bytes(SealedReporter.objects.get().sealed)
    assert not [name for name in NAMES if name.encode() in kept]


def test_who_says_nothing_has_no_row(world):
    report = told(world, person={})

    assert not SealedReporter.objects.exists()
    assert not has_identity(report.pk)
    assert identity_of(report) == {}


def test_the_staff_of_a_provider_are_not_sealed(world):
    actor, sender = world.machine("harborline"), world.organisations["Harborline"]
    number = intake.submit(actor, Arrival(Door.ISPWS, b"<r/>", sender), DOCUMENT).number

    assert document_of(number) == DOCUMENT
    assert not SealedReporter.objects.exists()


def test_a_warning_does_not_quote_the_reporter(world):
    path = "/report/reporter/reportingPerson/email[1]"
    odd = {"code": "bad_form", "path": path, "message": "Odd: rita@public.example.", "fix": "x"}
    report = told(world, warnings=[odd])

    (kept,) = warnings_of(report.pk)
    assert (kept["code"], kept["path"]) == ("bad_form", path)
    assert "rita" not in str(kept)


class TestRevealing:
    def test_it_needs_a_reason_that_stands_on_the_ledger(self, world):
        report, ana = told(world), world.actor("ana")

        assert services.reveal_reporter(ana, report, f"  {WHY} ") == {"reportingPerson": RITA}
        entry = LedgerEntry.objects.get(verb="reporter.revealed")
        assert (entry.subject, entry.actor) == (f"report:{report.pk}", ana.reference)
        assert (entry.purpose, entry.detail) == (WHY, {})

    def test_each_look_is_an_entry(self, world):
        report = told(world)
        for name in ("ana", "sofia", "ana"):
            services.reveal_reporter(world.actor(name), report, WHY)

        assert LedgerEntry.objects.filter(verb="reporter.revealed").count() == 3

    @pytest.mark.parametrize("why", ["", "  ", "no", "x" * 301])
    def test_without_a_reason_nothing_is_shown_or_recorded(self, world, why):
        with pytest.raises(Invalid, match="Say why, in 3 to 300 characters") as refused:
            services.reveal_reporter(world.actor("ana"), told(world), why)
        assert refused.value.field == "why"
        assert not LedgerEntry.objects.filter(verb="reporter.revealed").exists()

    @pytest.mark.parametrize("name", ["adam", "enzo", "ines"])
    def test_only_analysts_and_supervisors_may(self, world, name):
        with pytest.raises(NotAllowed):
            services.reveal_reporter(world.actor(name), told(world), WHY)
        with pytest.raises(NotAllowed):
            services.reveal_reporter(PUBLIC, told(world), WHY)
        assert not LedgerEntry.objects.filter(verb="reporter.revealed").exists()

    def test_where_nothing_is_sealed_nothing_is_found(self, world):
        with pytest.raises(NotVisible):
            services.reveal_reporter(world.actor("ana"), told(world, person={}), WHY)

    def test_what_was_destroyed_with_its_key_stays_so(self, world):
        report = told(world)
        destroy_data_key(report.key_id)

        assert not has_identity(report.pk)
        assert identity_of(report) == {}
        with pytest.raises(NotVisible):
            services.reveal_reporter(world.actor("ana"), report, WHY)


@pytest.mark.parametrize("end", ["retract", "expire"])
def test_a_report_that_ends_unfinished_leaves_nobody_behind(world, end):
    report = told(world, Door.PHONE, finished=False)
    if end == "retract":
        intake.retract(world.actor("ana"), report)
    else:
        services.expire(report.pk, report.expires_at)

    assert not SealedReporter.objects.exists()
    assert ReportDocument.objects.get().document == {}


def test_the_system_itself_gives_no_reason_and_leaves_no_entry(world):
    """Reading a state off a telephone number is no look: only a person reveals."""
    report = told(world)
    identity_of(report)

    assert not LedgerEntry.objects.filter(verb__startswith="reporter.").exists()
