from __future__ import annotations

import numpy as np
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import few
from tests.matching import hostile
from tests.matching.asking import DATA, ask, linux_only, peak_memory
from tests.matching.made import encoded, picture

from tipline.insight.matching import decoder
from tipline.insight.matching.pictures import (
    Exif,
    Fingerprint,
    Limits,
    PictureChild,
    Preview,
    Unreadable,
    Why,
)

HOSTILE = hostile.hostile_files()


def test_the_corpus_is_large_enough():
    assert len(HOSTILE) >= 50


@pytest.mark.parametrize("job", ["fingerprint", "preview", "exif"])
def test_every_hostile_file_is_answered_by_the_same_child(child, job):
    ask(child, DATA, job)
    pid, answers = child.pid, {}
    for name, (data, _right) in HOSTILE.items():
        answers[name] = ask(child, data, job)
    assert child.pid == pid
    kinds = {"fingerprint": Fingerprint, "preview": Preview, "exif": Exif}
    for name, answer in answers.items():
        assert isinstance(answer, kinds[job] | Unreadable), name
    if job == "fingerprint":
        said = {name: getattr(each, "reason", "fine") for name, each in answers.items()}
        assert {name: why for name, why in said.items() if why not in HOSTILE[name][1]} == {}


@linux_only
def test_refused_files_cost_no_memory():
    data = DATA
    refused = [file for file, right in HOSTILE.values() if "fine" not in right]
    with PictureChild() as child:
        ask(child, data)
        before = peak_memory(child)
        for file in [hostile.true_bomb(), *refused]:
            assert isinstance(ask(child, file), Unreadable)
        assert peak_memory(child) - before < 64 << 20


@linux_only
def test_the_largest_picture_that_is_decoded_stays_within_the_limit():
    side, step = 8_900, 89
    coarse = picture("scene", side // step, side // step)
    rows = [np.repeat(row, step, axis=0).tobytes() for row in coarse]
    head = hostile.bmp_head(side, side)

    def film():
        yield head
        for row in rows:
            yield row * step

    with PictureChild(Limits(file_bytes=250_000_000)) as child:
        found = child.fingerprint(film(), len(head) + side * side * 3).whole
        assert (found.width, found.height) == (side, side)
        assert 500 << 20 < peak_memory(child) < decoder.MEMORY


def test_a_picture_that_takes_too_long_is_stopped_and_the_next_one_works():
    with PictureChild(Limits(job_seconds=0.5)) as child:
        ask(child, DATA)
        pid = child.pid
        assert ask(child, hostile.scan_bomb()) == Unreadable(Why.TIMEOUT)
        assert not psutil.pid_exists(pid)
        assert isinstance(ask(child, DATA), Fingerprint)
        assert child.pid != pid


@given(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"]), st.data())
@few(40)
def test_damaged_pictures_are_answered(child, kind, data):
    whole = bytearray(encoded(picture("scene", 40, 50), kind))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    answer = ask(child, bytes(whole))
    assert isinstance(answer, Fingerprint | Unreadable)
    assert getattr(answer, "reason", None) not in {Why.CRASHED, Why.TIMEOUT}
