"""Metadata is taken out without touching a pixel, and what is not whole is refused."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageSequence
from tests.evidence.pictures import CANARY, chunk, gif, jpeg, png, shapes

from tipline.ground.foundation.reasons import words
from tipline.record.evidence.metadata import rules, rules_parts
from tipline.record.evidence.metadata.rules import Refused, can_be_cleaned, without_metadata
from tipline.record.evidence.metadata.words import WORDS

PICTURES = {
    "jpeg": jpeg(),
    "jpeg-grey": jpeg("L"),
    "jpeg-cmyk": jpeg("CMYK"),
    "jpeg-progressive": jpeg(progressive=True),
    "jpeg-restarts": jpeg(restart_marker_blocks=2),
    "png": png(),
    "png-alpha": png("RGBA"),
    "png-palette": png("P"),
    "png-grey": png("L"),
    "png-bits": png("1"),
    "gif": gif(),
    "gif-moving": gif(4),
}
#: What Pillow tells of a picture that is no pixel and may stay.
STAYS = {
    *("jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "adobe", "adobe_transform"),
    *("progressive", "progression", "version", "background", "duration", "extension", "loop"),
    *("transparency", "timestamp", "gamma", "disposal"),
}


def frames(data: bytes):
    """Every frame as Pillow decodes it, and how long it is shown."""
    with Image.open(io.BytesIO(data)) as image:
        return [
            (frame.mode, frame.size, frame.tobytes(), frame.info.get("duration"))
            for frame in ImageSequence.Iterator(image)
        ]


def cleaned(data: bytes) -> bytes:
    made = without_metadata(data)
    assert isinstance(made, bytes), made
    return made


@pytest.mark.parametrize("name", PICTURES)
def test_the_pixels_are_the_same_and_nothing_else_is_left(name):
    data = PICTURES[name]
    made = cleaned(data)

    assert CANARY in data
    assert frames(made) == frames(data)
    assert CANARY not in made
    with Image.open(io.BytesIO(made)) as image:
        image.load()
        assert not image.getexif()
        assert set(image.info) <= STAYS
    assert cleaned(made) == made
    assert can_be_cleaned(data[:8])


def test_an_animation_is_repeated_as_often_as_before():
    with Image.open(io.BytesIO(cleaned(gif(3)))) as image:
        assert (image.info["loop"], image.n_frames) == (3, 3)


@given(
    kind=st.sampled_from(["JPEG", "PNG", "GIF"]),
    mode=st.sampled_from(["RGB", "L", "P"]),
    size=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    noise=st.binary(min_size=16, max_size=16),
    said=st.binary(min_size=9, max_size=40).filter(lambda said: len(set(said)) > 4),
)
def test_any_picture_keeps_its_pixels_and_loses_what_is_said(kind, mode, size, noise, said):
    image = Image.frombytes("L", (4, 4), noise).resize(size).convert(mode)
    out = io.BytesIO()
    more = {"comment": said} if kind != "PNG" else {}
    image.convert("RGB" if kind == "JPEG" and mode == "P" else mode).save(out, kind, **more)
    data = out.getvalue()
    if kind == "PNG":
        end = data.rindex(b"IEND") - 4
        data = data[:end] + chunk(b"teXt", said) + data[end:]

    made = cleaned(data)

    assert frames(made) == frames(data)
    assert said not in made
    assert len(made) < len(data)


@pytest.mark.parametrize("name", ["jpeg", "png", "gif", "gif-moving"])
def test_a_file_cut_short_anywhere_is_refused(name):
    whole = cleaned(PICTURES[name])
    for end in range(8, len(whole)):
        made = without_metadata(whole[:end])
        assert isinstance(made, Refused), end
        assert made.code in WORDS


@given(
    name=st.sampled_from(["jpeg", "png", "gif-moving"]),
    place=st.floats(0, 1),
    junk=st.binary(max_size=30),
    taken=st.integers(0, 60),
)
def test_hostile_bytes_are_refused_or_lose_what_is_said(name, place, junk, taken):
    """Never an error, never more bytes than came, and what comes out is stable."""
    data = PICTURES[name]
    at = int(place * len(data))
    made = without_metadata(data[:at] + junk + data[at + taken :])
    if isinstance(made, bytes):
        assert len(made) <= len(data) + len(junk)
        assert without_metadata(made) == made


@given(st.binary(max_size=200))
def test_bytes_that_are_no_such_picture_are_refused(data):
    made = without_metadata(data)
    assert isinstance(made, Refused)
    assert words(made.as_reason()) == str(WORDS[made.code]).format(most=64)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff" * 400_000,
        b"\xff\xd8" + b"\xff" * 3_000_000,
        b"\xff\xd8\xff\xda\x00\x02" + b"\xff" * 3_000_000,
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + chunk(b"teXt", b"") * 300_000,
        b"GIF89a" + bytes(7) + b"\x21\xfe" + b"\x01x" * 600_000,
        b"GIF89a" + bytes(7) + b"\x2c" + bytes(10) + b"\x01x" * 600_000 + b"\0\x3b",
    ],
    ids=["starts", "filling", "scan", "chunks", "comment", "blocks"],
)
def test_files_made_to_be_slow_are_refused(data):
    assert isinstance(without_metadata(data), Refused)


def test_what_stands_where_it_may_not_is_refused():
    whole = cleaned(png())
    for broken in (
        whole.replace(b"IHDR", b"iHDR"),
        whole[:8] + chunk(b"IDAT", b"") + whole[8:],
        whole[:33] + chunk(b"NEWc", CANARY) + whole[33:],
        whole[:33] + chunk(b"gAMA", CANARY) + whole[33:],
        whole[:33] + chunk(b"IEND", b""),
        cleaned(jpeg())[:2] + b"\xff\x01" + cleaned(jpeg())[2:],
        cleaned(jpeg())[:2] + b"\xff\xd9",
        cleaned(jpeg())[:2] + b"\xff\xfe\x00\x01" + cleaned(jpeg())[2:],
        b"GIF89a" + bytes(7) + b"\x3b",
        b"GIF89a" + bytes(7) + b"\x21\xf9\x02ab\0\x3b",
    ):
        made = without_metadata(broken)
        assert isinstance(made, Refused)
        assert made.code == rules_parts.NOT_AS_IT_SAYS


def test_more_than_the_limit_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(rules, "MOST_BYTES", 100)
    assert without_metadata(jpeg()) == rules.TOO_LARGE


def test_other_kinds_are_refused_with_the_reason():
    for kind in ("BMP", "TIFF", "WEBP"):
        out = io.BytesIO()
        shapes().save(out, kind)
        assert without_metadata(out.getvalue()) == rules.OTHER_KIND
        assert not can_be_cleaned(out.getvalue()[:8])
