"""A segment holds what was written, in few bytes, and one wrong byte anywhere shows."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.matching.planted import clustered, flipped, near

from tipline.insight.matching.index import layout
from tipline.insight.matching.index.kernels_numpy import KERNEL
from tipline.insight.matching.index.layout import Damaged, shuffled
from tipline.insight.matching.index.lines import placed
from tipline.insight.matching.index.merging import RATIO, joined
from tipline.insight.matching.index.segment import Segment, Source
from tipline.insight.matching.index.writing import write


def source(rows) -> Source:
    keys = np.array([key for key, _value in rows], np.int64)
    return Source(keys, shuffled(b"".join(value for _key, value in rows)))


def found_in(segment, query, radius=31):
    _asked, keys, distances = segment.search(KERNEL.questions(query), radius, KERNEL)
    return sorted(zip(keys.tolist(), distances.tolist(), strict=True), key=lambda one: one[::-1])


@given(
    st.lists(st.integers(1, 2**62), min_size=1, max_size=700, unique=True),
    st.sampled_from([10, 2**14, 2**30, 2**62]),
    st.integers(0, 99),
)
def test_it_gives_back_keys_and_hashes(tmp_path_factory, keys, apart, seed):
    """Keys close together and far apart, in any order, from several sources."""
    folder = tmp_path_factory.mktemp("segment")
    keys = sorted({key % apart + 1 for key in keys})
    rows = list(zip(keys, clustered(len(keys), seed), strict=True))
    np.random.default_rng(seed).shuffle(rows)
    sources = [source(some) for some in (rows[::2], rows[1::2]) if some]
    segment = Segment.open(folder, write(folder, sources))
    back = segment.source()
    assert back.keys.tolist() == keys
    expected = dict(rows)
    assert back.words.tolist() == shuffled(b"".join(expected[key] for key in keys)).tolist()
    assert found_in(segment, rows[0][1]) == near(rows[0][1], rows, 31)
    last = segment.source(last=3)
    assert (last.keys.tolist(), len(last.words)) == (keys[-3:], len(keys[-3:]))


def test_of_two_rows_with_one_key_the_first_source_counts(tmp_path):
    rows = [(7, bytes(32)), (9, b"\xff" * 32)]
    name = write(tmp_path, [source(rows[:1]), source([(7, b"\1" * 32)]), source(rows[1:])])
    segment = Segment.open(tmp_path, name)
    assert len(segment) == 2
    assert found_in(segment, bytes(32)) == [(7, 0)]


@pytest.mark.parametrize("radius", [32, 200, 256])
def test_beyond_31_bits_all_of_it_is_scanned(tmp_path, radius):
    rows = list(enumerate(clustered(300, 4), 1))
    segment = Segment.open(tmp_path, write(tmp_path, [source(rows)]))
    assert found_in(segment, rows[9][1], radius) == near(rows[9][1], rows, radius)


def test_a_million_entries_take_at_most_136_bytes_each():
    for step in ("<u2", "<u4"):
        size = layout.size_of(layout.parts_of(1_000_000, step))
        assert size / 1_000_000 <= (136 if step == "<u2" else 138.5)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    name = write(folder, [source(list(enumerate(clustered(300, 2), 5)))])
    return folder, name, (folder / name.file).read_bytes()


def refuses(folder, name, content) -> bool:
    """Whether a file with this content is refused."""
    (folder / name.file).unlink()
    (folder / name.file).write_bytes(content)
    with pytest.raises(Damaged):
        Segment.open(folder, name)
    return True


@given(st.data())
def test_one_flipped_bit_anywhere_is_refused(written, data):
    folder, name, content = written
    parts = layout.parts_of(300, "<u2")
    starts = [0, 8, 40, layout.HEADER - 1, *(part.start for part in parts.values())]
    place = data.draw(st.sampled_from(starts) | st.integers(0, len(content) - 1))
    changed = bytearray(content)
    changed[place] ^= 1 << data.draw(st.integers(0, 7))
    assert refuses(folder, name, bytes(changed))


@pytest.mark.parametrize(
    "change",
    [
        lambda content: b"",
        lambda content: content[:100],
        lambda content: content[:-1],
        lambda content: content + b"\0",
        lambda content: content[: layout.HEADER],
        lambda content: content[layout.HEADER :],
    ],
)
def test_a_file_cut_or_lengthened_is_refused(written, change):
    folder, name, content = written
    assert refuses(folder, name, change(content))


def test_another_good_segment_in_its_place_is_refused(written, tmp_path):
    folder, name, _content = written
    other = write(tmp_path, [source(list(enumerate(clustered(300, 3), 5)))])
    assert refuses(folder, name, (tmp_path / other.file).read_bytes())


def test_a_file_of_another_format_is_refused(written, monkeypatch):
    folder, name, content = written
    monkeypatch.setattr(layout, "FORMAT_OF_SMALL", layout.FORMAT_OF_SMALL + 1)
    assert refuses(folder, name, content)


def test_a_small_segment_of_the_format_before_is_refused_and_a_large_one_is_not():
    """It has other tables: the next writer makes it anew, from the database."""
    assert layout.told_by(layout.header_of({"count": layout.SMALL}))["format"] == 3
    assert layout.told_by(layout.header_of({"count": layout.SMALL + 1}))["format"] == 2
    before = layout.header_of({"count": layout.SMALL + 1}).replace(b"131072", b"131071")
    frame = 12 + int.from_bytes(before[8:12], "little")
    sealed = before[:frame] + hashlib.sha256(before[:frame]).digest()
    with pytest.raises(Damaged, match="another format"):
        layout.told_by(sealed.ljust(layout.HEADER, b"\0"))


def test_so_is_one_with_another_shuffle(written, monkeypatch):
    folder, name, content = written
    monkeypatch.setattr(layout, "SHUFFLE", layout.SHUFFLE[::-1])
    assert refuses(folder, name, content)


@given(st.lists(st.integers(1, 10**7), max_size=8), st.integers(1, 10**6))
def test_what_stays_apart_is_much_larger_than_what_is_joined(sizes, tail):
    sizes = sorted(sizes)
    count = joined(sizes, tail)
    total = tail + sum(sizes[:count])
    assert all(size > RATIO * total for size in sizes[count : count + 1])


def test_a_growing_table_lies_in_few_files_and_is_seldom_written_again():
    sizes, written = list[int](), 0
    for _turn in range(1_000_000 // 4_096):
        sizes.sort()
        count = joined(sizes, 4_096)
        sizes[:count] = [4_096 + sum(sizes[:count])]
        written += sizes[0]
        assert len(sizes) <= 3
    assert written < 25 * sum(sizes)


@pytest.mark.parametrize("count", [30, 31, 32, 62, 63, 400])
def test_a_list_goes_on_in_as_many_lines_as_it_takes(tmp_path, count):
    """A line holds 31; all but the quarter that differs are in one list of each table."""
    values = [flipped(bytes(32), [place % 31]) for place in range(count)]
    rows = list(enumerate(values, 1))
    segment = Segment.open(tmp_path, write(tmp_path, [source(rows)]))
    assert found_in(segment, bytes(32)) == near(bytes(32), rows, 31)
    assert found_in(segment, values[-1], 2) == near(values[-1], rows, 2)


def test_lines_hold_every_entry_of_every_list_once():
    lengths = np.array([0, 1, 31, 32, 0, 62, 63, 400])
    places = placed(lengths)
    lines, place = places.slots // 32, places.slots % 32
    assert place.max() == 30
    assert len(set(places.slots.tolist())) == lengths.sum()
    ends = np.cumsum(lengths)
    for number, (end, length) in enumerate(zip(ends, lengths, strict=True)):
        reached = [number]
        while link := int(places.links[reached[-1]]):
            reached.append(link)
        assert set(lines[end - length : end].tolist()) <= set(reached)
        assert len(reached) == max(1, -(-length // 31))
    assert len(places.links) == sum(max(1, -(-length // 31)) for length in lengths.tolist())
