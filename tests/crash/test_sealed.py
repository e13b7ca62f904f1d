"""Who reports from the public lies nowhere in the clear: not on the disk, not in a log."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from tests.crash.canary import Canary, search
from tests.crash.on_the_wire import Wire
from tests.crash.processes import Deployment
from tests.crash.product import ANALYST, PASSWORD
from tests.journey.browsing import Browser
from tests.portals_public.conftest import PAGES, WHOLE

pytestmark = [pytest.mark.crash, pytest.mark.xdist_group("crash")]
AGENT = "US-CA"
NUMBER = (b"5595550187", b"559 555 0187", b"(559) 555-0187")
WHY = "The agency asks for a witness."


class Reporter:
    """Somebody whose name and address nobody else would write; all have one telephone."""

    def __init__(self) -> None:
        self.name, self.mail, self.told = Canary(), Canary(), Canary()

    def said(self, canary: Canary) -> str:
        return canary.text.decode()

    def identity(self) -> dict[str, str]:
        return {
            "first_name": self.said(self.name),
            "last_name": "",
            "phone": "+1 559 555 0187",
            "email": f"{self.said(self.mail)}@example.org",
        }

    def shown_in(self, html: str) -> list[bool]:
        return [self.said(canary) in html for canary in (self.name, self.mail)]


def by_form(deployment: Deployment, reporter: Reporter) -> int:
    """The public form, page by page; the number on the receipt."""
    answers = copy.deepcopy(WHOLE)
    answers["words"] = {"words": reporter.said(reporter.told)}
    answers["you"] = {"contact": "contact", **reporter.identity()}
    browser = Browser(Wire(deployment.url))
    browser.open("/report/")
    for name in PAGES:
        browser.press("/report/", button="next", **answers[name])
    return _number(browser.press("/report/", button="send"))


def by_telephone(deployment: Deployment, reporter: Reporter) -> int:
    """A call that an analyst takes; the number on the receipt."""
    browser = signed_in(deployment, ANALYST)
    browser.open("/desk/call/")
    caller = {f"caller_{name}": said for name, said in reporter.identity().items()}
    told = {"danger": "no", "incident_type": "enticement", "told": reporter.said(reporter.told)}
    place = {"child_state": "CA", "child_country": "US"}
    return _number(browser.press("/desk/call/", **told, **place, **caller))


def _number(receipt: str) -> int:
    return int(receipt.partition('class="receipt"><strong>')[2].partition("<")[0])


def signed_in(deployment: Deployment, name: str) -> Browser:
    browser = Browser(Wire(deployment.url))
    browser.open("/login/")
    browser.press("/login/", username=name, password=PASSWORD)
    return browser


def reveal_and_release(deployment: Deployment, number: int, reporter: Reporter) -> None:
    """On the desk: sealed, shown once for a reason, released to the agency."""
    ana = signed_in(deployment, ANALYST)
    assert reporter.shown_in(ana.open(f"/desk/reports/{number}/")) == [False, False]
    assert reporter.shown_in(ana.press("/reporter", why=WHY)) == [True, True]
    assert ana.page["Cache-Control"] == "no-store"
    assert reporter.shown_in(ana.open(f"/desk/reports/{number}/")) == [False, False]
    assert reporter.shown_in(ana.press("/release-reporter", why=WHY)) == [False, False]


def read_and_download(deployment: Deployment, number: int, reporter: Reporter) -> None:
    """At the agency: on the page and in the download."""
    agent = signed_in(deployment, AGENT)
    assert reporter.shown_in(agent.open(f"/agency/reports/{number}/")) == [True, True]
    made = agent.download(f"/agency/reports/{number}/report.json")
    (person,) = made["tipline"]["reporters"]
    assert person["firstName"] == reporter.said(reporter.name)


@pytest.mark.both_databases
def test_who_reports_is_nowhere_in_the_clear(deployment: Deployment) -> None:
    caller, visitor = Reporter(), Reporter()
    with deployment.web() as web, deployment.worker() as worker:
        web.wait_until_ready(deployment)
        numbers = {
            by_telephone(deployment, caller): caller,
            by_form(deployment, visitor): visitor,
        }
        deployment.wait_until_done()
        for number, reporter in numbers.items():
            reveal_and_release(deployment, number, reporter)
            read_and_download(deployment, number, reporter)
        deployment.wait_until_done()
        _nowhere(deployment.on_disk(), caller, visitor)  # with the database's log of writes
        for process in (web, worker):
            process.terminate()
            assert process.code() == 0
    _nowhere(deployment.on_disk(), caller, visitor)


def _nowhere(folders: list[Path], *reporters: Reporter) -> None:
    for reporter in reporters:
        for canary in (reporter.name, reporter.mail):
            hits, searched = canary.found_below(*folders)
            assert hits == []
            assert searched > 5
        assert reporter.told.found_below(*folders)[0]  # what was told is there: the search bites
    assert search(NUMBER, *folders)[0] == []
