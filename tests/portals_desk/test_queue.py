"""The ranked queue: what a row says, what narrows the list, claims and done."""

from __future__ import annotations

import copy
import csv
import io
import re

import pytest
from django.test.utils import CaptureQueriesContext
from tests.personas import DOCUMENT
from tests.portals_desk.conftest import VIEWED, picture

from tipline.doors.portals.desk import listing, views_queue
from tipline.insight.triage.queue import claim, entry_of

pytestmark = pytest.mark.django_db


def page_of(client, query="", status=200):
    response = client.get(f"/desk/{query}")
    assert response.status_code == status
    return response.content.decode()


def numbers(html):
    return [int(number) for number in re.findall(r'id="report-(\d+)"', html)]


def urgent(why="The user wrote that they will meet the child."):
    document = copy.deepcopy(DOCUMENT)
    document["incidentSummary"]["escalateToHighPriority"] = why
    return document


@pytest.fixture
def three(filed):
    """A medium one, an urgent one, and one of another ESP that is no referral."""
    nothing = copy.deepcopy(DOCUMENT)
    nothing["incidentSummary"]["reportAnnotations"] = {"spam": True}
    return [
        filed(files=[(picture(1), VIEWED)]).pk,
        filed(document=urgent()).pk,
        filed(esp="quillnet", document=nothing).pk,
    ]


def test_the_most_dangerous_comes_first_and_says_why(ana, three):
    html = page_of(ana)

    assert numbers(html)[0] == three[1]
    assert sorted(numbers(html)) == sorted(three)
    assert "Urgent, unconfirmed: escalated by the reporter" in html
    assert "The reporter escalated the report: immediate risk." in html
    assert "US-CA" in html
    assert "<strong>3</strong> reports" in html


def test_the_first_row_is_selected_and_its_picture_stands_beside(ana, three):
    html = page_of(ana)
    pane = html[html.index('id="pane"') :]

    assert f"/desk/reports/{three[1]}/claim" in pane
    assert "<svg" in pane
    assert "As a table" in pane


def test_filters_and_sorts(ana, three):
    medium, high_and_urgent, informational = three
    shown = {
        "?band=urgent": [high_and_urgent],
        "?disposition=informational": [informational],
        "?disposition=referral": [high_and_urgent, medium],
        "?sender=quill": [informational],
        f"?q={medium}": [medium],
        "?mine=on": [],
        "?done=on": [],
        "?sort=number": [medium, high_and_urgent, informational],
        "?sort=-number": [informational, high_and_urgent, medium],
    }

    assert {query: numbers(page_of(ana, query)) for query in shown} == shown


def test_a_wrong_filter_says_what_is_wrong(ana, three):
    for query in ("?q=abc", "?q=12345678901234567", "?band=purple"):
        html = page_of(ana, query, status=422)

        assert "There is a problem" in html
        assert numbers(html) == []


def test_nothing_found_offers_the_way_back(ana, three):
    html = page_of(ana, "?q=999")

    assert "No report here" in html
    assert "Show all open reports" in html


def test_saved_views_are_links_and_mark_where_one_is(ana, three):
    html = page_of(ana, "?band=urgent")

    for name in ("All open", "Urgent", "Mine", "Referrals", "Informational", "Done"):
        assert name in html
    assert '<a href="/desk/?band=urgent" aria-current="page">Urgent' in html


def test_the_link_to_a_list_keeps_filters_and_drops_the_page(ana, three):
    html = page_of(ana, "?sender=harbor&page=1&band=&nonsense=1")

    assert '<a href="/desk/?sender=harbor">Link to this list</a>' in html


def test_long_lists_have_pages(ana, three, monkeypatch):
    monkeypatch.setattr(views_queue, "PER_PAGE", 2)

    first, second = numbers(page_of(ana)), numbers(page_of(ana, "?page=2"))

    assert (len(first), len(second)) == (2, 1)
    assert sorted(first + second) == sorted(three)


def test_counting_stops_where_nobody_reads(ana, three, monkeypatch):
    monkeypatch.setattr(listing, "MOST_LISTED", 2)
    monkeypatch.setattr(views_queue, "PER_PAGE", 1)

    html = page_of(ana)

    assert "<strong>2+</strong> reports" in html
    assert "Page 1 of 2" in html
    assert len(ana.get("/desk/queue.csv").content.decode().splitlines()) == 3


def test_the_number_of_queries_does_not_grow_with_rows(ana, filed, three, connection):
    page_of(ana)  # once, so that sessions and caches are warm
    with CaptureQueriesContext(connection) as few:
        page_of(ana)
    for n in range(3):
        filed(esp="quillnet", document=urgent(f"reason {n}"))
    with CaptureQueriesContext(connection) as many:
        assert len(numbers(page_of(ana))) == 6

    assert len(many) == len(few)
    assert len(few) <= 12


def test_the_list_as_csv_is_what_the_filter_shows(ana, three):
    response = ana.get("/desk/queue.csv?band=urgent")
    rows = list(csv.reader(io.StringIO(response.content.decode())))

    assert [row[0] for row in rows] == ["Number", str(three[1])]
    assert rows[1][1] == "Urgent"
    assert response["Content-Type"].startswith("text/csv")


def test_csv_runs_nothing_that_a_sender_wrote(ana, filed, world):
    from tipline.ground.accounts import services as accounts
    from tipline.ground.accounts.models import EspCredential
    from tipline.ground.foundation.actor import SYSTEM, OrganisationKind

    esp = accounts.add_organisation(SYSTEM, OrganisationKind.ESP, "=cmd|'/c calc'!A0")
    accounts.issue_credential(SYSTEM, esp, "evil", "a-long-generated-secret")
    world.credentials["evil"] = EspCredential.objects.select_related("organisation").get(
        username="evil"
    )
    filed(esp="evil")

    text = ana.get("/desk/queue.csv").content.decode()

    assert "'=cmd" in text
    assert ",=cmd" not in text


def test_a_claim_shows_who_has_it_and_can_be_undone(ana, signed_in, three):
    number = three[0]
    answer = ana.post(f"/desk/reports/{number}/claim", {"back": "/desk/?sender=harbor"})
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"/desk/?sender=harbor&after={number}",
    )
    assert entry_of(number).claimed_by.name == "Ana"

    html = page_of(ana)
    assert f'action="/desk/reports/{number}/release?back=' in html
    assert "You have report" in html
    assert "Ana" in page_of(signed_in("sofia"), f"?q={number}")
    assert numbers(page_of(ana, "?mine=on")) == [number]

    assert ana.post(f"/desk/reports/{number}/release").status_code == 303
    assert entry_of(number).claimed_by is None


def test_the_undo_is_offered_once(ana, three):
    ana.post(f"/desk/reports/{three[0]}/claim")

    assert 'data-key="z"' in page_of(ana)
    assert 'data-key="z"' not in page_of(ana)


def test_a_claim_by_htmx_answers_the_pane_the_cell_and_the_undo(ana, three):
    answer = ana.post(
        f"/desk/reports/{three[0]}/claim", {"back": "/desk/"}, headers={"HX-Request": "true"}
    )
    html = answer.content.decode()

    assert answer.status_code == 200
    assert "<html" not in html
    assert f'id="claimed-{three[0]}" hx-swap-oob="true">Ana' in html
    assert f'action="/desk/reports/{three[0]}/release"' in html
    assert 'id="undo"' in html


def test_nobody_takes_what_another_holds(ana, world, three):
    claim(world.actor("sofia"), three[0])

    answer = ana.post(f"/desk/reports/{three[0]}/claim")

    assert answer.status_code == 409
    assert b"Somebody else has claimed" in answer.content
    assert "Sofia has it." in page_of(ana, f"?q={three[0]}")


def test_done_leads_to_the_next_one_and_can_be_undone(ana, three, world):
    order = numbers(page_of(ana))
    answer = ana.post(f"/desk/reports/{order[1]}/done", {"back": "/desk/"})
    assert answer["Location"] == f"/desk/?after={order[1]}"

    html = page_of(ana, f"?after={order[1]}")
    assert numbers(html) == [order[0], order[2]]
    selected = html[html.index(f'id="report-{order[2]}"') :]
    assert selected.startswith(f'id="report-{order[2]}" aria-current="true"')
    undo = re.search(r'action="(/desk/reports/\d+/reopen[^"]*)"', html)[1]
    assert numbers(page_of(ana, "?done=on")) == [order[1]]

    assert ana.post(undo)["Location"] == f"/desk/?after={order[1]}"
    assert numbers(page_of(ana)) == order


def test_an_odd_place_selects_the_first(ana, three):
    for after in ("", "abc", "9" * 30, "9999999999999999", "\N{SUPERSCRIPT TWO}"):
        html = page_of(ana, f"?after={after}")

        assert f'id="report-{numbers(html)[0]}" aria-current="true"' in html


def test_an_action_leads_nowhere_else(ana, three):
    for back in ("https://elsewhere.example/", "//elsewhere.example", "/login/"):
        answer = ana.post(f"/desk/reports/{three[0]}/claim", {"back": back})

        assert answer["Location"] == f"/desk/reports/{three[0]}/"


def test_the_pane_is_a_fragment_of_one_report(ana, three):
    html = ana.get(f"/desk/pane/{three[2]}/?back=/desk/").content.decode()

    assert "<html" not in html
    assert str(three[2]) in html
    assert 'name="back" value="/desk/"' in html


def test_the_desk_does_not_exist_for_others(signed_in, three):
    paths = ("", "queue.csv", f"pane/{three[0]}/", f"reports/{three[0]}/")
    for name in ("adam", "enzo", "ines"):
        client = signed_in(name)

        assert {client.get(f"/desk/{path}").status_code for path in paths} == {404}


def test_a_stranger_signs_in_first(client, db):
    answer = client.get("/desk/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/?next=/desk/")


def test_actions_are_for_those_who_work_the_queue_and_for_reports_there_are(signed_in, ana, three):
    for deed in ("claim", "release", "done", "reopen"):
        assert signed_in("ines").post(f"/desk/reports/{three[0]}/{deed}").status_code == 404
        assert ana.post(f"/desk/reports/424242/{deed}").status_code == 404
        assert ana.get(f"/desk/reports/{three[0]}/{deed}").status_code == 405
    assert entry_of(three[0]).claimed_by is None


def test_a_clock_that_presses_says_so_in_word_and_shape(ana, world, filed):
    from tests.personas import VIEWED as STATED

    from tipline.ground.accounts.services import set_esp_profile
    from tipline.ground.foundation.actor import SYSTEM

    calm = filed(esp="quillnet")
    set_esp_profile(SYSTEM, world.organisations["Harborline"], {**STATED, "turnaround_days": 60})
    late = filed()

    html = ana.get("/desk/").content.decode()
    rows = {one.pk: html[html.index(f'id="report-{one.pk}"') :] for one in (calm, late)}
    assert "Act now" in rows[late.pk][: rows[late.pk].index("</tr>")]
    assert "▼" in rows[late.pk][: rows[late.pk].index("</tr>")]
    assert "Act now" not in rows[calm.pk][: rows[calm.pk].index("</tr>")]
    shown = ana.get(f"/desk/reports/{late.pk}/").content.decode()
    assert "usually 60 to get an answer: access logs at the ESP" in shown
