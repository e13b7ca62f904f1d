"""EXIF: read as Pillow writes it, never raising, and only where the gate opens it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.TiffImagePlugin import IFDRational
from tests.filing import SEEN
from tests.personas import file_report, make_world

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation.errors import NotAllowed
from tipline.record.evidence.access import decisions
from tipline.record.evidence.exif import read_exif
from tipline.record.evidence.metadata.rules_exif import NAMES, exif
from tipline.record.evidence.queries import files_of

WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


def photo(tags: dict[int, str], gps: tuple[float, ...] = ()) -> bytes:
    """A small JPEG of one colour with these tags; ``gps``: degrees, minutes, seconds, north."""
    image, out = Image.new("RGB", (8, 8), "teal"), io.BytesIO()
    written = Image.Exif()
    inner = written.get_ifd(0x8769)
    for tag, value in tags.items():
        (written if tag < 0x8769 else inner)[tag] = value
    if gps:
        place = [IFDRational(round(part * 100), 100) for part in gps]
        written.get_ifd(0x8825).update({1: "N", 2: place, 3: "W", 4: place})
    image.save(out, "JPEG", exif=written)
    return out.getvalue()


@given(st.dictionaries(st.sampled_from(sorted(NAMES)), WORDS))
def test_what_is_written_is_told(tags):
    assert {tag.name: tag.value for tag in exif(photo(tags))} == {
        NAMES[tag]: value for tag, value in tags.items()
    }


def test_a_place_is_told_in_degrees_with_its_side():
    told = {tag.name: tag.value for tag in exif(photo({}, gps=(36, 30, 36)))}
    assert told == {"GPSLatitude": "36.510000 N", "GPSLongitude": "36.510000 W"}


@given(st.binary(max_size=600))
def test_any_bytes_are_read_without_an_error(data):
    assert exif(data) == () or data.startswith(b"\xff\xd8")


@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_a_damaged_photo_is_read_without_an_error(at, piece):
    whole = photo({0x010F: "Maker", 0x9003: "2026:11:20 10:00:00"}, gps=(1, 2, 3))
    damaged = whole[:at] + piece + whole[at + len(piece) :]
    assert all(tag.name and tag.value.isprintable() for tag in exif(damaged))


@pytest.fixture
def world(db, tipline_home):
    return make_world()


def filed(world, **details):
    report = file_report(world, files=[(photo({0x0110: "Kite 3"}), {**SEEN, **details})])
    return files_of(report.pk)[0]


def test_exif_is_read_where_the_gate_opens_it_and_it_stands_on_the_ledger(world):
    file, ana = filed(world, exifViewedByEsp=True), world.actor("ana")
    [tag] = read_exif(ana, file, decisions(ana, [file])[file.pk], "a test")
    assert (tag.name, tag.value) == ("Model", "Kite 3")
    assert LedgerEntry.objects.get(verb="file.exif-read").purpose == "a test"


def test_open_pixels_open_no_exif(world):
    file, ana = filed(world), world.actor("ana")
    decision = decisions(ana, [file])[file.pk]
    assert decision.open
    with pytest.raises(NotAllowed):
        read_exif(ana, file, decision, "a test")
    assert LedgerEntry.objects.get(verb="file.blocked").purpose.startswith("EXIF")
