"""A stream of files: its shares, its truth, and that it can be repeated."""

from __future__ import annotations

import io
from collections import Counter

from PIL import Image

from simulator.media.edits import EDITS
from simulator.media.stream import FileStream


def test_the_shares_are_those_of_2023():
    files = list(FileStream(7, 5_000))
    assert len(files) == 5_000
    assert len({(file.drawing, file.edit, file.take) for file in files}) == round(
        5_000 * 50 / 105.7
    )
    assert len({file.drawing for file in files}) == round(5_000 * 33.6 / 105.7)


def test_the_truth_says_what_came_before():
    seen: set[tuple[int, str, int]] = set()
    drawings: set[int] = set()
    for file in FileStream(3, 800):
        which = (file.drawing, file.edit, file.take)
        assert file.again == (which in seen)
        assert file.first == (file.drawing not in drawings)
        seen.add(which)
        drawings.add(file.drawing)


def test_every_edit_is_dealt_as_often_as_another():
    edits = Counter(file.edit for file in FileStream(5, 2_000) if file.edit and not file.again)
    assert set(edits) == set(EDITS)
    assert max(edits.values()) - min(edits.values()) <= 1


def test_bytes_are_distinct_where_the_truth_says_so_and_can_be_repeated():
    stream, again = FileStream(11, 160), FileStream(11, 160)
    contents: dict[bytes, tuple[int, str, int]] = {}
    for file, same in zip(stream, again, strict=True):
        data = stream.content(file)
        assert data == again.content(same)
        which = (file.drawing, file.edit, file.take)
        assert contents.setdefault(data, which) == which
        with Image.open(io.BytesIO(data)) as image:
            image.verify()
    assert len(contents) == stream.digests


def test_another_seed_shows_other_drawings():
    one, other = FileStream(1, 10), FileStream(2, 10)
    assert one.content(next(iter(one))) != other.content(next(iter(other)))
