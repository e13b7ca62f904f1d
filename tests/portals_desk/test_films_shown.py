"""A film is shown as still frames, and revealed one frame at a time."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from tests import parts
from tests.evidence_origin import load, picture_in
from tests.matching.films import film, scenes
from tests.portals_desk.conftest import VIEWED
from tests.portals_desk.test_files import HTMX
from tests.portals_desk.test_looks import reveal
from tests.portals_desk.test_previews import ask, ledger

from tipline.insight.care.models import Look
from tipline.insight.matching import videos
from tipline.insight.matching.services import video_child
from tipline.record.evidence.queries import files_of

pytestmark = pytest.mark.django_db
WHY = {"why": "place", "words": "There is a sign on the wall."}


@pytest.fixture
def shown_film(filed):
    parts.need(parts.VIDEO)
    [file] = files_of(filed(files=[(film(scenes([1, 2, 3])), VIEWED)]).pk)
    yield file
    video_child().close()


def image_in(html):
    return Image.open(io.BytesIO(load(picture_in(html)).content))


def test_a_preview_is_a_strip_of_stills_and_offers_its_frames(ana, shown_film):
    html = ask(ana, shown_film, headers=HTMX).content.decode()
    strip = image_in(html)

    assert (strip.mode, strip.size) == ("L", (640, 320))
    assert "6 still frames, small, grey, blurred" in html
    assert re.findall(r'<option value="(\d+)">(\d:\d\d)<', html)[:3] == [
        ("0", "0:00"), ("1000", "0:01"), ("2000", "0:02")
    ]  # fmt: skip
    assert "<video" not in html


def test_one_frame_is_revealed_and_counted_as_one(ana, world, shown_film):
    html = reveal(ana, shown_film, {**WHY, "at_ms": "3000"}, headers=HTMX).content.decode()

    assert image_in(html).size == (320, 240)
    look = Look.objects.get()
    assert (look.kind, look.at_ms) == ("reveal", 3000)
    assert ledger(world, shown_film, "file.revealed")
    assert "Reveal the picture" in html  # the next frame


def test_without_a_script_the_page_shows_the_same(ana, shown_film):
    answer = reveal(ana, shown_film, {**WHY, "at_ms": "2000"})
    page = ana.get(answer["Location"]).content.decode()

    assert image_in(page).size == (320, 240)


@pytest.mark.parametrize("at_ms", ["", "17", "-1", "many"])
def test_a_frame_that_is_not_there_is_not_revealed(ana, shown_film, at_ms):
    answer = reveal(ana, shown_film, {**WHY, "at_ms": at_ms}, headers=HTMX)

    assert answer.status_code == 422
    assert "Which frame" in answer.content.decode()
    assert not Look.objects.exists()


def test_where_films_are_not_read_none_is_shown(ana, shown_film, monkeypatch):
    monkeypatch.setattr(videos, "readable", lambda: False)

    answer = ask(ana, shown_film)
    assert answer.status_code == 422
    assert "No preview can be made of this." in answer.content.decode()
