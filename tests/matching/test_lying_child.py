from __future__ import annotations

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.matching.asking import DATA, ask
from tests.matching.made import encoded, picture

from tipline.ground.foundation.errors import Unavailable
from tipline.insight.matching import answers, pipes
from tipline.insight.matching.pictures import (
    Exif,
    Limits,
    PictureChild,
    Unreadable,
    Why,
)

LIAR = """
import json, os, struct, sys, time
def raw(data):
    sys.stdout.buffer.write(data); sys.stdout.buffer.flush()
def answer(said, extra=b""):
    text = json.dumps({"bytes": len(extra), **said}).encode() if isinstance(said, dict) else said
    raw(struct.pack(">I", len(text)) + text + extra)
def hello():
    answer({"ready": True})
    size = json.loads(sys.stdin.buffer.read(*struct.unpack(">I", sys.stdin.buffer.read(4))))["size"]
    sys.stdin.buffer.read(size)
"""
GOOD = {
    "quality": 80,
    "width": 9,
    "height": 9,
    "format": "PNG",
    "frames": 1,
    "route": "full",
}
FOLDERS = []
SHAPES = (
    answers.as_fingerprint,
    answers.as_variants,
    answers.as_film,
    answers.as_preview,
    answers.as_revealed,
    answers.as_exif,
)


@pytest.fixture(autouse=True)
def _folder(tmp_path):
    FOLDERS.append(tmp_path)
    yield
    FOLDERS.pop()


def lying(monkeypatch, code: str, limits: Limits | None = None) -> PictureChild:
    (FOLDERS[-1] / "liar.py").write_text(LIAR + code + "\nsys.stdin.buffer.read()\n")
    monkeypatch.setattr(PictureChild, "decoder", "liar")
    monkeypatch.setattr(pipes, "SOURCES", FOLDERS[-1])
    return PictureChild(limits or Limits(job_seconds=5))


@pytest.mark.parametrize(
    "code",
    [
        "hello(); raw(b'\\xff' * 9)",
        "hello(); raw(struct.pack('>I', 5) + b'nojsn')",
        "hello(); answer(b'[1, 2]')",
        "hello(); answer(b'[' * 90_000)",
        "hello(); answer({'reason': 'because'})",
        "hello(); answer({'reason': {}})",
        "hello(); answer({})",
        "hello(); answer({'bytes': -1})",
        "hello(); answer({'bytes': 1 << 40})",
        "hello(); answer({'bytes': True})",
        f"hello(); answer({GOOD}, bytes(31))",
        f"hello(); answer({GOOD}, bytes(64))",
        f"hello(); answer({GOOD | {'quality': 101}}, bytes(32))",
        f"hello(); answer({GOOD | {'quality': '80'}}, bytes(32))",
        f"hello(); answer({GOOD | {'width': 2.5}}, bytes(32))",
        f"hello(); answer({GOOD | {'width': 0}}, bytes(32))",
        f"hello(); answer({GOOD | {'width': 10**6, 'height': 10**6}}, bytes(32))",
        f"hello(); answer({GOOD | {'format': '<b>'}}, bytes(32))",
        f"hello(); answer({GOOD | {'route': []}}, bytes(32))",
        f"hello(); answer({GOOD | {'trimmed': {'quality': 9}}}, bytes(512))",
        f"hello(); answer({GOOD | {'trimmed': []}}, bytes(512))",
        f"hello(); answer({GOOD | {'trimmed': GOOD}}, bytes(256))",
        "hello(); sys.exit(3)",
    ],
)
def test_a_lying_child_is_not_believed(code, monkeypatch):
    with lying(monkeypatch, code) as child:
        assert ask(child, DATA) == Unreadable(Why.CRASHED)
        assert child.pid is None


def test_a_truthful_stand_in_is_believed(monkeypatch):
    with lying(monkeypatch, f"hello(); answer({GOOD}, bytes(32))") as child:
        assert ask(child, DATA).whole.value == bytes(32)


def test_used_up_processor_time_is_a_timeout(monkeypatch):
    with lying(
        monkeypatch, "hello(); import signal; os.kill(os.getpid(), signal.SIGXCPU)"
    ) as child:
        assert ask(child, DATA) == Unreadable(Why.TIMEOUT)


def test_a_child_that_reads_but_never_answers_is_stopped(monkeypatch):
    with lying(monkeypatch, "hello()", Limits(job_seconds=0.3)) as child:
        assert ask(child, DATA) == Unreadable(Why.TIMEOUT)


def test_a_child_that_never_reads_is_stopped(monkeypatch):
    big = encoded(picture("noise", 1_200, 1_200), "BMP")
    code = "answer({'ready': True}); time.sleep(60)"
    with lying(monkeypatch, code, Limits(job_seconds=0.3)) as child:
        assert ask(child, big) == Unreadable(Why.TIMEOUT)


@pytest.mark.parametrize("code", ["sys.exit(1)", "answer({'ready': 1})", "answer(b'3')"])
def test_a_child_that_does_not_say_ready_makes_decoding_unavailable(code, monkeypatch):
    with lying(monkeypatch, code) as child, pytest.raises(Unavailable, match="does not start"):
        ask(child, DATA)


def test_the_child_gets_no_environment_of_ours(monkeypatch):
    monkeypatch.setenv("TIPLINE_KEY_FILE", "/somewhere")
    names = ["LC_ALL", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PYTHONPATH"]
    code = f"answer({{'ready': sorted(os.environ) == {names!r}}}); time.sleep(9)"
    with lying(monkeypatch, code, Limits(job_seconds=0.2)) as child:
        assert ask(child, DATA) == Unreadable(Why.TIMEOUT)


@pytest.mark.parametrize(
    ("answer", "extra"),
    [
        ({"width": 300, "height": 1, "orientation": 1}, bytes(300)),
        ({"width": 9, "height": 9, "orientation": 1}, bytes(80)),
        ({"width": 9, "height": 9, "orientation": 9}, bytes(81)),
        ({"width": True, "height": 81, "orientation": 1}, bytes(81)),
    ],
)
def test_a_preview_of_another_shape_is_refused(answer, extra):
    with pytest.raises(ValueError):
        answers.as_preview(answer, extra)


@pytest.mark.parametrize(
    ("answer", "extra"),
    [
        ({"width": 1025, "height": 1, "orientation": 1}, bytes(3075)),
        ({"width": 9, "height": 9, "orientation": 1}, bytes(81)),
        ({"width": 9, "height": 9, "orientation": 0}, bytes(243)),
        ({"width": -9, "height": -9, "orientation": 1}, bytes(243)),
    ],
)
def test_a_revealed_picture_of_another_shape_is_refused(answer, extra):
    with pytest.raises(ValueError):
        answers.as_revealed(answer, extra)


@pytest.mark.parametrize(
    "tags",
    [
        [],
        {"a": 1},
        {"a": "x" * 501},
        {"a": "line\nline"},
        {"a\0": "x"},
        {str(n): "" for n in range(201)},
    ],
)
def test_exif_of_another_shape_is_refused(tags):
    with pytest.raises(ValueError):
        answers.as_exif(json.loads(json.dumps({"tags": tags})), b"")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "quality",
                        "width",
                        "height",
                        "format",
                        "frames",
                        "route",
                        "tags",
                        "orientation",
                        "trimmed",
                        "variants",
                    ]
                ),
                inner,
                max_size=8,
            )
        ),
        max_leaves=12,
    ).filter(lambda value: isinstance(value, dict)),
    st.binary(max_size=40),
)
def test_no_answer_gets_past_the_shapes_unchecked(answer, extra):
    for shape in SHAPES:
        try:
            found = shape(answer, extra)
        except (ValueError, KeyError, TypeError):
            continue
        assert isinstance(found, Exif)
        assert all(isinstance(text, str) for text in found.tags.values())


@pytest.mark.parametrize(
    ("said", "extra"),
    [
        ({}, b""),
        ({"frames": [[0, 50]]}, bytes(64)),
        ({"frames": [[0, 101]]}, bytes(32)),
        ({"frames": [[-1, 50]]}, bytes(32)),
        ({"frames": [[5, 50], [5, 50]]}, bytes(64)),
        ({"frames": [[0]]}, bytes(32)),
        ({"frames": [7]}, bytes(32)),
        ({"frames": [[n, 50] for n in range(601)]}, bytes(32 * 601)),
        ({"frames": []}, b""),
        ({"whole": 1}, bytes(32)),
        ({"width": 0}, bytes(32)),
    ],
)
def test_a_film_of_another_shape_is_refused(said, extra):
    good = {"frames": [[0, 50]], "whole": True, "width": 9, "height": 9}
    assert answers.as_film(good, bytes(32)).frames[0].quality == 50
    with pytest.raises((ValueError, TypeError, KeyError)):
        answers.as_film(good | said, extra)


def test_a_frame_is_a_length_and_json():
    framed = pipes.framed({"job": "exif", "size": 3})
    assert struct.unpack(">I", framed[:4])[0] == len(framed) - 4
    assert json.loads(framed[4:]) == {"job": "exif", "size": 3}


def test_a_file_that_needs_too_much_memory_is_answered_and_the_child_replaced(monkeypatch):
    liar = "hello(); answer({'reason': 'too_much_memory'})"
    with lying(monkeypatch, liar) as child:
        assert ask(child, DATA).reason is Why.TOO_MUCH_MEMORY
        assert child.pid is None
