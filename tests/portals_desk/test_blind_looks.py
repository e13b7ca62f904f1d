"""Blind looks on the desk: taken, answered without a hint, settled side by side."""

from __future__ import annotations

import pytest
from tests.portals_desk.conftest import UNSEEN, VIEWED, picture

from tipline.insight.annotation.models import Look
from tipline.insight.annotation.queries import labels_of
from tipline.insight.annotation.services import set_label
from tipline.insight.annotation.values import set_value
from tipline.insight.care import services as care
from tipline.insight.care.rules_wishes import Wishes
from tipline.pipeline import stages
from tipline.record.evidence.queries import files_of

FIRST = "Signs of production"


@pytest.fixture
def file(world, filed):
    """A file that Silas labelled, so that it waits for our own list."""
    [made] = files_of(filed(files=[(picture(1), VIEWED)]).pk)
    silas = world.actor("silas")
    set_label(silas, made, "apparent_csam", present=True)
    set_label(silas, made, "production", present=True)
    set_value(silas, made, "investigative", "Setting", "boathouse")
    return made


def shown(client, url) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def taken(client) -> str:
    answer = client.post("/desk/looks/take")
    assert answer.status_code == 303
    return answer["Location"]


def test_nothing_of_the_first_is_shown_before_the_answer(ana, file):
    assert "1 look waits for you" in shown(ana, "/desk/looks/")
    url = taken(ana)
    report = f"/desk/reports/{file.report_id}/"
    pages = [
        url,
        report,
        f"/desk/files/{file.sha256}/",
        "/desk/lists/own-csam/",
        "/desk/looks/",
    ]
    for page in pages:
        html = shown(ana, page)
        assert "Silas" not in html, page
        assert "boathouse" not in html, page
        assert f"<li>{FIRST}" not in html, page
        assert "aria-pressed" not in html, page
        assert "On its way" not in html, page
    stages.run(file.report_id)  # the labels count for the ranking, and are not told there either
    html = shown(ana, report)
    assert "You hold a blind look at this file" in html
    assert "The reasons are hidden while you hold a blind look" in html
    assert "signs of production" not in html.lower()

    answer = ana.post(url, {"children": "1", "content": ["apparent_csam", "production"]})
    assert answer.status_code == 303
    assert "you say the same as was said before" in shown(ana, "/desk/looks/")
    html = shown(ana, report)
    assert "Silas" in html
    assert "On its way to our own list, Apparent CSAM: 2 of 3 people." in html


def test_whoever_opened_the_report_is_offered_nothing(ana, file):
    shown(ana, f"/desk/reports/{file.report_id}/")
    assert "No second look waits for you" in shown(ana, "/desk/looks/")
    assert taken(ana) == "/desk/looks/"


def test_what_somebody_wishes_not_to_see_is_not_offered(ana, world, file):
    care.wish(world.actor("ana"), Wishes(off=frozenset({"production"})))
    assert "No second look waits for you" in shown(ana, "/desk/looks/")
    assert taken(ana) == "/desk/looks/"
    care.wish(world.actor("ana"), Wishes(off=frozenset({"bestiality"})))
    assert taken(ana) != "/desk/looks/"


def test_children_are_told_apart_and_rows_added_without_script(ana, file):
    url = taken(ana)
    said = {"children": "1", "content": "apparent_csam", "child_1": ["age_3_6", "girl"]}
    answer = ana.post(url, {**said, "more": "1"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="child_1" value="age_3_6" checked' in html
    assert 'name="child_2" value="age_3_6"' in html
    assert "There is a problem" not in html
    wrong = ana.post(url, {**said, "child_1": ["age_3_6", "age_7_11"]})
    assert wrong.status_code == 422
    assert "Say one of these of a child" in wrong.content.decode()
    for odd in ({"content": "nonsense"}, {"children": "99"}, {"child_1": "violence"}):
        assert ana.post(url, {**said, **odd}).status_code == 422, odd
    two = {**said, "children": "2", "child_2": "age_12_14"}
    assert ana.post(url, two).status_code == 303
    assert Look.objects.get().answer["children"] == [["age_3_6", "girl"], ["age_12_14"]]


def test_a_disagreement_is_settled_side_by_side_with_a_reason(ana, signed_in, file):
    ana.post(taken(ana), {"children": "1", "content": "harmless"})
    row = Look.objects.get()
    url = f"/desk/looks/{row.pk}/settle/"
    sofia = signed_in("sofia")
    assert url in shown(sofia, "/desk/looks/")
    html = shown(sofia, url)
    assert "First: Silas" in html
    assert "Second: Ana" in html
    assert FIRST in html
    assert "Harmless or not pertinent" in html
    said = {"children": "1", "content": ["apparent_csam", "production", "violence"]}
    answer = sofia.post(url, said)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    again = sofia.post(url, {**said, "reason": "Mine", "more": "1"}).content.decode()
    assert "Mine</textarea>" in again
    assert sofia.post(url, {**said, "reason": "Both look again."}).status_code == 303
    assert labels_of([file.sha256])[file.sha256] == set(said["content"])
    assert signed_in("silas").get(url).status_code == 404
    assert ana.get(url).status_code == 404


def test_a_look_is_given_back(ana, file):
    url = taken(ana)
    assert ana.post(f"{url}give-back").status_code == 303
    assert ana.get(url).status_code == 404


def test_agreement_stands_on_the_page_of_figures(ana, signed_in, filed, monkeypatch, world):
    monkeypatch.setattr("tipline.insight.annotation.looks.asking.sampled", lambda *_: True)
    assert "No content of the sample was labelled twice yet." in shown(ana, "/desk/figures/")
    [made] = files_of(filed(files=[(picture(2), UNSEEN)]).pk)
    set_label(world.actor("silas"), made, "violence", present=True)
    ana.post(taken(ana), {"children": "1", "content": "violence"})
    html = shown(ana, "/desk/figures/")
    assert "Agreement per label" in html
    assert "too few pairs" in html
