"""The page of a cluster: who is tied to whom by what, parting it, taking that back."""

from __future__ import annotations

import copy
import re

import pytest
from django.test.utils import CaptureQueriesContext
from tests.personas import DOCUMENT
from tests.portals_desk.conftest import VIEWED, picture

from tipline.insight.entities.judging import services
from tipline.insight.entities.models import Link

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def about(n):
    """Somebody of the same screen name, seen at an address of their own."""
    document = copy.deepcopy(DOCUMENT)
    reported = document["personOrUserReported"][0]
    reported["espIdentifier"] = f"user-{n}"
    reported["personOrUserReportedPerson"]["email"][0]["value"] = f"s{n}@example.org"
    reported["ipCaptureEvent"] = [
        {
            "ipAddress": f"169.229.216.{n}",
            "eventName": "Login",
            "dateTime": f"2026-0{n}-20T09:58:00Z",
        }
    ]
    return document


@pytest.fixture
def chain(filed, world):
    """Three reports: the first and the second confirmed, the second and the third, too."""
    files = [(picture(1), VIEWED)]
    numbers = [filed(document=about(n), files=files).pk for n in (1, 2, 3)]
    first, second, third = numbers
    ana = world.actor("ana")
    for low, high in ((first, second), (second, third)):
        services.judge(ana, Link.objects.get(low=low, high=high), "yes")
    return numbers


def page(client, number, status=200):
    response = client.get(f"/desk/clusters/{number}/")
    assert response.status_code == status
    return response.content.decode()


def split(client, number, members, note="Another person.", headers=None):
    said = {"member": members, "note": note}
    return client.post(f"/desk/clusters/{number}/split", said, headers=headers or {})


def members(html):
    return [int(number) for number in re.findall(r'id="member-(\d+)"', html)]


def states():
    return sorted(Link.objects.values_list("state", flat=True))


def test_all_members_whichever_is_asked_for_that_one_first(ana, chain):
    first, second, third = chain
    assert members(page(ana, first)) == [first, second, third]
    assert members(page(ana, third)) == [third, second, first]
    assert members(page(ana, second))[0] == second


def test_who_is_tied_to_whom_as_a_picture_and_as_a_table(ana, chain):
    html = page(ana, chain[0])
    drawn = html[html.index('class="pic pic-ties"') :]

    assert drawn.count('class="tie confirmed"') == 3  # two ties, and what the line means
    assert drawn.count('class="tie proposed"') == 2
    assert "weak bridge: without it the cluster falls into two" in drawn
    assert html.count("weak bridge</span>") == 2
    assert "Same screen name at the same service" in html
    assert f">{chain[0]} \N{EN DASH} {chain[1]}</a>" in html


def test_times_accounts_files_places_and_what_they_have_in_common(ana, chain):
    html = page(ana, chain[0])

    assert "2026-01-20 09:58 UTC" in html
    assert "log-in, 169.229.216.1" in html
    assert "<strong>3:</strong> " in html[html.index('id="accounts"') :]
    assert "s2@example.org" in html
    assert "US-CA" in html[html.index('id="places"') :]
    files = html[html.index('id="files"') : html.index('id="places"')]
    assert files.count("<code title=") == 1
    assert "<img" not in html
    assert "No agency works any of these reports" in html


def test_a_report_alone_says_so(ana, filed):
    number = filed().pk
    html = page(ana, number)

    assert members(html) == [number]
    assert "No link that counts leads from this report" in html
    assert "Part them" not in html


def test_parting_rejects_every_link_between_and_can_be_taken_back(ana, chain):
    first, second, third = chain
    answer = split(ana, first, [third])
    assert answer["Location"] == f"/desk/clusters/{first}/"
    assert states() == ["confirmed", "rejected", "rejected"]

    html = page(ana, first)
    assert members(html) == [first, second]
    assert "Told apart from:" in html
    assert "2 links tell the two sides apart" in html
    path = re.search(r'action="(/desk/links/\d+/undo/\d+\?back=[^"]+)"', html)[1]
    answer = ana.post(path.replace("&amp;", "&"))
    assert answer["Location"] == f"/desk/clusters/{first}/"
    assert members(page(ana, first)) == [first, second, third]
    assert states() == ["confirmed", "confirmed", "proposed"]


def test_parting_by_htmx_answers_the_cluster_as_it_is_now(ana, chain):
    first, _second, third = chain
    html = split(ana, first, [third], headers=HTMX).content.decode()

    assert html.lstrip().startswith('<div class="stack" id="cluster">')
    assert third not in members(html)
    assert "/undo/" in html


def test_what_cannot_be_parted_stays_with_the_reason(ana, filed, chain):
    first, second, third = chain
    stranger = filed(document=about(4)).pk
    for chosen, note, status, words in (
        ([], "Why.", 422, "Choose some of the reports, not none and not all."),
        (chain, "Why.", 422, "Choose some of the reports, not none and not all."),
        ([third], "", 422, "Say why these are parted from the others."),
        ([stranger], "Why.", 409, "No longer in this cluster"),
        (["x"], "Why.", 422, "Choose some of the reports"),
    ):
        answer = split(ana, first, chosen, note)
        html = answer.content.decode()
        assert answer.status_code == status
        assert words in html
        assert split(ana, first, chosen, note, headers=HTMX).status_code == 422
    assert members(page(ana, first)) == [first, second, third]


def test_the_report_leads_to_its_cluster_and_what_waits(ana, chain, filed):
    html = ana.get(f"/desk/reports/{chain[1]}/").content.decode()
    assert f'href="/desk/clusters/{chain[1]}/"' in html
    assert "Tied to 2 other reports by links that count" in html
    html = ana.get(f"/desk/reports/{chain[0]}/").content.decode()
    assert "1 proposed link waits for a person" in html
    lone = filed(document={"incidentSummary": {"incidentType": "Child Pornography"}}).pk
    assert "see its cluster" not in ana.get(f"/desk/reports/{lone}/").content.decode()


def test_as_many_statements_for_more_links_and_values(ana, chain, filed, world, connection):
    page(ana, chain[1])
    with CaptureQueriesContext(connection) as few:
        page(ana, chain[1])
    other = filed(document=about(5)).pk
    link = Link.objects.get(low=chain[1], high=other)
    services.judge(world.actor("ana"), link, "yes")
    with CaptureQueriesContext(connection) as many:
        html = page(ana, chain[1])
    assert other in members(html)
    assert len(few) == len(many)


def test_only_the_clearinghouse(signed_in, chain):
    for name in ("adam", "ines", "enzo"):
        client = signed_in(name)
        page(client, chain[0], status=404)
        assert split(client, chain[0], chain[2:]).status_code == 404
    assert states() == ["confirmed", "confirmed", "proposed"]
