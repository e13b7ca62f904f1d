"""A picture is revealed for a reason, closed again, and stopped by a limit with a plain page."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from tests.evidence_origin import load, picture_in
from tests.portals_desk.test_files import HTMX, card
from tests.portals_desk.test_previews import ask, ledger, shown

from tipline.insight.care import queries, services
from tipline.insight.care.models import Break, Look
from tipline.insight.care.rules import Limits
from tipline.insight.care.rules_wishes import Wishes

pytestmark = pytest.mark.django_db
WHY = {"why": "age", "words": "It cannot be told from the small one."}


def url(file, deed):
    return f"/desk/reports/{file.report_id}/files/{file.file_id}/{deed}"


def reveal(client, file, said=None, **more):
    return client.post(url(file, "reveal"), WHY if said is None else said, **more)


def image_of(client, answer):
    return Image.open(io.BytesIO(load(shown(client, answer)).content))


def is_grey(image):
    return image.mode == "L" or all(low == high for low, high in _spread(image))


def _spread(image):
    red, green, blue = image.convert("RGB").split()
    return [(red.tobytes(), green.tobytes()), (green.tobytes(), blue.tobytes())]


def test_a_preview_offers_to_reveal_and_a_closed_file_does_not(ana, files):
    answer = ask(ana, files.viewed, headers=HTMX).content.decode()
    page = ana.get(f"/desk/reports/{files.viewed.report_id}/").content.decode()

    assert "Reveal the picture" in answer
    assert "Reveal the picture" not in page


def test_revealed_it_is_larger_in_colour_and_on_the_ledger_with_both_reasons(ana, world, files):
    answer = reveal(ana, files.viewed)
    assert answer.status_code == 303
    picture = image_of(ana, answer)

    assert max(picture.size) == 320  # as it is: the preview has 256
    assert not is_grey(picture)
    (entry,) = ledger(world, files.viewed, "file.revealed")
    assert entry["purpose"] == "age: It cannot be told from the small one."
    assert Look.objects.get().kind == "reveal"


def test_by_htmx_the_card_shows_it_and_offers_no_more(ana, files):
    html = reveal(ana, files.viewed, headers=HTMX).content.decode()

    assert 'class="preview revealed"' in html
    assert load(picture_in(html)).status_code == 200
    assert "Reveal the picture" not in html
    assert "Close the picture" in html


@pytest.mark.parametrize(
    "said",
    [{}, {"why": "age"}, {"why": "nonsense", "words": "A reason."}, {"why": "age", "words": "  "}],
)
def test_without_both_reasons_nothing_is_revealed(ana, files, said):
    for more in ({}, {"headers": HTMX}):
        answer = reveal(ana, files.viewed, said, **more)
        assert answer.status_code == 422
        assert "<img" not in answer.content.decode()
        assert "Reveal the picture" in answer.content.decode()

    assert not Look.objects.exists()


def test_the_gate_stops_a_reveal_as_it_stops_a_preview(ana, files):
    answer = reveal(ana, files.unseen)

    assert answer.status_code == 403
    assert "closed by rule 5" in answer.content.decode()
    assert not Look.objects.exists()


def test_whoever_wishes_sees_greys_and_more_blur(ana, world, files):
    usual = image_of(ana, ask(ana, files.viewed))
    services.wish(world.actor("ana"), Wishes(more_blur=True, stay_grey=True))
    more = image_of(ana, ask(ana, files.viewed))

    assert is_grey(image_of(ana, reveal(ana, files.viewed)))
    spread = [high - low for low, high in (usual.getextrema(), more.getextrema())]
    assert spread[1] < spread[0]


def test_closing_it_shows_the_card_without_it(ana, files):
    ask(ana, files.viewed)
    plain = ana.post(url(files.viewed, "close"))
    fragment = ana.post(url(files.viewed, "close"), headers=HTMX).content.decode()

    assert plain.status_code == 303
    assert "<img" not in card(fragment, files.viewed)
    assert Look.objects.get().seconds is not None


def test_a_limit_answers_with_a_plain_page_and_work_goes_on(ana, world, files):
    services.set_limit(world.actor("sofia"), None, Limits(1), "A hard month.")
    ask(ana, files.viewed)
    plain, fragment = ask(ana, files.viewed), ask(ana, files.viewed, headers=HTMX)

    said = plain.content.decode()
    assert plain.status_code == 403
    assert "That is enough looking for now" in said
    assert "A hard month. (set by Sofia)" in said
    assert fragment["HX-Redirect"] == "/desk/care/enough/"
    assert "which is the limit" in ana.get("/desk/care/enough/").content.decode()
    assert ana.get(f"/desk/reports/{files.viewed.report_id}/").status_code == 200
    assert Look.objects.count() == 1


def test_the_page_of_enough_says_when_it_is_over(ana):
    assert "You may look again" in ana.get("/desk/care/enough/").content.decode()


@pytest.fixture
def tired(world, files):
    for _ in range(queries.policy().breaks.after_looks):
        services.looked(world.actor("ana"), files.viewed, "preview", "to compare")


def test_a_break_is_offered_beside_the_picture(ana, files, tired):
    html = ask(ana, files.viewed, headers=HTMX).content.decode()
    page = ana.get(ask(ana, files.viewed)["Location"]).content.decode()

    for said in (html, page):
        assert "pictures without a pause" in said
        assert "Take a break" in said


def test_a_break_is_taken_or_put_off(ana, tired):
    assert ana.post("/desk/care/later").status_code == 303
    assert "without a pause" not in ana.get("/desk/care/").content.decode()
    assert ana.post("/desk/care/break/").status_code == 303
    assert "Your break lasts until" in ana.get("/desk/care/").content.decode()
    assert list(Break.objects.order_by("pk").values_list("taken", flat=True)) == [False, True]


def test_a_persons_page_shows_their_looks_and_nobody_elses(ana, signed_in, files):
    ask(ana, files.viewed)
    reveal(ana, files.viewed)

    assert "2 looks, 1 revealed" in ana.get("/desk/care/").content.decode()
    assert "0 looks, 0 revealed" in signed_in("sofia").get("/desk/care/").content.decode()


def test_wishes_are_kept_by_a_form(ana, world):
    answer = ana.post("/desk/care/", {"off": ["violence"], "looks": "30", "more_blur": "on"})

    assert answer.status_code == 303
    wishes = queries.wishes_of(world.actor("ana"))
    assert wishes == Wishes(frozenset({"violence"}), 30, more_blur=True)
    assert 'name="looks" value="30"' in ana.get("/desk/care/").content.decode()


@pytest.mark.parametrize("said", [{"off": ["nonsense"]}, {"looks": "-1"}, {"looks": "many"}])
def test_a_wish_that_cannot_be_read_is_told_beside_its_field(ana, world, said):
    answer = ana.post("/desk/care/", said)

    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert queries.wishes_of(world.actor("ana")) == Wishes()


def test_a_supervisor_sees_words_and_sets_a_limit(signed_in, world, files):
    sofia, ana = signed_in("sofia"), world.people["ana"]
    said = {"person": ana.pk, "looks": "2", "reveals": "", "why": "At her wish."}
    assert sofia.post("/desk/care/team/", said).status_code == 303
    for _ in range(2):
        services.looked(world.actor("ana"), files.viewed, "preview", "to compare")
    page = sofia.get("/desk/care/team/").content.decode()

    assert "limit reached" in page
    assert "At her wish." in page
    assert "2 looks, 0 revealed" in page  # of all together
    assert signed_in("ana").get("/desk/care/team/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"why": ""}, "required"),
        ({"looks": "-3"}, "greater than or equal to 0"),
        ({"looks": "3", "reveals": "4"}, "A reveal is a look, too"),
        ({"person": "99999"}, "valid choice"),
    ],
)
def test_a_limit_with_holes_is_not_set(signed_in, world, changes, words):
    said = {"person": "", "looks": "9", "reveals": "", "why": "For all.", **changes}
    answer = signed_in("sofia").post("/desk/care/team/", said)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert queries.limits_of(world.actor("ana")) == queries.policy().limits
