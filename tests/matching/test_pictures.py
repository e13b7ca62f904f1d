from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from tests.matching import hostile
from tests.matching.asking import DATA, SCENE, ask
from tests.matching.made import encoded, picture

from tipline.insight.matching import answers, hashes, pdq
from tipline.insight.matching.pictures import (
    Exif,
    Fingerprint,
)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "GIF", "WEBP"])
def test_a_picture_of_each_format_is_hashed_as_pillow_decodes_it(child, kind):
    data = encoded(SCENE, kind)
    found = ask(child, data, oriented=True)
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    expected = pdq.orientations(pixels)
    whole = found.whole
    assert whole.oriented == {way: each.hash for way, each in expected.items()}
    assert (whole.value, whole.quality) == (whole.oriented["upright"], expected["upright"].quality)
    assert (whole.width, whole.height, found.frames) == (200, 150, 1)
    assert found.trimmed is None
    assert whole.enlarged == b"".join(pdq.enlarged(pixels)), "a small picture"
    assert (found.format, found.route) == (kind, "full")
    assert (found.hasher, found.version) == (hashes.HASHER, hashes.VERSION)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "RGBX", "CMYK", "I;16", "F"])
def test_every_way_to_store_pixels_is_answered(child, mode):
    out = io.BytesIO()
    image = Image.fromarray(SCENE)
    image = Image.fromarray(SCENE[:, :, 0].astype(np.uint16) * 200) if mode == "I;16" else image
    if image.mode != mode:
        image = image.convert("L").convert("F") if mode == "F" else image.convert(mode)
    image.save(out, "TIFF" if mode in {"CMYK", "F", "RGBX"} else "PNG" if mode != "PA" else "TIFF")
    found = ask(child, out.getvalue())
    assert isinstance(found, Fingerprint)
    stored = Image.open(io.BytesIO(out.getvalue())).convert("RGB")
    assert found.whole.value == pdq.fingerprint(np.asarray(stored)).hash


@pytest.mark.parametrize("side", [200, 1024, 2048])
def test_a_jpeg_is_decoded_to_its_luma_and_says_so(child, side):
    pixels = np.kron(picture("scene", 128, 128), np.ones((16, 16, 1), np.uint8))[:side]
    data = encoded(pixels, "JPEG", quality=95)
    found = ask(child, data)
    rgb = pdq.fingerprint(np.asarray(Image.open(io.BytesIO(data)).convert("RGB")))
    apart = int.from_bytes(found.whole.value) ^ int.from_bytes(rgb.hash)
    assert (found.whole.width, found.whole.height) == (2048, side)
    assert (found.format, found.route) == ("JPEG", "draft-luma-1024")
    assert apart.bit_count() <= 10


@pytest.mark.parametrize(("mode", "route"), [("L", "draft-luma-1024"), ("CMYK", "full")])
def test_other_jpegs_are_read_as_they_can_be(child, mode, route):
    out = io.BytesIO()
    Image.fromarray(SCENE).convert(mode).save(out, "JPEG", quality=90)
    found = ask(child, out.getvalue())
    rgb = np.asarray(Image.open(io.BytesIO(out.getvalue())).convert("RGB"))
    apart = int.from_bytes(found.whole.value) ^ int.from_bytes(pdq.fingerprint(rgb).hash)
    assert (found.route, apart.bit_count() <= 2) == (route, True)


@pytest.mark.parametrize(("kind", "frames"), [("GIF", 2), ("PNG", 3), ("WEBP", 3), ("TIFF", 2)])
def test_of_an_animated_picture_the_first_frame_counts(child, kind, frames):
    data = hostile.animated(kind)
    found = ask(child, data)
    first = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    assert (found.frames, found.whole.value) == (frames, pdq.fingerprint(first).hash)


def test_orientations_come_only_when_asked_for(child):
    data = DATA
    assert ask(child, data).whole.oriented == {}
    assert list(ask(child, data, oriented=True).whole.oriented) == list(hashes.Orientation)


def test_a_preview_is_small_grey_blurred_and_bare(child):
    exif = Image.Exif()
    exif[0x010E] = "canary-in-the-exif"
    pixels = np.kron(picture("checks", 60, 90), np.ones((10, 10, 1), np.uint8))
    data = encoded(pixels, "PNG", exif=exif, pnginfo=hostile.texts())
    found = ask(child, data, "preview")
    shown = Image.open(io.BytesIO(found.jpeg))
    assert (shown.format, shown.mode, shown.size) == ("JPEG", "L", (256, 171))
    assert (found.width, found.height, found.orientation) == (256, 171, 1)
    assert not shown.getexif()
    assert b"canary" not in found.jpeg
    assert np.asarray(shown).std() < np.asarray(Image.fromarray(pixels).convert("L")).std() / 3


@pytest.mark.parametrize("way", range(1, 9))
def test_a_preview_stands_upright(child, way):
    pixels = np.full((120, 200, 3), 30, np.uint8)
    pixels[:60, :100] = 240
    exif = Image.Exif()
    exif[0x0112] = way
    found = ask(child, encoded(pixels, "JPEG", exif=exif), "preview")
    shown = np.asarray(Image.open(io.BytesIO(found.jpeg)))
    height, width = shown.shape
    corners = {
        (top, left): shown[20 if top else height - 20, 20 if left else width - 20] > 120
        for top in (True, False)
        for left in (True, False)
    }
    bright = {
        1: (1, 1),
        2: (1, 0),
        3: (0, 0),
        4: (0, 1),
        5: (1, 1),
        6: (1, 0),
        7: (0, 0),
        8: (0, 1),
    }
    assert found.orientation == way
    assert (width > height) == (way < 5)
    assert [corner for corner, light in corners.items() if light] == [tuple(map(bool, bright[way]))]


def test_transparency_shows_grey_in_a_preview(child):
    clear = np.zeros((50, 50, 4), np.uint8)
    found = ask(child, encoded(clear, "PNG"), "preview")
    assert abs(int(np.asarray(Image.open(io.BytesIO(found.jpeg))).mean()) - 128) <= 2


def test_exif_is_plain_bounded_text(child):
    found = ask(child, hostile.exif_flood(), "exif")
    assert isinstance(found, Exif)
    assert len(found.tags) == answers.MOST_TAGS
    assert found.tags["Make"].startswith("Maker    of things")
    assert len(found.tags["Make"]) <= answers.MOST_TEXT
    assert all(text.isprintable() for text in found.tags.values())


def test_exif_of_the_camera_and_place_is_named(child):
    exif = Image.Exif()
    exif[0x0110] = "Model One"
    exif.get_ifd(0x8769)[0x9003] = "2024:05:06 07:08:09"
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 12.5)
    found = ask(child, encoded(SCENE, "JPEG", exif=exif), "exif")
    assert found.tags["Model"] == "Model One"
    assert found.tags["Exif.DateTimeOriginal"] == "2024:05:06 07:08:09"
    assert found.tags["GPS.GPSLatitude"] == "51.0, 30.0, 12.5"


def test_a_picture_without_exif_has_no_tags(child):
    assert ask(child, encoded(SCENE, "PNG"), "exif") == Exif({})
