"""A film as still frames: small, grey and blurred in a strip, or one of them as it is."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from tests import parts
from tests.matching.asking import chunks_of
from tests.matching.films import film, scenes

from tipline.insight.matching import answers
from tipline.insight.matching.pictures import Unreadable, Why
from tipline.insight.matching.videos import VideoChild


@pytest.fixture(scope="module")
def video_child():
    parts.need(parts.VIDEO)
    with VideoChild() as one:
        yield one


SHOWN = scenes([1, 2, 3])


def opened(made):
    return Image.open(io.BytesIO(made.jpeg))


def test_a_strip_shows_the_wanted_frames_small_and_grey(video_child):
    made = opened(video_child.stills(*chunks_of(film(SHOWN)), [0, 2000, 4000]))

    assert made.mode == "L"
    assert made.size == (3 * answers.STILL_SIDE, answers.STILL_SIDE)
    cells = [np.asarray(made.crop((n * 160, 20, n * 160 + 160, 140)), int) for n in range(3)]
    small = [Image.fromarray(one).convert("L").resize((160, 120)) for one in SHOWN]
    apart = [[abs(cell - np.asarray(one, int)).mean() for one in small] for cell in cells]
    assert [row.index(min(row)) for row in apart] == [0, 1, 2]


def test_more_than_four_stand_in_rows(video_child):
    data = film(scenes([1, 2, 3, 4, 5]), seconds=1)
    made = opened(video_child.stills(*chunks_of(data), [0, 1000, 2000, 3000, 4000]))

    assert made.size == (4 * answers.STILL_SIDE, 2 * answers.STILL_SIDE)


def test_more_blur_leaves_less(video_child):
    sent = film(SHOWN)
    usual, more = (
        np.asarray(opened(video_child.stills(*chunks_of(sent), [0], blur=blur)), int)
        for blur in (1, 4)
    )

    assert np.abs(np.diff(more)).max() < np.abs(np.diff(usual)).max()


@pytest.mark.parametrize(("at", "scene"), [(0, 0), (2000, 1), (5000, 2), (90_000, 2)])
def test_one_frame_is_revealed_in_colour_as_it_is(video_child, at, scene):
    made = opened(video_child.still(*chunks_of(film(SHOWN)), at))

    assert made.size == (320, 240)
    found = np.asarray(made.convert("RGB"), int)
    assert np.abs(found - SHOWN[scene]).mean() < 12


def test_grey_it_has_no_colour(video_child):
    made = np.asarray(opened(video_child.still(*chunks_of(film(SHOWN)), 0, grey=True)), int)

    assert np.abs(made[..., 0] - made[..., 2]).max() <= 1


def test_what_is_no_film_says_so(video_child):
    broken = film(SHOWN)[:300] + bytes(3000)

    assert isinstance(video_child.stills(*chunks_of(broken), [0]), Unreadable)
    assert video_child.still(*chunks_of(b"\xff\xd8\xff" + bytes(99)), 0).reason is (
        Why.NOT_A_PICTURE
    )


@pytest.mark.parametrize(
    ("answer", "extra"),
    [
        ({"width": 641, "height": 1, "orientation": 1}, bytes(641)),
        ({"width": 1, "height": 481, "orientation": 1}, bytes(481)),
        ({"width": 160, "height": 160, "orientation": 1}, bytes(3 * 160 * 160)),
    ],
)
def test_a_strip_of_another_shape_is_refused(answer, extra):
    with pytest.raises(ValueError):
        answers.as_stills(answer, extra)
