"""Bundles on the desk: the badge, the bundle's page, a member's page, taking out and undoing."""

from __future__ import annotations

import copy
import re

import pytest
from django.test.utils import CaptureQueriesContext
from tests.personas import DOCUMENT
from tests.portals_desk.conftest import picture

from tipline.doors.portals.desk import views_bundles
from tipline.ground.accounts.models import EspProfile
from tipline.insight.triage.models import Bundle, QueueEntry
from tipline.insight.triage.queue import entry_of

pytestmark = pytest.mark.django_db


def text_of(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def numbers(html):
    return [int(number) for number in re.findall(r'<tr data-row id="report-(\d+)"', html)]


@pytest.fixture
def alike(filed):
    """Four of one thing and one about another account."""
    other = copy.deepcopy(DOCUMENT)
    other["personOrUserReported"][0]["screenName"] = "grey.heron"
    documents = [DOCUMENT] * 4 + [other]
    return [filed(esp="quillnet", files=[(picture(1), {})], document=d).pk for d in documents]


@pytest.fixture
def address(alike):
    return f"/desk/bundles/{Bundle.objects.get().pk}/"


def test_the_row_of_a_head_says_how_many_are_like_it(ana, alike, address):
    html = text_of(ana, "/desk/")

    assert sorted(numbers(html)) == [alike[0], alike[4]]
    assert f'href="{address}">+ 3 more like it</a>' in html
    assert "done takes them with it" in html[html.index('id="pane"') :]


def test_a_folded_report_is_found_by_its_number_and_says_where_it_is(ana, alike, address):
    assert numbers(text_of(ana, f"/desk/?q={alike[2]}")) == [alike[2]]

    html = text_of(ana, f"/desk/reports/{alike[2]}/")
    assert f"Folded under report {alike[0]}" in html
    assert f'href="{address}">See the bundle</a>' in html
    assert "Stands out in its bundle: Another person or account." in text_of(
        ana, f"/desk/reports/{alike[4]}/"
    )
    assert "Head of a bundle." in text_of(ana, f"/desk/reports/{alike[0]}/")


def test_the_page_shows_head_members_and_what_differs_first(ana, alike, address):
    html = text_of(ana, address)

    assert numbers(html) == [alike[0], alike[4], *alike[1:4]]
    assert "3 reports are folded" in html
    assert "1 stands out and is listed by itself" in html
    assert "<strong>Another person or account.</strong>" in html
    assert html.count("Like the head.") == 3
    assert "Done, with 3 more like it" in html
    assert "Reports per minute" in html
    assert "<svg" in html


def test_long_bundles_have_pages(ana, alike, address, monkeypatch):
    monkeypatch.setattr(views_bundles, "PER_PAGE", 2)

    assert numbers(text_of(ana, address)) == [alike[0], alike[4]]
    assert numbers(text_of(ana, f"{address}?page=3")) == [alike[3]]


def test_the_number_of_queries_does_not_grow_with_members(ana, filed, alike, address, connection):
    text_of(ana, address)
    with CaptureQueriesContext(connection) as few:
        text_of(ana, address)
    for _n in range(4):
        filed(esp="quillnet", files=[(picture(1), {})])
    with CaptureQueriesContext(connection) as many:
        assert len(numbers(text_of(ana, address))) == 9

    assert len(many) == len(few)


def test_done_with_the_head_says_what_went_with_it_and_can_be_undone(ana, alike, address):
    answer = ana.post(f"/desk/reports/{alike[0]}/done", {"back": address})
    assert answer.status_code == 303
    html = text_of(ana, address)
    assert f"Report {alike[0]} is done, and 3 more like it with it." in html
    assert "Back into the queue, with 3 more" in html
    assert numbers(text_of(ana, "/desk/")) == [alike[4]]
    assert "That one is done, and this one with it." in text_of(ana, f"/desk/reports/{alike[1]}/")

    ana.post(f"/desk/reports/{alike[0]}/reopen")
    assert sorted(numbers(text_of(ana, "/desk/"))) == [alike[0], alike[4]]


def test_a_member_is_taken_out_and_put_back(ana, alike, address):
    answer = ana.post(f"/desk/reports/{alike[1]}/bundle/leave", {"back": address})
    assert answer["Location"] == address
    html = text_of(ana, address)
    assert f"Report {alike[1]} is listed by itself now." in html
    assert f'action="/desk/reports/{alike[1]}/bundle/return"' in html
    assert "A person took it out of the bundle." in html
    assert alike[1] in numbers(text_of(ana, "/desk/"))
    assert "Taken out of its bundle" in text_of(ana, f"/desk/reports/{alike[1]}/")

    assert ana.post(f"/desk/reports/{alike[1]}/bundle/return").status_code == 303
    assert entry_of(alike[1]).folded_under_id == alike[0]


def test_what_is_no_bundle_is_not_found(ana, filed, alike, signed_in):
    filed(files=[(picture(9), {})])
    single = Bundle.objects.order_by("-pk").first()

    assert ana.get(f"/desk/bundles/{single.pk}/").status_code == 404
    assert ana.get("/desk/bundles/424242/").status_code == 404
    assert ana.post(f"/desk/reports/{alike[4] + 50}/bundle/leave").status_code == 404
    assert signed_in("ines").get(f"/desk/bundles/{single.pk - 1}/").status_code == 404


def test_the_public_is_in_no_bundle_and_leaves_none(ana, world):
    from tests.filing import PUBLIC_DOCUMENT, public_report

    report = public_report(PUBLIC_DOCUMENT)
    assert EspProfile.objects.exists()
    assert QueueEntry.objects.filter(report=report).exists()
    assert ana.post(f"/desk/reports/{report.pk}/bundle/leave").status_code == 404
    assert 'id="bundle"' not in text_of(ana, f"/desk/reports/{report.pk}/")
