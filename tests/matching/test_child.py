from __future__ import annotations

import os
import signal

import psutil
import pytest
from tests.matching.asking import DATA, SCENE, ask
from tests.matching.made import chunks, encoded

from tipline.insight.matching import answers, decoding
from tipline.insight.matching.pictures import (
    Fingerprint,
    Limits,
    PictureChild,
    Unreadable,
    Why,
)


@pytest.mark.parametrize(
    ("data", "size", "reason"),
    [
        (b"", 0, Why.EMPTY),
        (b"\xff\xd8\xff", 200_000_001, Why.TOO_BIG),
        (b"\0\0\0\x20ftypisom" * 9, 108, Why.VIDEO),
        (b"RIFF\0\0\0\0WAVEfmt ", 16, Why.NOT_A_PICTURE),
    ],
)
def test_what_need_not_be_decoded_starts_no_child(data, size, reason):
    with PictureChild() as child:
        for job in ("fingerprint", "preview", "exif"):
            assert getattr(child, job)(iter([data]), size) == Unreadable(reason)
        assert child.pid is None


def test_a_large_film_is_refused_on_its_first_bytes():
    def film():
        yield b"\0\0\0\x20ftypisom"
        yield bytes(300)
        raise AssertionError("read on")

    with PictureChild() as child:
        assert child.fingerprint(film(), 150_000_000) == Unreadable(Why.VIDEO)


def test_the_beginning_is_recognised_however_it_is_cut(child):
    data = encoded(SCENE, "WEBP")
    pieces = (data[at : at + 1] for at in range(len(data)))
    assert child.fingerprint(pieces, len(data)).format == "WEBP"


@pytest.mark.parametrize("by", [-1, 1])
def test_a_file_of_another_size_than_announced_is_an_error_and_harms_no_other(by):
    with PictureChild() as child:
        with pytest.raises(ValueError, match="announced"):
            child.fingerprint(chunks(DATA), len(DATA) + by)
        assert isinstance(ask(child, DATA), Fingerprint)


def test_an_error_of_the_source_passes_through_and_harms_no_other():
    def broken():
        yield DATA[:400]
        raise OSError("the vault is gone")

    with PictureChild() as child:
        with pytest.raises(OSError, match="vault"):
            child.fingerprint(broken(), len(DATA))
        assert isinstance(ask(child, DATA), Fingerprint)


def test_one_child_serves_many_files_and_is_then_replaced():
    with PictureChild(Limits(jobs_per_child=3)) as child:
        pids = [ask(child, DATA) and child.pid for _ in range(4)]
    assert pids[0] == pids[1] == pids[2] != pids[3]
    assert not psutil.pid_exists(pids[0])


def test_a_killed_child_is_replaced():
    with PictureChild() as child:
        first = ask(child, DATA)
        pid = child.pid
        os.kill(pid, signal.SIGKILL)
        child._process.wait()
        assert ask(child, DATA) == first
        assert child.pid != pid


def test_a_child_killed_in_mid_job_is_said_and_the_next_job_works():
    with PictureChild() as child:
        ask(child, DATA)

        def deadly():
            yield DATA[:500]
            os.kill(child.pid, signal.SIGKILL)
            yield DATA[500:]

        assert child.fingerprint(deadly(), len(DATA)) == Unreadable(Why.CRASHED)
        assert isinstance(ask(child, DATA), Fingerprint)


def test_closing_ends_the_own_child_only():
    with PictureChild() as one, PictureChild() as other:
        ask(one, DATA)
        ask(other, DATA)
        pid = one.pid
        one.close()
        assert not psutil.pid_exists(pid)
        assert psutil.pid_exists(other.pid)
        assert isinstance(ask(one, DATA), Fingerprint)


def test_both_sides_speak_of_the_same_formats():
    assert {*decoding.FORMATS, "MPO"} == answers.FORMATS
    assert (decoding.MAX_PIXELS, decoding.PREVIEW_SIDE) == (
        answers.MOST_PIXELS,
        answers.PREVIEW_SIDE,
    )
    assert (decoding.MAX_TAGS, decoding.MAX_TEXT) == (answers.MOST_TAGS, answers.MOST_TEXT)
