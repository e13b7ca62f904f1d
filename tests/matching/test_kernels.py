"""Each kernel against counting bits: every radius, the worst cases, clusters, equals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests import parts
from tests.matching.planted import clustered, distance, flipped, near, worst

from tipline.insight.matching.index.bands import bands_of
from tipline.insight.matching.index.kernels import Choice, compiled
from tipline.insight.matching.index.kernels_numpy import KERNEL
from tipline.insight.matching.index.layout import SHUFFLE, SMALL, Shape, shape_of, shuffled

HASHES = st.binary(min_size=32, max_size=32)
#: As a small segment lists its entries, and as a large one does.
SHAPES = st.builds(Shape, st.just(4), st.integers(0, 12)) | st.builds(
    Shape, st.just(1), st.integers(0, 16)
)


@pytest.fixture(scope="module", params=["numpy", "numba"])
def kernel(request, tmp_path_factory):
    if request.param == "numpy":
        return KERNEL
    parts.need(parts.NUMBA)
    return compiled(tmp_path_factory.mktemp("compiled"))


def told(found, asked=0):
    """The answers to one question, nearest first."""
    rows = zip(*(column.tolist() for column in found), strict=True)
    mine = [(place, distance) for which, place, distance in rows if which == asked]
    return sorted(mine, key=lambda one: one[::-1])


def ring(kernel, values, query, radius, shape=None):
    words = shuffled(b"".join(values))
    return told(kernel.ring(bands_of(words, shape), kernel.questions(query), radius))


def scan(kernel, values, query, radius):
    columns = np.ascontiguousarray(shuffled(b"".join(values)).T)
    return told(kernel.scan(columns, len(values), kernel.questions(query), radius))


def test_the_shuffle_moves_every_bit_once_and_keeps_distances():
    assert sorted(SHUFFLE.tolist()) == list(range(256))
    values = clustered(50, 3)
    words = shuffled(b"".join(values))
    for value, mixed in zip(values, words, strict=True):
        assert distance(mixed.tobytes(), words[0].tobytes()) == distance(value, values[0])


def test_the_shuffle_is_that_of_the_files_that_were_written():
    """Another one would not read a single segment that exists."""
    assert SHUFFLE[:8].tolist() == [96, 131, 101, 246, 105, 197, 176, 157]


def test_a_small_segment_has_four_tables_for_each_band_and_a_large_one_has_one():
    assert shape_of(1) == (4, 0)
    assert shape_of(100_000) == shape_of(SMALL) == (4, 12)
    assert shape_of(SMALL + 1) == (1, 16)


@pytest.fixture(scope="module", params=[None, Shape(1, 10)], ids=["small", "large"])
def planted(request):
    """4,000 random hashes; among them 40 at each distance from one of five, and its worst cases."""
    dice = np.random.default_rng(5)
    rows = [dice.bytes(32) for _row in range(4_000)]
    queries = rows[:5]
    for turn in range(1_280):
        bits = dice.choice(256, turn % 32, replace=False)
        rows[10 + turn] = flipped(queries[turn % 5], bits)
    for turn in range(320):
        rows[2_000 + turn] = worst(queries[turn % 5], SHUFFLE, turn)
    words = shuffled(b"".join(rows))
    return queries, rows, bands_of(words, request.param)


@pytest.mark.parametrize("radius", range(32))
def test_whatever_lies_within_the_radius_is_found_and_nothing_else(kernel, planted, radius):
    queries, rows, bands = planted
    found = kernel.ring(bands, kernel.questions(b"".join(queries)), radius)
    for turn, query in enumerate(queries):
        assert told(found, turn) == near(query, enumerate(rows), radius)


def test_the_worst_cases_are_31_bits_away_and_all_found(kernel, planted):
    queries, rows, bands = planted
    assert {distance(queries[turn % 5], rows[2_000 + turn]) for turn in range(320)} == {31}
    for turn, query in enumerate(queries):
        found = kernel.ring(bands, kernel.questions(query), 31)
        assert {2_000 + one for one in range(turn, 320, 5)} <= set(found.places.tolist())


@given(st.integers(1, 400), st.integers(0, 2**32), st.integers(0, 31), SHAPES)
@example(400, 1, 31, Shape(4, 0))
@example(400, 1, 31, Shape(1, 0))
def test_clusters_and_equals(kernel, count, seed, radius, shape):
    values = clustered(count, seed)
    query = values[seed % count]
    assert ring(kernel, values, query, radius, shape) == near(query, enumerate(values), radius)
    assert scan(kernel, values, query, radius) == near(query, enumerate(values), radius)


@given(st.lists(HASHES, min_size=5, max_size=9))
def test_a_question_alone_is_made_otherwise_and_is_the_same(values):
    """Alone by a table of bytes, with four others step by step."""
    together = KERNEL.questions(b"".join(values))
    for number, value in enumerate(values):
        for one, all_of_them in zip(KERNEL.questions(value), together, strict=True):
            assert one[0].tolist() == all_of_them[number].tolist()


@given(HASHES, st.lists(HASHES, min_size=1, max_size=30), st.integers(0, 31), SHAPES)
def test_any_hashes(kernel, query, values, radius, shape):
    assert ring(kernel, values, query, radius, shape) == near(query, enumerate(values), radius)


@given(HASHES, st.lists(st.integers(0, 255), max_size=31, unique=True), st.integers(0, 31), SHAPES)
def test_any_few_bits_from_anything(kernel, value, bits, radius, shape):
    """What Hypothesis likes to try (all zeros, all ones, neighbours) is what bands dislike."""
    other = flipped(value, bits)
    expected = [(0, len(bits))] if len(bits) <= radius else []
    assert ring(kernel, [other], value, radius, shape) == expected


@pytest.mark.parametrize("radius", [0, 31, 32, 100, 256])
def test_a_scan_goes_to_any_radius(kernel, radius):
    values = clustered(40_000, 8)  # more than one step
    query = values[39_999]
    words = shuffled(b"".join(values))
    expected = np.bitwise_count(words ^ shuffled(query)).sum(1)
    found = dict(scan(kernel, values, query, radius))
    assert found == {place: int(expected[place]) for place in np.flatnonzero(expected <= radius)}


@pytest.mark.parametrize("shape", [None, Shape(1, 11)])
def test_thousands_of_equals_are_all_told(kernel, shape):
    values = [bytes(32)] * 3_000 + [flipped(bytes(32), range(31))] * 2_000
    assert len(ring(kernel, values, bytes(32), 31, shape)) == 5_000
    assert len(ring(kernel, values, bytes(32), 30, shape)) == 3_000


class TestChoice:
    def test_numpy_searches_until_the_compiled_one_is_ready(self, tmp_path):
        choice = Choice()
        assert choice.kernel.name == "numpy"
        choice.prepare(tmp_path)
        assert choice.kernel.name == ("numba" if parts.NUMBA.find() else "numpy")
        assert not choice.untried

    def test_what_was_compiled_is_kept_in_the_home_folder(self, tmp_path):
        parts.need(parts.NUMBA)
        compiled(tmp_path / "compiled")
        assert list((tmp_path / "compiled").rglob("*.nbc"))

    def test_a_folder_that_cannot_be_written_does_no_harm(self, tmp_path):
        parts.need(parts.NUMBA)
        (tmp_path / "file").write_text("not a folder")
        assert compiled(tmp_path / "file" / "compiled").name == "numba"

    @pytest.mark.parametrize("pattern", ["*.nbi", "*.nbc"])
    def test_kept_code_that_was_damaged_is_not_run(self, tmp_path, pattern):
        parts.need(parts.NUMBA)
        folder = tmp_path / "compiled"
        compiled(folder)
        for path in folder.rglob(pattern):
            whole = bytearray(path.read_bytes())
            whole[len(whole) // 2] ^= 1
            path.write_bytes(whole)
        before = {path: path.read_bytes() for path in folder.rglob("*.nb?")}
        choice = Choice()
        choice.prepare(folder)
        assert choice.kernel.name == "numba"
        changed = {path for path in before if path.read_bytes() != before[path]}
        assert changed >= set(folder.rglob(pattern))

    def test_one_that_answers_wrongly_is_refused(self, tmp_path, monkeypatch):
        from tipline.insight.matching.index import kernels

        class Wrong:
            name = "wrong"

            def ring(self, bands, wanted, radius):
                return type(found := KERNEL.ring(bands, wanted, radius))(*(c[1:] for c in found))

            scan, questions = KERNEL.scan, KERNEL.questions

        with pytest.raises(ArithmeticError):
            kernels.tried(Wrong())
