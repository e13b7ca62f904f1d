"""A report's whole life over HTTP, from each of the four doors to what its sender learns."""

from __future__ import annotations

import re

import pytest
from tests.cases.shape import SHAPE, absent
from tests.journey.browsing import Browser, signed_in
from tests.journey.doors import DOORS, HAS_FILE
from tests.personas import make_world

from tipline.ground.audit import services as audit
from tipline.ground.audit.queries import entries_for, verify
from tipline.ground.foundation import jobs
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.worker import run_ready
from tipline.insight.triage.queue import entry_of
from tipline.record.intake.queries import books
from tipline.record.reports.models import Report

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db, tipline_home):
    return make_world()


def _work() -> None:
    """Everything that waits is done, and nothing of it failed."""
    run_ready("the worker of this journey")
    assert jobs.counts() == {}


def _listed(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="report-(\d+)"', html)]


@pytest.mark.parametrize("door", DOORS)
def test_from_the_door_to_the_answer_and_back(world, door):
    number = DOORS[door]()
    report = Report.objects.get(pk=number)
    assert (report.state, report.door) == ("finished", door)
    _work()
    assert entry_of(number) is not None

    _the_analyst_works_it(number, has_file=door in HAS_FILE)
    _the_agency_answers(number)
    _nobody_else_sees_it(number)
    _work()
    _the_answer_comes_back(number, by_an_esp=door in HAS_FILE)

    found = books(SYSTEM, check_files=True)
    assert found.balanced
    assert found.sums() == dict.fromkeys(found.sums(), 0) | {"received": 1, "accepted": 1}
    _the_ledger_tells_it(world, number, has_file=door in HAS_FILE)


def _the_analyst_works_it(number: int, *, has_file: bool) -> None:
    ana = signed_in("ana")
    assert _listed(ana.open("/desk/")) == [number]
    page = ana.open(f"/desk/reports/{number}/")
    assert "blue.kite" in page
    assert "California ICAC" in page
    if has_file:
        ana.press("/labels/production/set")
        _work()
        assert "Signs of production" in ana.open(f"/desk/reports/{number}/")
    ana.press("/done")
    assert _listed(ana.open("/desk/")) == []


def _the_agency_answers(number: int) -> None:
    ines = signed_in("ines")
    assert _listed(ines.open("/agency/")) == [number]
    ines.open(f"/agency/reports/{number}/")
    ines.press(f"/agency/reports/{number}/case/", title="Kite case")
    case = re.search(r"/agency/cases/(\d+)/", ines.html)[1]
    assert str(number) in ines.open(f"/agency/cases/{case}/")
    for made in (
        ines.download(f"/agency/reports/{number}/report.json"),
        *ines.download(f"/agency/cases/{case}/reports.json"),
    ):
        assert made["reportId"] == number
        assert absent(made, SHAPE) == []
    ines.open(f"/agency/reports/{number}/answer/")
    ines.press(f"/agency/reports/{number}/answer/", status="arrest", useful="yes", release="on")
    assert "Arrest" in ines.open(f"/agency/reports/{number}/")


def _nobody_else_sees_it(number: int) -> None:
    tomas, qadir = signed_in("tomas"), signed_in("qadir")
    assert _listed(tomas.open("/agency/")) == []
    tomas.open(f"/agency/reports/{number}/", status=404)
    tomas.open(f"/agency/reports/{number}/report.json", status=404)
    assert _listed(qadir.open("/esp/")) == []
    qadir.open(f"/esp/reports/{number}/", status=404)
    stranger = Browser()
    for address in (f"/desk/reports/{number}/", f"/agency/reports/{number}/", "/staff/books/"):
        stranger.open(address)
        assert stranger.address == "/login/"


def _the_answer_comes_back(number: int, *, by_an_esp: bool) -> None:
    assert "Arrest" in signed_in("ana").open(f"/desk/reports/{number}/")
    enzo = signed_in("enzo")
    listed = enzo.open("/esp/")
    if not by_an_esp:
        assert _listed(listed) == []
        enzo.open(f"/esp/reports/{number}/", status=404)
        return
    assert _listed(listed) == [number]
    assert "Arrest" in listed  # in sum
    assert "Arrest" in enzo.open(f"/esp/reports/{number}/")  # released for this report


def _the_ledger_tells_it(world, number: int, *, has_file: bool) -> None:
    while audit.seal():
        pass
    found = verify()
    assert (found.ok, found.unsealed) == (True, 0)
    verbs = {one["verb"] for one in entries_for(world.actor("ana"), f"report:{number}")}
    expected = {"report.opened", "report.finished", "report.read", "queue.done", "referral.made"}
    if has_file:
        expected |= {"file.received", "file.details-received", "label.set"}
    assert expected - verbs == set()


def test_four_doors_one_queue(world):
    """All four at once: each once in the queue, in the agency's morning and in the books."""
    numbers = {door: tell() for door, tell in DOORS.items()}
    _work()

    assert sorted(_listed(signed_in("ana").open("/desk/"))) == sorted(numbers.values())
    assert sorted(_listed(signed_in("ines").open("/agency/"))) == sorted(numbers.values())
    lines = {line.door: (line.received, line.accepted) for line in books(SYSTEM).lines}
    assert lines == dict.fromkeys(DOORS, (1, 1))
    # The same account, told four times: the reports that name it are proposed as one.
    page = signed_in("ana").open(f"/desk/reports/{numbers['ispws']}/")
    assert str(numbers["esp-desk"]) in page[page.index('id="links"') :]
