"""The judge's panel and the list of what waits for a second person."""

from __future__ import annotations

import re

import pytest
from tests.personas import DOCUMENT

from tipline.ground.foundation import worker
from tipline.insight.triage import queue
from tipline.insight.triage.judgements.queries import judgements_of, standing_of
from tipline.insight.triage.queue import entry_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
ESCALATED = {**DOCUMENT["incidentSummary"], "escalateToHighPriority": "a meeting is planned"}


@pytest.fixture
def urgent(filed):
    return filed(document={**DOCUMENT, "incidentSummary": ESCALATED})


@pytest.fixture
def sofia(signed_in):
    return signed_in("sofia")


def page(client, report, query="") -> str:
    response = client.get(f"/desk/reports/{report.pk}/{query}")
    assert response.status_code == 200
    return response.content.decode()


def panel(html) -> str:
    return html[html.index('id="judge"') : html.index('id="report-scores"')]


def judge(client, report, verdict, reason="I read it.", **more):
    said = {"verdict": verdict, "reason": reason, "seen": standing_of(report.pk).seen}
    return client.post(f"/desk/reports/{report.pk}/judgements", said, **more)


def act(client, report, deed, data=None, **more):
    newest = judgements_of(report.pk)[0].pk
    address = f"/desk/reports/{report.pk}/judgements/{newest}/{deed}"
    return client.post(address, data or {}, **more)


def text(html) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_panel_is_quiet_until_it_is_asked_for(ana, report):
    shown = panel(page(ana, report))
    assert "Nobody has judged this report yet." in shown
    assert 'data-key="o"' in shown
    assert "<details" in shown
    assert " open " not in shown
    assert 'value="urgency:refuted"' not in shown
    assert 'value="level:E"' in shown


def test_one_press_confirms(ana, urgent):
    shown = panel(page(ana, urgent))
    assert "Confirm that it is urgent" in shown
    seen = re.search(r'name="seen" value="(\w+)"', shown)[1]
    answer = ana.post(
        f"/desk/reports/{urgent.pk}/judgements", {"verdict": "urgency:confirmed", "seen": seen}
    )
    assert answer.status_code == 303
    assert answer["Location"].endswith(f"/desk/reports/{urgent.pk}/#judge")
    html = page(ana, urgent)
    assert "unconfirmed" not in html[: html.index("report-standing")]
    assert "in force" in panel(html)
    assert "Confirm that it is urgent" not in panel(html)


def test_a_refutation_waits_for_another_and_says_so(ana, sofia, urgent):
    assert "a second person must agree" in panel(page(ana, urgent))
    judge(ana, urgent, "urgency:refuted", "It is a school trip.")

    mine = page(ana, urgent)
    assert "Ana says that it is not urgent; that waits for a second person." in text(mine)
    assert "Somebody else must agree." in panel(mine)
    assert "/second" not in mine
    theirs = panel(page(sofia, urgent))
    assert "It is a school trip." in theirs
    assert "The reporter escalated the report: immediate risk." in theirs
    assert "/second" in theirs

    assert act(sofia, urgent, "second").status_code == 303
    html = page(sofia, urgent)
    assert "Sofia agreed" in text(panel(html))
    assert "waits for a second person" not in html
    assert entry_of(urgent.pk).urgency == "refuted"


def test_a_reason_is_asked_for_and_nothing_is_lost(ana, urgent):
    plain = judge(ana, urgent, "disposition:informational", "")
    part = judge(ana, urgent, "disposition:informational", "", headers=HTMX)
    assert plain.status_code == part.status_code == 422
    for html in (plain.content.decode(), part.content.decode()):
        assert "There is a problem" in html
        assert re.search(r'value="disposition:informational"[^>]*checked', html)
        assert re.search(r"<details[^>]* open", html)
    assert "<html" not in part.content.decode()
    assert judgements_of(urgent.pk) == []

    long = judge(ana, urgent, "level:2", "x" * 2_001)
    assert long.status_code == 422
    assert "x" * 2_001 in long.content.decode()


@pytest.mark.parametrize("verdict", ["", "level:9", "nonsense", "level", "urgency:E", ":", "a:b:c"])
def test_a_verdict_that_is_none_is_refused(ana, urgent, verdict):
    assert judge(ana, urgent, verdict).status_code == 422
    assert judgements_of(urgent.pk) == []


def test_level_e_is_not_offered_to_the_public(ana, world):
    from tests.filing import public_report

    told = public_report({"incidentSummary": {}})
    assert 'value="level:E"' not in panel(page(ana, told))
    assert judge(ana, told, "level:E").status_code == 422


def test_whoever_was_overtaken_sees_what_came_and_keeps_their_words(ana, sofia, urgent):
    said = {
        "verdict": "urgency:refuted",
        "reason": "Written with care.",
        "seen": standing_of(urgent.pk).seen,
    }
    judge(sofia, urgent, "level:1", "")
    address = f"/desk/reports/{urgent.pk}/judgements"
    plain = ana.post(address, said)
    part = ana.post(address, said, headers=HTMX)
    assert (plain.status_code, part.status_code) == (409, 422)
    for html in (plain.content.decode(), part.content.decode()):
        assert "Something has changed since this page was loaded" in html
        assert "Written with care." in html
        assert f'name="seen" value="{standing_of(urgent.pk).seen}"' in html
    again = {**said, "seen": standing_of(urgent.pk).seen}
    assert ana.post(address, again).status_code == 303


def test_by_htmx_the_panel_the_head_and_the_scores_come_back(ana, report):
    answer = judge(ana, report, "level:1", "", headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.lstrip().startswith('<section class="card stack" id="judge"')
    for part in ("band", "standing", "summary", "notices", "scores"):
        assert re.search(rf'id="report-{part}"[^>]* hx-swap-oob="true"', html), part
    assert "Urgent" in html
    assert "<html" not in html


def test_undo_takes_it_back(ana, report):
    html = judge(ana, report, "level:1", "", headers=HTMX).content.decode()
    address = re.search(r'action="([^"]+/withdraw)"', html[html.index('id="undo"') :])[1]
    assert ana.post(address).status_code == 303
    assert entry_of(report.pk).urgency == "none"
    assert "taken back" in panel(page(ana, report))


def test_only_a_supervisor_takes_anothers_word_back_and_says_why(ana, sofia, signed_in, report):
    judge(ana, report, "level:2")
    assert "Why is it taken back?" in panel(page(sofia, report))
    asked = act(sofia, report, "withdraw", headers=HTMX)
    assert asked.status_code == 422
    assert "Say why." in asked.content.decode()
    assert act(sofia, report, "withdraw", {"why": "The wrong report."}).status_code == 303
    assert "Sofia took it back" in text(panel(page(ana, report)))
    assert "The wrong report." in panel(page(ana, report))


class TestWaiting:
    def test_the_list_shows_what_waits_the_oldest_first(self, ana, sofia, filed, urgent):
        later = filed(document={**DOCUMENT, "incidentSummary": ESCALATED})
        for one in (urgent, later):
            judge(ana, one, "urgency:refuted", f"Reason of {one.pk}.")
        html = sofia.get("/desk/judgements/").content.decode()
        assert html.index(f"Reason of {urgent.pk}.") < html.index(f"Reason of {later.pk}.")
        assert "<strong>2</strong>" in html
        assert html.count("/second") == 2
        own = ana.get("/desk/judgements/").content.decode()
        assert "/second" not in own
        assert own.count("Somebody else must agree.") == 2

    def test_empty_it_says_so(self, ana):
        assert "No judgement waits" in ana.get("/desk/judgements/").content.decode()

    def test_agreeing_from_the_list_comes_back_to_it(self, ana, sofia, urgent):
        judge(ana, urgent, "urgency:refuted")
        answer = act(sofia, urgent, "second", {"list": "1"})
        assert answer["Location"] == "/desk/judgements/"
        assert "No judgement waits" in sofia.get("/desk/judgements/").content.decode()

    def test_declining_needs_a_reason(self, ana, sofia, urgent):
        judge(ana, urgent, "urgency:refuted")
        refused = act(sofia, urgent, "decline", {"list": "1", "why": ""})
        assert refused.status_code == 422
        assert "Say why." in refused.content.decode()
        part = act(sofia, urgent, "decline", {"why": "x" * 2_001}, headers=HTMX)
        assert part.status_code == 422
        assert "x" * 2_001 in part.content.decode()
        assert act(sofia, urgent, "decline", {"why": "It is real."}).status_code == 303
        assert "Sofia did not agree" in text(panel(page(ana, urgent)))
        assert entry_of(urgent.pk).urgency == "unconfirmed"

    def test_second_twice_and_too_late(self, ana, sofia, urgent):
        judge(ana, urgent, "urgency:refuted")
        assert act(ana, urgent, "second").status_code == 403
        assert [act(sofia, urgent, "second").status_code for _n in range(2)] == [303, 303]
        assert act(ana, urgent, "withdraw").status_code == 303
        assert act(sofia, urgent, "second").status_code == 409


def test_a_report_that_came_back_says_why(ana, sofia, world, report):
    queue.mark_done(world.actor("ana"), report.pk, done=True)
    judge(sofia, report, "level:1", "")
    html = page(ana, report)
    assert "Back in the queue: urgent since it was closed" in html
    listed = ana.get("/desk/").content.decode()
    assert "Back in the queue: urgent since it was closed" in listed
    assert "An analyst set level 1." in listed


def test_the_number_of_queries_does_not_grow_with_the_judgements(ana, sofia, urgent, connection):
    from django.test.utils import CaptureQueriesContext

    def counted() -> int:
        page(ana, urgent)
        with CaptureQueriesContext(connection) as found:
            page(ana, urgent)
        return len(found)

    judge(ana, urgent, "level:2", "One.")
    before = counted()
    for number in range(5):
        judge(ana if number % 2 else sofia, urgent, "level:3", f"Word {number}.")
    assert counted() == before


def test_words_are_escaped(ana, urgent):
    judge(ana, urgent, "level:2", "<script>alert(1)</script>")
    assert "<script>alert(1)" not in page(ana, urgent)
    worker.run_ready("one")
