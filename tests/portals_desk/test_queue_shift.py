"""The queue's page in a shift: narrowing, views of one's own, what is new, leases, memes."""

from __future__ import annotations

import re

import pytest
from django.test.utils import CaptureQueriesContext
from tests.portals_desk.test_queue import numbers, page_of, three, urgent

from tipline.insight.triage import queue
from tipline.insight.triage.models import Assessment, QueueEntry, SavedView

__all__ = ["three"]
pytestmark = pytest.mark.django_db


def undo_of(html: str) -> str:
    box = html[html.index('id="undo"') :]
    return re.search(r'<form method="post" action="([^"]+)"', box)[1].replace("&amp;", "&")


class TestNarrowing:
    def test_every_filter_stands_in_the_address_and_narrows(self, ana, three):
        medium, high_and_urgent, _informational = three
        shown = {
            "?level=1": [high_and_urgent],
            "?urgency=unconfirmed": [high_and_urgent],
            "?lane=minor_suspect": [],
            "?type=csam&sort=number": sorted(three),
            "?type=none": [],
            "?place=us-ca&sort=number": sorted(three),
            "?place=DE": [],
            "?new=on": [medium],
            "?due=1": [],
            "?claimed=nobody&sort=number": sorted(three),
            "?claimed=anybody": [],
            "?age=1h&sort=number": sorted(three),
            "?age=over-1d": [],
        }
        assert {query: numbers(page_of(ana, query)) for query in shown} == shown
        html = page_of(ana, "?level=1&place=us-ca&new=&page=1&nonsense=1")
        assert '<a href="/desk/?level=1&amp;place=us-ca">Link to this list</a>' in html
        assert 'href="/desk/queue.csv?level=1&amp;place=us-ca"' in html
        assert '<details class="more-filters" data-key="f" open>' in html

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("?level=9", "level"),
            ("?lane=fast", "lane"),
            ("?urgency=very", "urgency"),
            ("?type=other", "type"),
            ("?place=California", "place"),
            ("?place=%25", "place"),
            ("?due=2", "due"),
            ("?claimed=me", "claimed"),
            ("?age=1y", "age"),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field(self, ana, three, query, field):
        html = page_of(ana, query, status=422)
        assert f'<a href="#id_{field}">' in html
        assert f'id="id_{field}_error"' in html
        assert numbers(html) == []
        assert ana.get(f"/desk/queue.csv{query}").status_code == 404

    def test_filters_views_and_summaries_cost_a_constant_number_of_queries(
        self, ana, three, connection
    ):
        page_of(ana)
        with CaptureQueriesContext(connection) as plain:
            page_of(ana)
        query = "?level=E&place=US&due=90&claimed=nobody&age=7d&new=on&type=csam&lane=general"
        with CaptureQueriesContext(connection) as narrowed:
            page_of(ana, query)
        assert len(narrowed) <= len(plain) < 13


class TestViews:
    def test_a_list_is_kept_found_again_and_taken_back(self, ana, signed_in, three):
        answer = ana.post("/desk/views/", {"name": "Night", "band": "urgent", "shared": "on"})
        assert (answer.status_code, answer["Location"]) == (303, "/desk/?band=urgent")
        html = page_of(ana, "?band=urgent")
        assert ">Night</a>" in html
        assert "Night (Ana)" in page_of(signed_in("sofia"))
        ana.post(undo_of(html))
        assert "Night" not in page_of(signed_in("sofia"))

    def test_one_that_is_not_shared_is_nobody_elses(self, ana, signed_in, three):
        ana.post("/desk/views/", {"name": "Night", "band": "urgent"})
        assert "Night" not in page_of(signed_in("sofia"))
        assert "Night" not in signed_in("sofia").get("/desk/views/").content.decode()

    def test_it_is_renamed_and_deleted_and_each_is_undone(self, ana, three):
        ana.post("/desk/views/", {"name": "Night", "band": "urgent"})
        row = SavedView.objects.get()
        ana.post(f"/desk/views/{row.pk}/change", {"name": "Day", "shared": "on"})
        html = ana.get("/desk/views/").content.decode()
        assert "Danger: Urgent" in html
        assert 'value="Day"' in html
        ana.post(undo_of(html))
        row.refresh_from_db()
        assert (row.name, row.shared) == ("Night", False)
        ana.post(f"/desk/views/{row.pk}/delete")
        ana.post(undo_of(ana.get("/desk/views/").content.decode()))
        assert SavedView.objects.get().name == "Night"

    def test_a_wrong_name_comes_back_beside_its_field(self, ana, three):
        answer = ana.post("/desk/views/", {"name": " ", "band": "urgent"})
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "There is a problem" in html
        assert 'name="band" value="urgent"' in html  # the list that was to be kept
        ana.post("/desk/views/", {"name": "A", "band": "urgent"})
        ana.post("/desk/views/", {"name": "B", "band": "low"})
        second = SavedView.objects.get(name="B")
        answer = ana.post(f"/desk/views/{second.pk}/change", {"name": "A"})
        assert answer.status_code == 422
        assert f'id="id_view{second.pk}_name_error"' in answer.content.decode()

    def test_an_undo_of_somebody_else_or_made_up_is_not_found(self, ana, signed_in, three):
        ana.post("/desk/views/", {"name": "Night", "band": "urgent"})
        ana.post(f"/desk/views/{SavedView.objects.get().pk}/delete")
        undo = undo_of(ana.get("/desk/views/").content.decode())
        assert signed_in("sofia").post(undo).status_code == 404
        assert ana.post("/desk/views/put-back?view=nonsense").status_code == 404
        assert SavedView.objects.count() == 0


class TestNews:
    def poll_of(self, html: str) -> str:
        return re.search(r'id="poll"[^>]*hx-get="([^"]+)"', html)[1].replace("&amp;", "&")

    def test_nothing_is_said_while_nothing_comes(self, ana, three):
        answer = ana.get(self.poll_of(page_of(ana)) + "&said=0-0-0")
        assert "<strong>" not in answer.content.decode()
        assert 'id="news"' not in answer.content.decode()

    def test_what_comes_is_counted_said_once_and_shown_by_a_link(self, ana, filed, three):
        poll = self.poll_of(page_of(ana))
        filed(document=urgent())
        filed(esp="quillnet")
        html = ana.get(f"{poll}&said=0-0-0").content.decode()
        assert "2 new reports" in html
        assert "1 urgent" in html
        assert 'role="status" aria-live="polite" hx-swap-oob="true"' in html
        assert '<a href="/desk/" data-key="R"' in html
        said = re.search(r'name="said" value="([^"]+)"', html)[1]
        again = ana.get(f"{poll}&said={said}").content.decode()
        assert 'id="news"' not in again

    def test_only_what_fits_the_list_is_news(self, ana, filed, three):
        poll = self.poll_of(page_of(ana, "?sender=quill"))
        filed(document=urgent())
        assert "<strong>" not in ana.get(poll).content.decode()

    def test_who_has_a_row_now_is_told_in_its_cell(self, ana, world, three):
        poll = self.poll_of(page_of(ana))
        queue.claim(world.actor("sofia"), three[0])
        queue.mark_done(world.actor("sofia"), three[2], done=True)
        html = ana.get(poll).content.decode()
        assert f'id="claimed-{three[0]}" hx-swap-oob="true">Sofia' in html
        assert f'id="claimed-{three[2]}" hx-swap-oob="true">Sofia, done' in html

    def test_odd_questions_get_plain_answers(self, ana, three):
        assert ana.get("/desk/news/?rows=,x,9999999999999999999,1&since=zero").status_code == 200
        assert ana.get("/desk/news/?band=purple").status_code == 404


class TestLeases:
    def test_the_time_left_is_shown_and_lengthened(self, ana, signed_in, three):
        ana.post(f"/desk/reports/{three[0]}/claim")
        html = page_of(ana, f"?q={three[0]}")
        assert "You have it." in html
        assert "29 min left" in html
        assert "Keep for half an hour more" in html
        others = page_of(signed_in("sofia"), f"?q={three[0]}")
        assert "Sofia has it." not in others
        assert "Keep for half an hour more" not in others
        QueueEntry.objects.filter(report_id=three[0]).update(
            claimed_until=queue.clock.now() + queue.CLAIM / 3
        )
        assert "9 min left" in page_of(ana, f"?q={three[0]}")
        ana.post(f"/desk/reports/{three[0]}/claim")
        assert "29 min left" in ana.get(f"/desk/reports/{three[0]}/").content.decode()


class TestMemes:
    def listed(self, number: int) -> None:
        facts = {"incident_type": "csam", "all_files_on_viral_list": True}
        Assessment.objects.filter(report_id=number).update(facts=facts)

    def test_one_is_closed_with_one_press_and_comes_back(self, ana, three):
        self.listed(three[0])
        html = page_of(ana, f"?q={three[0]}")
        assert f'action="/desk/reports/{three[0]}/meme"' in html
        ana.post(f"/desk/reports/{three[0]}/meme", {"back": "/desk/"})
        html = page_of(ana)
        assert three[0] not in numbers(html)
        assert "is closed as a meme" in html
        assert "Ana, done as a meme" in page_of(ana, "?done=on")
        ana.post(undo_of(html))
        assert three[0] in numbers(page_of(ana))

    def test_what_is_none_says_why(self, ana, three):
        html = page_of(ana, f"?q={three[0]}")
        assert f"/desk/reports/{three[0]}/meme" not in html
        assert "Not every file is on our own viral list." in html
        assert "The reporter escalated the report" in page_of(ana, f"?q={three[1]}")
        answer = ana.post(f"/desk/reports/{three[0]}/meme")
        assert answer.status_code == 409
        assert b"It cannot be closed as a meme." in answer.content


def test_the_pane_and_the_report_say_what_would_change_it(ana, three):
    for html in (
        page_of(ana, f"?q={three[0]}"),
        ana.get(f"/desk/reports/{three[0]}/").content.decode(),
    ):
        assert re.search(r"\d+ points to (Medium|High). Each of these alone would do:", html)
        assert re.search(r"An accepted link|A second child|access to children", html)
    assert "points to" not in page_of(ana, f"?q={three[1]}")  # urgent: there is no line above
