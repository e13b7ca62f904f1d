from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.insight.matching.nearness import NearIndex, ScanIndex, within

HASHES = st.binary(min_size=32, max_size=32)


def flipped(value: bytes, bits) -> bytes:
    number = int.from_bytes(value)
    for bit in bits:
        number ^= 1 << int(bit)
    return number.to_bytes(32)


def naive(query: bytes, rows: np.ndarray, radius: int):
    distances = [
        (index, (int.from_bytes(query) ^ int.from_bytes(row.tobytes())).bit_count())
        for index, row in enumerate(rows)
    ]
    near = [pair for pair in distances if pair[1] <= radius]
    return sorted(near, key=lambda pair: (pair[1], pair[0]))


@pytest.fixture(scope="module")
def planted():
    """70,000 random hashes, more than one scan step, with 410 neighbours planted among them."""
    dice = np.random.default_rng(5)
    rows = dice.integers(0, 256, (70_000, 32), np.uint8)
    query = rows[123].tobytes()
    places = dice.choice(np.arange(200, 70_000), 410, replace=False)
    for turn, place in enumerate(places):
        bits = dice.choice(256, turn % 41, replace=False)
        rows[place] = np.frombuffer(flipped(query, bits), np.uint8)
    return query, rows, places


def test_every_planted_neighbour_is_found_and_nothing_else(planted):
    query, rows, places = planted
    found = within(query, rows)
    expected = {int(place): turn % 41 for turn, place in enumerate(places) if turn % 41 <= 31}
    assert dict(found) == expected | {123: 0}
    assert found == sorted(found, key=lambda pair: (pair[1], pair[0]))


@pytest.mark.parametrize("radius", [0, 1, 15, 31, 40])
def test_the_scan_says_what_counting_bits_says(planted, radius):
    query, rows, _places = planted
    assert within(query, rows[:3_000], radius) == naive(query, rows[:3_000], radius)


@given(HASHES, st.lists(HASHES, max_size=30), st.integers(0, 256))
def test_any_radius_over_any_hashes(query, values, radius):
    rows = np.frombuffer(b"".join(values), np.uint8).reshape(-1, 32)
    assert within(query, rows, radius) == naive(query, rows, radius)


def test_a_slice_of_a_wider_table_is_scanned_rightly():
    table = np.random.default_rng(1).integers(0, 256, (50, 40), np.uint8)
    rows = table[:, 4:36]
    assert within(rows[7].tobytes(), rows, 0) == [(7, 0)]


@pytest.mark.parametrize("value", [b"", bytes(31), bytes(33)])
def test_a_hash_of_another_length_is_refused(value):
    with pytest.raises(ValueError, match="32 bytes"):
        within(value, np.zeros((1, 32), np.uint8))
    with pytest.raises(ValueError, match="32 bytes"):
        ScanIndex().add(1, value)
    with pytest.raises(ValueError, match="32 bytes"):
        within(bytes(32), np.zeros((2, 31), np.uint8))


@given(st.lists(st.tuples(st.integers(), HASHES), max_size=20), HASHES)
def test_the_index_answers_with_the_keys_it_was_given(entries, query):
    index: NearIndex = ScanIndex()
    for key, value in entries:
        index.add(key, value)
    rows = np.frombuffer(b"".join(value for _key, value in entries), np.uint8).reshape(-1, 32)
    expected = [(entries[place][0], bits) for place, bits in naive(query, rows, 100)]
    assert index.search(query, 100) == expected


def test_the_index_grows_and_finds_what_was_just_added():
    index = ScanIndex()
    for number in range(2_500):
        value = number.to_bytes(32)
        index.add(number, value)
    assert len(index) == 2_500
    assert index.search((2_499).to_bytes(32), 0) == [(2_499, 0)]
    assert index.search((1_023).to_bytes(32), 0) == [(1_023, 0)]
