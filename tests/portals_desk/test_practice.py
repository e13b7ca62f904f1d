"""Practice looks and works like the studio, says PRACTICE everywhere, and leaves nothing."""

from __future__ import annotations

import pytest
from django.apps import apps

from tipline.insight.annotation import vocabulary
from tipline.insight.care.rules_practice import exercise

pytestmark = pytest.mark.django_db
REASON = {"why": "content", "words": "The corners cannot be told."}


def rows():
    kept = [one for one in apps.get_models() if one._meta.label != "sessions.Session"]
    return {one._meta.label: one._default_manager.count() for one in kept}


def answer_to(number):
    groups = vocabulary.own().groups
    said = {"n": number, "label": []}
    for code in exercise(number).answer:
        group = vocabulary.own().by_code[code].group
        if groups[group].one_only:
            said[f"label-{group}"] = code
        else:
            said["label"].append(code)
    return said


def page(client, number=1, **said):
    path = f"/desk/practice/?n={number}"
    return (client.post(path, {"n": number, **said}) if said else client.get(path)).content.decode()


def test_the_picture_and_the_page_say_practice(ana):
    html = page(ana)
    picture = html[html.index('<svg xmlns="http://www.w3.org/2000/svg" class="practice-picture"') :]
    picture = picture[: picture.index("</svg>")]

    assert "<h1>PRACTICE: picture 1</h1>" in html
    assert picture.count(">PRACTICE</text>") == 3
    assert 'filter="url(#veil)"' in picture
    assert "<img" not in html


def test_it_is_revealed_for_a_reason_as_a_real_one_is(ana):
    refused = ana.post("/desk/practice/", {"n": 1, "reveal": "1", "why": "content", "words": ""})
    shown = page(ana, 1, reveal="1", label=["violence"], **REASON)

    assert refused.status_code == 422
    assert "url(#veil)" in refused.content.decode()
    assert "url(#veil)" not in shown
    assert 'value="violence" checked' in shown


@pytest.mark.parametrize("number", [1, 2, 3, 7, 11])
def test_the_right_answer_is_all_right(ana, number):
    html = ana.post("/desk/practice/", answer_to(number)).content.decode()

    assert "All right" in html
    assert "Missed:" not in html
    assert "Not there:" not in html
    assert f"?n={number + 1}" in html


def test_a_wrong_answer_says_what_was_missed_and_what_is_not_there(ana):
    html = page(ana, 1, label=["bestiality", "no-such-label"])

    assert "Not quite" in html
    assert "Missed:" in html
    assert "Not there:</" in html or "Not there: Bestiality" in html
    assert "no-such-label" not in html


def test_all_labels_stand_there_with_their_keys(ana):
    html = page(ana)

    for label in vocabulary.own().in_force:
        if label.subject == "content" or label.group == "age":
            assert f'value="{label.code}"' in html
            assert f'data-key="{label.key}"' in html


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999"])
def test_an_odd_number_is_the_first(ana, number):
    assert "picture 1<" in ana.get("/desk/practice/", {"n": number}).content.decode()


def test_nothing_is_stored_counted_or_told(ana):
    before = rows()
    page(ana, 1)
    page(ana, 1, reveal="1", **REASON)
    ana.post("/desk/practice/", answer_to(1))

    assert rows() == before


def test_practice_is_for_the_desk(signed_in):
    for name in ("ines", "enzo", "adam"):
        assert signed_in(name).get("/desk/practice/").status_code == 404
