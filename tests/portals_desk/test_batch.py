"""One act on many: what the preview shows is done once, and undone, with plain forms."""

from __future__ import annotations

import re

import pytest
from tests.portals_desk.test_queue import numbers, page_of, three

from tipline.ground.audit.models import LedgerEntry
from tipline.insight.triage import queue
from tipline.insight.triage.models import BatchAct

__all__ = ["three"]
pytestmark = pytest.mark.django_db


def preview(client, query: str, status: int = 200) -> str:
    answer = client.get(f"/desk/batch/?{query}")
    assert answer.status_code == status
    return answer.content.decode()


def plan_of(html: str) -> str:
    return re.search(r'name="plan" value="([^"]+)"', html)[1]


def chosen(act: str, some) -> str:
    return "&".join([f"act={act}", *(f"number={number}" for number in some)])


def test_the_rows_can_be_ticked_without_a_script(ana, three):
    html = page_of(ana)
    for number in three:
        assert f'name="number" value="{number}" form="batch" data-select' in html
    assert '<form id="batch" method="get" action="/desk/batch/"' in html


def test_the_preview_says_what_happens_to_which_and_changes_nothing(ana, world, three):
    medium, _high_and_urgent, informational = three
    queue.claim(world.actor("sofia"), informational)
    html = preview(ana, chosen("done", three))
    assert "1 report will be done." in html
    assert "2 are left alone." in html
    left = html[html.index('id="left"') :]
    assert "It is urgent: urgent reports are looked at one by one." in left
    assert "Somebody else has claimed it." in left
    assert f"line-{medium}" in html[: html.index('id="left"')]
    assert BatchAct.objects.count() == 0
    assert queue.entry_of(medium).done_at is None


def test_the_act_is_done_once_and_undone_by_one_press(ana, three):
    _medium, high_and_urgent, _informational = three
    form = {"plan": plan_of(preview(ana, chosen("done", three))), "reason": "One incident."}
    first = ana.post("/desk/batch/", form)
    again = ana.post("/desk/batch/", form)
    act = BatchAct.objects.get()
    assert first.status_code == again.status_code == 303
    assert first["Location"] == again["Location"] == f"/desk/batch/{act.pk}/"
    assert numbers(page_of(ana, "?sort=number")) == [high_and_urgent]
    assert LedgerEntry.objects.filter(verb="queue.done").count() == 2

    html = ana.get(f"/desk/batch/{act.pk}/").content.decode()
    assert "One incident." in html
    assert "It is urgent" in html
    ana.post(f"/desk/batch/{act.pk}/undo")
    assert numbers(page_of(ana, "?sort=number")) == sorted(three)
    assert "undone by Ana" in ana.get(f"/desk/batch/{act.pk}/").content.decode()


def test_an_undo_says_what_it_left_alone(ana, world, three):
    ana.post("/desk/batch/", {"plan": plan_of(preview(ana, chosen("claim", three)))})
    act = BatchAct.objects.get()
    queue.release(world.actor("ana"), three[0])
    queue.claim(world.actor("sofia"), three[0])
    answer = ana.post(f"/desk/batch/{act.pk}/undo", follow=True)
    html = answer.content.decode()
    assert "1 restored. 1 is left alone." in html
    assert "Somebody has changed it since." in html
    assert queue.entry_of(three[0]).claimed_by.name == "Sofia"


def test_all_that_match_are_those_of_the_filters(ana, three):
    html = preview(ana, "act=claim&all=on&disposition=informational")
    assert re.findall(r'id="line-(\d+)"', html) == [str(three[2])]
    assert '<a href="/desk/?disposition=informational" data-key="u"' in html


def test_an_all_that_is_longer_than_one_act_says_so(ana, three, monkeypatch):
    from tipline.doors.portals.desk import views_batch
    from tipline.insight.triage.batches import queries

    for module in (views_batch, queries):
        monkeypatch.setattr(module, "MOST_AT_ONCE", 2)
    html = preview(ana, "act=claim&all=on")
    assert "One act takes at most 2 reports" in html
    assert len(re.findall(r'id="line-(\d+)"', html)) == 2
    assert "At most 2 reports at once." in preview(ana, chosen("claim", three), status=422)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("act=done", "Choose at least one report"),
        ("act=done&number=x&number=", "Choose at least one report"),
        ("number=1", "Choose what is to be done."),
        ("act=burn&number=1", "Choose what is to be done."),
        ("act=claim&all=on&band=purple", "its filters are wrong"),
    ],
)
def test_a_selection_that_is_none_says_what_is_missing(ana, three, query, words):
    assert words in preview(ana, query, status=422)


def test_done_asks_why_and_keeps_the_same_form(ana, three):
    plan = plan_of(preview(ana, chosen("done", three[:1])))
    answer = ana.post("/desk/batch/", {"plan": plan, "reason": ""})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_reason_error"' in html
    assert BatchAct.objects.count() == 0
    ana.post("/desk/batch/", {"plan": plan_of(html), "reason": "One incident."})
    ana.post("/desk/batch/", {"plan": plan, "reason": "One incident."})
    assert BatchAct.objects.count() == 1


def test_a_plan_is_its_persons_and_is_not_written_by_hand(ana, signed_in, three):
    plan = plan_of(preview(ana, chosen("claim", three)))
    assert signed_in("sofia").post("/desk/batch/", {"plan": plan}).status_code == 409
    for forged in ("", "nonsense", plan[:-3] + "abc"):
        answer = ana.post("/desk/batch/", {"plan": forged})
        assert answer.status_code == 409
        assert b"choose again" in answer.content
    assert BatchAct.objects.count() == 0


def test_what_was_cut_off_offers_to_go_on(ana, three):
    ana.post("/desk/batch/", {"plan": plan_of(preview(ana, chosen("claim", three)))})
    act = BatchAct.objects.get()
    act.state, act.before = "doing", {}
    act.save()
    for number in three:
        queue.QueueEntry.objects.filter(report_id=number).update(
            claimed_by=None, claimed_until=None
        )
    html = ana.get(f"/desk/batch/{act.pk}/").content.decode()
    assert f'action="/desk/batch/{act.pk}/go-on"' in html
    assert ana.post(f"/desk/batch/{act.pk}/undo").status_code == 409
    ana.post(f"/desk/batch/{act.pk}/go-on")
    act.refresh_from_db()
    assert (act.state, len(act.before)) == ("done", 2)


def test_an_act_that_is_not_there_is_not_found(ana):
    for path, method in (("", "get"), ("go-on", "post"), ("undo", "post")):
        assert getattr(ana, method)(f"/desk/batch/424242/{path}").status_code == 404
