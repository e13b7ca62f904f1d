"""The queue of proposed links: one pair at a time, side by side, judged and gone on."""

from __future__ import annotations

import copy
import re

import pytest
from django.test.utils import CaptureQueriesContext
from tests.personas import DOCUMENT

from tipline.ground.foundation import clock
from tipline.insight.entities.models import Judgement, Link, SecondLook

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def about(n, **more):
    """Somebody else of the same screen name: a proposal to each other one, and no more."""
    document = copy.deepcopy(DOCUMENT)
    reported = document["personOrUserReported"][0]
    reported["espIdentifier"] = f"user-{n}"
    reported["personOrUserReportedPerson"]["email"][0]["value"] = f"s{n}@example.org"
    reported["ipCaptureEvent"] = []
    reported.update(more)
    return document


@pytest.fixture
def proposed(filed):
    """Two reports with one proposal between them."""
    one, other = (filed(document=about(n)) for n in (1, 2))
    return Link.objects.get(low=one, high=other)


@pytest.fixture
def three(filed):
    """Three reports of one screen name, three proposals."""
    for n in range(3):
        filed(document=about(n))
    assert Link.objects.filter(state="proposed").count() == 3


def page(client, path="", status=200):
    response = client.get(f"/desk/links/{path}")
    assert response.status_code == status
    return response.content.decode()


def post(client, path, **said):
    headers = said.pop("headers", {})
    return client.post(f"/desk/links/{path}", said, headers=headers)


def here(response):
    return int(re.search(r"/desk/links/(\d+)/$", response["Location"])[1])


def test_the_way_in_says_how_much_waits_and_takes_nothing(ana, three):
    html = page(ana)

    assert 'href="/desk/links/" data-key="g k" aria-current="page"' in html
    assert "3 wait" in html
    assert "Take the first one" in html
    assert not Link.objects.filter(held_by__isnull=False).exists()


def test_two_people_get_two_pairs(ana, signed_in, three):
    mine = here(post(ana, "take"))
    theirs = here(post(signed_in("sofia"), "take"))

    assert mine != theirs
    assert here(post(ana, "take")) == mine
    assert "Go on with the two that you hold" in page(ana)
    html = page(ana, f"{theirs}/")
    assert "Sofia has these two before them." in html
    assert post(ana, f"{theirs}/judge", verdict="yes").status_code == 409
    assert Link.objects.get(pk=theirs).state == "proposed"


def test_both_sides_with_what_is_alike_marked_in_words(ana, proposed):
    html = page(ana, f"{proposed.pk}/")

    for number in (proposed.low_id, proposed.high_id):
        assert f'href="/desk/reports/{number}/"' in html
    assert re.search(r"=</span> Same screen name at the same service", html)
    assert re.search(r"≠</span> Different mailboxes", html)
    assert html.index("blue.kite") < html.index("s1@example.org")
    assert "Harborline" in html
    assert "US-CA" in html


def test_the_score_is_folded_away_until_both_sides_were_there(ana, proposed):
    html = page(ana, f"{proposed.pk}/")

    folded = html.index('<details class="card weighed"')
    assert html.index("How near") < folded
    assert "<svg" not in html[:folded]
    assert '<details class="card weighed" open' not in html


def test_the_evidence_starts_at_the_prior_and_says_what_each_bar_is(ana, filed):
    person = {"phone": [{"value": "+1 415 555 0100"}], "email": [{"value": "blue.kite@a.test"}]}
    for n in (1, 2):
        filed(document=about(n, personOrUserReportedPerson=person))
    html = page(ana, f"{Link.objects.get().pk}/")
    folded = html[html.index('<details class="card weighed"') :]

    for said in (
        "Before any evidence: one of 1,000,000 subjects and another",
        "Same phone number",
        "counted once (screen names and mailboxes)",
        "proposed from here on",
        "to 1 that they are one person, by this model",
        "Sum so far",
        "Explains, moves nothing:",
    ):
        assert said in folded


def test_an_answer_goes_to_the_next_pair_at_once(ana, three):
    first = here(post(ana, "take"))
    answer = post(ana, f"{first}/judge", verdict="yes", note="The same spelling mistake.")

    assert answer.status_code == 303
    second = here(answer)
    assert second != first
    link = Link.objects.get(pk=first)
    assert (link.state, link.held_by_id) == ("confirmed", None)
    html = page(ana, f"{second}/")
    assert "confirmed, counts" in html
    assert "2 wait" in html
    assert "you judged 1 in the last 24 hours" in html
    assert "The same spelling mistake." in page(ana, f"{first}/")


def test_by_htmx_the_next_pair_stands_in_the_place_of_the_last(ana, three):
    first = here(post(ana, "take"))
    answer = post(ana, f"{first}/judge", verdict="no", headers=HTMX)
    html = answer.content.decode()

    assert html.lstrip().startswith('<div class="stack" id="pair">')
    second = Link.objects.get(held_by__isnull=False)
    assert answer["HX-Push-Url"] == f"/desk/links/{second.pk}/"
    assert f"/desk/links/{second.pk}/judge" in html
    assert "rejected, counts nothing" in html


def test_the_last_one_ends_where_nothing_waits(ana, proposed):
    answer = post(ana, f"{proposed.pk}/judge", verdict="unsure")
    assert answer["Location"] == "/desk/links/"
    assert "Nothing waits now." in page(ana)

    Link.objects.update(state="proposed")
    answer = post(ana, f"{proposed.pk}/judge", verdict="no", headers=HTMX)
    assert "Nothing waits now." in answer.content.decode()
    assert answer["HX-Push-Url"] == "/desk/links/"


def test_undo_takes_the_answer_back_and_goes_to_its_pair(ana, signed_in, three):
    first = here(post(ana, "take"))
    second = here(post(ana, f"{first}/judge", verdict="no"))
    html = page(ana, f"{second}/")
    path = re.search(rf"/desk/links/({first}/undo/\d+)", html)[1]

    assert post(signed_in("ana"), path.replace(str(first), str(second), 1)).status_code == 404
    assert here(post(ana, path)) == first
    assert Link.objects.get(pk=first).state == "proposed"
    html = page(ana, f"{first}/")
    assert "Taken back." in html
    assert "taken back" in html[html.index('id="said"') :]


def test_whoever_was_overtaken_is_told_and_nothing_is_changed(ana, signed_in, proposed):
    seen = re.search(r'name="seen" value="(\d+)"', page(ana, f"{proposed.pk}/"))[1]
    post(signed_in("sofia"), f"{proposed.pk}/judge", verdict="no", seen=seen)
    for headers, status in (({}, 409), (HTMX, 422)):
        said = {"verdict": "yes", "seen": seen, "note": "Mine.", "headers": headers}
        answer = post(ana, f"{proposed.pk}/judge", **said)
        assert answer.status_code == status
        html = answer.content.decode()
        assert "Somebody has judged these two meanwhile" in html
        assert 'value="Mine."' in html
    assert Link.objects.get().state == "rejected"


def test_a_yes_across_what_was_told_apart_names_the_pair(ana, three):
    one, two, three_ = Link.objects.order_by("pk")
    post(ana, f"{one.pk}/judge", verdict="yes")
    post(ana, f"{two.pk}/judge", verdict="no")
    three_.refresh_from_db()
    assert three_.state == "barred"
    html = page(ana, f"{three_.pk}/")
    assert f"reports {two.low_id} and {two.high_id}" in html
    assert post(ana, f"{three_.pk}/judge", verdict="yes").status_code == 409


def test_new_evidence_and_a_second_person_are_marked(ana, proposed):
    Link.objects.update(news=["email"])
    assert "New evidence since the last decision:" in page(ana, f"{proposed.pk}/")
    Link.objects.update(news=[], state="waiting")
    assert "Waits for a second person:" in page(ana, f"{proposed.pk}/")


def test_who_looks_blindly_is_shown_nothing_that_was_said(ana, signed_in, world, proposed):
    post(signed_in("sofia"), f"{proposed.pk}/judge", verdict="no", note="Two brothers.")
    SecondLook.objects.all().delete()
    SecondLook.objects.create(
        link=proposed,
        judgement=Judgement.objects.get(),
        why="sample",
        policy="t",
        asked_at=clock.now(),
        taken_by=world.people["ana"],
        taken_at=clock.now(),
    )
    html = page(ana, f"{proposed.pk}/")
    for said in ("Two brothers.", "rejected", 'aria-pressed="true"', f"{proposed.pk}/judge"):
        assert said not in html
    assert "You hold a blind look at these two" in html
    assert post(ana, f"{proposed.pk}/judge", verdict="yes").status_code == 409
    html = ana.get(f"/desk/clusters/{proposed.low_id}/").content.decode()
    assert f"/desk/links/{proposed.pk}/" not in html


def test_what_is_left_to_others_comes_back_only_when_it_is_wanted(ana, signed_in, three):
    first = here(post(ana, "take"))
    second = here(post(ana, f"{first}/skip"))
    third = here(post(ana, f"{second}/skip", headers={}))
    assert len({first, second, third}) == 3
    assert post(ana, f"{third}/skip")["Location"] == "/desk/links/"
    assert "You have left 3 to others." in page(ana)
    assert post(ana, "take")["Location"] == "/desk/links/"
    assert here(post(signed_in("sofia"), "take")) == first
    assert here(post(ana, "take", again="1")) in (second, third)


def test_leaving_holds_nothing(ana, three):
    post(ana, "take")
    assert post(ana, "leave")["Location"] == "/desk/links/"
    assert not Link.objects.filter(held_by__isnull=False).exists()


def test_what_is_no_answer_is_refused_and_the_note_stays(ana, proposed):
    for headers in ({}, HTMX):
        answer = post(ana, f"{proposed.pk}/judge", verdict="perhaps", note="Kept.", headers=headers)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "Answer yes, no or unsure." in html
        assert 'value="Kept."' in html
    assert Link.objects.get().state == "proposed"


def test_a_pair_that_hangs_together_already_says_so(ana, three):
    first, second, third = Link.objects.order_by("low", "high")
    Link.objects.exclude(pk=second.pk).update(state="confirmed", judged=True)
    Link.objects.filter(pk=second.pk).update(effect=0)
    html = page(ana, f"{second.pk}/")
    assert "They are in one cluster already, by other links that count." in html
    assert "so this pair comes last" in html
    assert f'href="/desk/clusters/{second.low_id}/"' in html
    Link.objects.filter(pk=second.pk).update(effect=60)
    assert "A yes ties them directly." in page(ana, f"{second.pk}/")
    Link.objects.filter(pk=third.pk).update(state="rejected")
    assert "in one cluster" not in page(ana, f"{second.pk}/")
    assert "in one cluster" not in page(ana, f"{first.pk}/")


def test_how_much_waits_is_told_again(ana, three):
    assert "3 wait" in page(ana, "left/")
    first = here(post(ana, "take"))
    html = page(ana, f"{first}/")
    assert 'hx-get="/desk/links/left/"' in html


def test_as_many_statements_for_many_as_for_few(ana, filed, three, connection):
    first = here(post(ana, "take"))
    page(ana, f"{first}/")
    with CaptureQueriesContext(connection) as few:
        page(ana, f"{first}/")
    for n in range(10, 13):
        filed(document=about(n))
    with CaptureQueriesContext(connection) as many:
        page(ana, f"{first}/")
    assert len(few) == len(many)


def test_only_the_clearinghouse_and_only_links_that_are(ana, signed_in, proposed):
    for name in ("adam", "ines", "enzo"):
        client = signed_in(name)
        for path in ("", "left/", f"{proposed.pk}/"):
            page(client, path, status=404)
        for path in ("take", "leave", f"{proposed.pk}/judge", f"{proposed.pk}/skip"):
            assert post(client, path, verdict="yes").status_code == 404
    assert page(ana, "99999999/", status=404)
    assert Link.objects.get().state == "proposed"
