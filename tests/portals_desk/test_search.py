"""Searching by an identifier: the form, what it answers, and what it leaves in no address."""

from __future__ import annotations

import copy

import pytest
from django.test.utils import CaptureQueriesContext
from tests.personas import DOCUMENT

from tipline.ground.audit.models import LedgerEntry
from tipline.insight.entities.queries import identifiers_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def search(client, text="blue.kite", status=200, **more):
    said = {"text": text, "kind": "", "near": "on", "why": "tip", **more}
    headers = said.pop("headers", {})
    response = client.post("/desk/search/", said, headers=headers)
    assert response.status_code == status
    return response.content.decode()


def test_the_form_stands_in_the_navigation_and_asks_what_for(ana):
    html = ana.get("/desk/search/").content.decode()

    assert 'href="/desk/search/" data-key="g i" aria-current="page"' in html
    assert "What for?" in html
    assert "No filed report" not in html


def test_the_purpose_comes_before_the_value_and_is_kept_for_the_next_search(ana, report):
    html = ana.get("/desk/search/").content.decode()
    assert html.index('name="why"') < html.index('name="text"')
    assert '<option value="" selected>' in html

    search(ana, why="agency")
    search(ana, "169.229.216.200", why="agency")
    html = ana.get("/desk/search/").content.decode()
    assert '<option value="agency" selected>' in html
    search(ana, why="other", words="A drill.")
    html = ana.get("/desk/search/").content.decode()
    assert '<option value="agency" selected>' in html
    assert "A drill." not in html
    searches = LedgerEntry.objects.filter(verb="identifier.searched")
    assert [one.purpose for one in searches.order_by("pk")] == [
        "agency", "agency", "other: A drill.",
    ]  # fmt: skip


def test_what_was_found_by_report_with_role_place_and_time(ana, report):
    html = search(ana)

    assert "<strong>reported person</strong>" in html
    assert "Read as: Screen name." in html
    assert f'href="/desk/reports/{report.pk}/"' in html
    assert "Harborline" in html
    assert "/report/personOrUserReported" in html
    assert "The same" in html
    assert "band-" in html
    seen = search(ana, "169.229.216.200")
    assert "2026-11-20T09:58:00Z port 50123" in seen


def test_by_htmx_the_part_alone(ana, report):
    html = search(ana, headers=HTMX)

    assert html.lstrip().startswith('<div class="stack" id="search">')
    assert f'href="/desk/reports/{report.pk}/"' in html


def test_a_guess_can_be_corrected(ana, report):
    html = search(ana, "user-1001")
    assert "Read as: Screen name." in html
    assert "No filed report has it, nor anything like it." in html
    assert 'form="ask" name="kind" value="esp_user_id"' in html

    html = search(ana, "user-1001", kind="esp_user_id")
    assert "Read as: User id at the ESP." in html
    assert f'href="/desk/reports/{report.pk}/"' in html


def test_what_is_only_like_it_stands_apart_with_its_level(ana, filed):
    documents = [copy.deepcopy(DOCUMENT) for _n in range(2)]
    for document, phone in zip(documents, ("+1 415 555 0100", "+1 415 555 0107"), strict=True):
        person = document["personOrUserReported"][0]["personOrUserReportedPerson"]
        person["phone"] = [{"value": phone}]
    same, like = (filed(document=document).pk for document in documents)

    html = search(ana, "+14155550100")
    here = html.index("Only like it")
    assert html.index(f'id="found-{same}"') < here < html.index(f'id="found-{like}"')
    assert "Phone numbers one digit apart" in html[here:]

    html = search(ana, "+14155550100", near="")
    assert f'id="found-{like}"' not in html


def test_refusals_stand_beside_their_field_and_search_nothing(ana, report):
    for more, words in (
        ({"why": ""}, "This field is required."),
        ({"text": ""}, "This field is required."),
        ({"text": "x" * 401}, "at most 400"),
        ({"kind": "shoe size"}, "Select a valid choice"),
        ({"why": "other"}, "Say what for in your own words."),
        ({"words": "about blue.kite"}, "say it without what you search for"),
    ):
        for headers in ({}, HTMX):
            html = search(ana, **{"status": 422, "headers": headers, **more})
            assert "There is a problem" in html
            assert words in html
    assert not LedgerEntry.objects.filter(verb="identifier.searched").exists()


def test_what_cannot_be_read_says_why(ana, report):
    html = search(ana, "1990-01-01", kind="date_of_birth")
    assert "1 January, which forms give when nobody says" in html
    assert "No filed report" not in html


def test_an_identifier_of_a_report_fills_the_form_without_standing_in_the_address(ana, report):
    row = next(one for one in identifiers_of(report.pk) if one.kind == "email")
    page = ana.get(f"/desk/reports/{report.pk}/").content.decode()
    assert f'/desk/search/?like={row.pk}"' in page

    html = ana.get(f"/desk/search/?like={row.pk}").content.decode()
    assert f'value="{row.normal}"' in html
    for key in ("0", "abc", "9" * 30):
        assert ana.get(f"/desk/search/?like={key}").status_code == 404


def test_as_many_statements_for_many_reports_as_for_one(ana, filed, connection):
    filed()
    search(ana)
    with CaptureQueriesContext(connection) as one:
        search(ana)
    for _n in range(3):
        filed()
    with CaptureQueriesContext(connection) as many:
        search(ana)
    assert len(one) == len(many)


def test_only_the_clearinghouse_searches(signed_in, report):
    for name in ("adam", "ines", "enzo"):
        client = signed_in(name)
        assert client.get("/desk/search/").status_code == 404
        search(client, status=404)
