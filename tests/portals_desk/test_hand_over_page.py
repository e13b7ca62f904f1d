"""The hand-over's page: figures, words to the next shift, and who has read them."""

from __future__ import annotations

import re

import pytest
from tests.portals_desk.test_queue import three

from tipline.ground.foundation import clock
from tipline.insight.triage import hand_overs, queue
from tipline.insight.triage.models import HandOver, Judgement

__all__ = ["three"]
pytestmark = pytest.mark.django_db


def page(client, status: int = 200) -> str:
    answer = client.get("/desk/hand-over/")
    assert answer.status_code == status
    return answer.content.decode()


def part(html: str, name: str) -> str:
    start = html.index(f'<h2 id="{name}">')
    return html[start : html.index("</section>", start)]


def test_it_shows_what_came_what_is_urgent_and_who_has_what(ana, world, three):
    queue.claim(world.actor("sofia"), three[0])
    html = page(ana)
    assert "3 reports came" in html
    assert str(three[1]) in part(html, "urgent")
    assert "Sofia" in part(html, "claimed")
    assert str(three[0]) in part(html, "claimed")


def test_it_lists_judgements_that_wait_and_batch_acts(ana, world, three):
    from tipline.insight.triage.batches.rules import Act
    from tipline.insight.triage.batches.services import Plan, do

    Judgement.objects.create(
        report_id=three[1], question="urgency", answer="refuted", reason="A game, it says.",
        by=world.people["sofia"], at=clock.now(), needs_second=True,
    )  # fmt: skip
    act = do(world.actor("ana"), Plan("t", Act.DONE, (three[2],), "Spam."))
    html = page(ana)
    assert "Not urgent" in part(html, "second")
    assert "A game, it says." in part(html, "second")
    assert f'href="/desk/batch/{act.pk}/"' in part(html, "acts")
    assert "Spam." in part(html, "acts")


def test_one_hands_over_the_next_reads_and_each_can_take_it_back(ana, signed_in, three):
    sofia = signed_in("sofia")
    ana.post("/desk/hand-over/", {"text": "Two calls wait.", "seen": "0"})
    row = HandOver.objects.get()
    html = page(ana)
    assert "Two calls wait." in part(html, "last")
    assert f"/desk/hand-over/{row.pk}/read" not in html  # its author is not the next
    assert f"/desk/hand-over/{row.pk}/take-back" in html  # the undo

    assert f"/desk/hand-over/{row.pk}/read" in page(sofia)
    sofia.post(f"/desk/hand-over/{row.pk}/read")
    html = page(sofia)
    assert "read by Sofia" in html
    sofia.post(f"/desk/hand-over/{row.pk}/unread")
    assert "not read yet" in page(ana)
    ana.post(f"/desk/hand-over/{row.pk}/take-back")
    assert "Nobody has handed over yet" in page(ana)


def test_whoever_was_overtaken_reads_first_and_keeps_their_words(ana, world, three):
    hand_overs.hand_over(world.actor("sofia"), "Sofia's words.", seen=0)
    answer = ana.post("/desk/hand-over/", {"text": "Ana's words.", "seen": "0"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "read that first" in html
    assert "Sofia&#x27;s words." in part(html, "last")
    assert "Ana&#x27;s words.</textarea>" in html
    seen = re.search(r'name="seen" value="(\d+)"', html)[1]
    assert ana.post("/desk/hand-over/", {"text": "Ana's words.", "seen": seen}).status_code == 303


def test_nothing_written_is_said_beside_its_field(ana, three):
    answer = ana.post("/desk/hand-over/", {"text": "", "seen": "0"})
    assert answer.status_code == 422
    assert 'id="id_text_error"' in answer.content.decode()
    assert HandOver.objects.count() == 0
