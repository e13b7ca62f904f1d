from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.matching.golden import GOLDEN
from tests.matching.made import KINDS, picture

from tipline.insight.matching import pdq, pdq_replay, pdq_sampling
from tipline.insight.matching.hashes import HASH_BYTES, Orientation

ROWS = json.loads(GOLDEN.read_text())
TIED = {("scene", 480, 640): False, ("flat", 255, 257): True, ("ramp", 240, 320): True}


def distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def pixel_arrays(least, most):
    sides = st.integers(least, most)
    shapes = st.tuples(sides, sides, st.just(3))
    return shapes.flatmap(lambda shape: arrays(np.uint8, shape, fill=st.integers(0, 255)))


@pytest.mark.parametrize("size", sorted({(row[1], row[2]) for row in ROWS}))
def test_bit_identical_to_the_reference_library(size):
    rows = [row for row in ROWS if (row[1], row[2]) == size]
    found = [pdq.fingerprint(picture(*row[:4])) for row in rows]
    assert [[each.hex(), each.quality] for each in found] == [row[4:] for row in rows]


def test_the_golden_pictures_are_many_and_good_enough():
    assert len(ROWS) >= 250
    assert len({row[4] for row in ROWS}) > 190
    assert sum(row[5] >= 50 for row in ROWS) > 80


@pytest.mark.parametrize(("case", "tied"), TIED.items())
def test_only_near_ties_are_replayed(case, tied, monkeypatch):
    replays = []
    original = pdq_replay.replayed
    monkeypatch.setattr(pdq_replay, "replayed", lambda plane: replays.append(1) or original(plane))
    pdq.fingerprint(picture(*case))
    assert bool(replays) == tied


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(40, 61), (64, 64), (129, 200), (300, 300)])
def test_an_orientation_is_the_hash_of_the_turned_array(kind, size):
    pixels = picture(kind, *size)
    found = pdq.orientations(pixels)
    assert found.keys() == set(Orientation)
    assert found[Orientation.UPRIGHT] == pdq.fingerprint(pixels)
    for way, turned in turns(pixels).items():
        expected = pdq.fingerprint(np.ascontiguousarray(turned))
        assert distance(found[way].hash, expected.hash) <= pdq.MOST_DOUBTED, way


def twice_as_large(plane: np.ndarray) -> np.ndarray:
    """Each place between its two nearest, one axis after the other."""
    for axis, length in enumerate(plane.shape):
        at = ((np.arange(2 * length) - 0.5) / 2).clip(0, length - 1)
        low = np.floor(at).astype(int)
        high = np.minimum(low + 1, length - 1)
        share = (at - low).reshape((-1, 1) if axis == 0 else (1, -1))
        plane = plane.take(low, axis) * (1 - share) + plane.take(high, axis) * share
    return plane.astype(np.float32)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(5, 7), (40, 61), (129, 200), (300, 512)])
def test_enlarged_samples_the_picture_drawn_out_to_twice_its_size(kind, size):
    plane = picture(kind, *size)[:, :, 0].astype(np.float32)
    expected = pdq_sampling.planes(twice_as_large(plane))
    found = pdq_sampling.planes(plane, enlarged=True)
    assert np.abs(found - expected).max() < 0.001
    if kind == "scene":  # nothing in it nearly ties
        hashes = pdq.orientations(twice_as_large(plane), settled=False)
        assert pdq.enlarged(plane) == [each.hash for each in hashes.values()]


def test_a_thumbnail_is_nearer_when_it_is_enlarged():
    """The picture is sampled off its middle otherwise than its thumbnail is."""
    nearer = 0
    for seed in range(8):
        large = picture("scene", 256, 320, seed)
        small = large.reshape(128, 2, 160, 2, 3).mean((1, 3)).astype(np.uint8)
        known, bare = pdq.fingerprint(large).hash, pdq.fingerprint(small).hash
        nearer += distance(known, pdq.enlarged(small)[0]) < distance(known, bare)
    assert nearer >= 6


def test_what_no_other_program_decodes_so_is_never_replayed(monkeypatch):
    monkeypatch.setattr(pdq_replay, "replayed", None)
    pixels = picture("ramp", 240, 320)
    assert pdq.orientations(pixels, settled=False)[Orientation.UPRIGHT] == pdq.fingerprint(
        pixels, settled=False
    )


def turns(pixels):
    ways = Orientation
    return {
        ways.UPRIGHT: pixels,
        ways.ROTATE_90: np.rot90(pixels),
        ways.ROTATE_180: np.rot90(pixels, 2),
        ways.ROTATE_270: np.rot90(pixels, 3),
        ways.FLIP_X: np.flipud(pixels),
        ways.FLIP_Y: np.fliplr(pixels),
        ways.FLIP_PLUS: pixels.swapaxes(0, 1),
        ways.FLIP_MINUS: np.rot90(pixels, 2).swapaxes(0, 1),
    }


def test_a_turned_copy_is_found_exactly_through_the_orientations():
    pixels = picture("scene", 200, 320)
    known = pdq.fingerprint(pixels).hash
    for way, copy in turns(pixels).items():
        nearest = min(distance(known, each.hash) for each in pdq.orientations(copy).values())
        assert nearest == 0, way
    assert distance(known, pdq.fingerprint(np.fliplr(pixels)).hash) > 31


@given(pixel_arrays(1, 90))
def test_any_picture_has_a_hash(pixels):
    found = pdq.fingerprint(pixels)
    assert len(found.hash) == HASH_BYTES
    assert 0 <= found.quality <= 100
    assert found == pdq.fingerprint(pixels.copy())
    if min(pixels.shape[:2]) < pdq.SMALLEST_SIDE:
        assert found == pdq.Pdq(bytes(32), 0)


@given(st.integers(1, 3), st.integers(1, 2_500), st.booleans())
@settings(max_examples=25)
def test_thin_pictures_are_fine(short, long, tall):
    shape = (long, short, 3) if tall else (short, long, 3)
    assert pdq.orientations(np.full(shape, 9, np.uint8)).keys() == set(Orientation)


@given(pixel_arrays(5, 60))
@settings(max_examples=25)
def test_turning_twice_upside_down_changes_nothing(pixels):
    ways = pdq.orientations(pixels)
    half_turned = pdq.orientations(np.ascontiguousarray(pixels[::-1, ::-1]))
    for one, other in ((ways, half_turned), (half_turned, ways)):
        again = one[Orientation.ROTATE_180].hash
        assert distance(again, other[Orientation.UPRIGHT].hash) <= pdq.MOST_DOUBTED


@pytest.mark.parametrize("size", [(200, 300), (513, 700)])
def test_an_inverted_picture_has_the_complement(size):
    pixels = picture("scene", *size)
    inverted = pdq.fingerprint(255 - pixels)
    assert distance(pdq.fingerprint(pixels).hash, inverted.hash) >= 252


def test_a_luma_plane_is_hashed_as_it_is_and_left_alone():
    plane = picture("diagonal", 200, 150)[:, :, 0].astype(np.float32)
    kept = plane.copy()
    first = pdq.fingerprint(plane)
    assert np.array_equal(plane, kept)
    assert first == pdq.fingerprint(kept.astype(np.uint8))


def test_small_changes_move_few_bits():
    pixels = picture("scene", 400, 600)
    brighter = np.clip(pixels.astype(int) * 9 // 10 + 5, 0, 255).astype(np.uint8)
    halved = pixels[::2, ::2]
    known = pdq.fingerprint(pixels)
    assert distance(known.hash, pdq.fingerprint(brighter).hash) <= 10
    assert distance(known.hash, pdq.fingerprint(halved).hash) <= 31
    assert distance(known.hash, pdq.fingerprint(picture("tiles", 400, 600, 9)).hash) > 60


def test_the_hex_form_is_that_of_the_reference():
    found = pdq.fingerprint(picture("tiles", 100, 100))
    assert found.hex() == found.hash.hex()
    assert len(found.hex()) == 64
    assert int(found.hex(), 16).bit_count() <= 128
