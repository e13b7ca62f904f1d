"""Where flat borders end, on drawn and on saved pictures."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image
from tests.examples import few
from tests.matching.made import picture
from tests.matching.shapes import framed, jpeg, letterboxed, scene

from tipline.insight.matching.trimming import content_box


def saved(pixels: np.ndarray, quality: int) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(jpeg(pixels, quality))).convert("RGB"))


@pytest.mark.parametrize("colour", [0, 128, 255])
@pytest.mark.parametrize("border", [3, 20, 77])
def test_a_frame_is_cut_off_to_the_line(border, colour):
    pixels = framed(scene(2), border, colour)
    assert content_box(pixels) == (border, border + 384, border, border + 512)
    assert content_box(pixels[:, :, 1]) == (border, border + 384, border, border + 512)


@pytest.mark.parametrize("quality", [95, 75, 50])
@pytest.mark.parametrize("bar", [16, 45, 60])
def test_saving_with_loss_moves_it_by_a_line_at_most(bar, quality):
    box = content_box(saved(letterboxed(scene(4), bar), quality))
    assert np.abs(np.array(box) - (bar, bar + 384, 0, 512)).max() <= 1


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_picture_without_a_border_keeps_all_of_itself(seed):
    assert content_box(scene(seed)) is None
    assert content_box(saved(scene(seed), 60)) is None


def test_a_clear_sky_is_no_border():
    sky = scene(3)
    fade = np.linspace(200, 120, 150)[:, None, None]
    grain = np.random.default_rng(1).integers(-2, 3, (150, 512, 1))
    sky[:150] = np.clip(fade + grain, 0, 255)
    assert content_box(sky) is None


@pytest.mark.parametrize("kind", ["flat", "dot"])
def test_of_a_flat_picture_nothing_is_cut(kind):
    assert content_box(picture(kind, 100, 90)) is None


def test_a_border_of_less_than_a_line_in_250_is_left():
    assert content_box(framed(scene(5), 1)) is None


@given(
    arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(3))),
    st.integers(0, 6),
)
@few(40)
def test_any_picture_has_an_answer(pixels, border):
    pixels = framed(pixels, border)
    box = content_box(pixels)
    if box is not None:
        top, bottom, left, right = box
        assert 0 <= top < bottom <= pixels.shape[0]
        assert 0 <= left < right <= pixels.shape[1]
