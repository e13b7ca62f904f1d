"""What the decoding child does with a picture: hashes, a grey thumbnail, EXIF as plain text.

Runs in the confined child only (:mod:`tipline.insight.matching.decoder`); whatever a picture
does to a decoder happens here. Raises :class:`Refused`, or what Pillow raises.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import Any

import numpy as np

# Imported here by name, because the plugins that Pillow imports on demand could not be
# opened any more once the process has shut itself in.
from PIL import (
    BmpImagePlugin,
    ExifTags,
    GifImagePlugin,
    Image,
    ImageFile,
    ImageFilter,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from tipline.insight.matching import pdq
from tipline.insight.matching.hashes import CUTS, is_small
from tipline.insight.matching.trimming import content_box

Answer = tuple[dict[str, Any], bytes]
Jobs = dict[str, Callable[[bytes, dict[str, Any]], Answer]]

_PLUGINS = {
    "JPEG": JpegImagePlugin,
    "PNG": PngImagePlugin,
    "GIF": GifImagePlugin,
    "WEBP": WebPImagePlugin,
    "BMP": BmpImagePlugin,
    "TIFF": TiffImagePlugin,
}
FORMATS = tuple(_PLUGINS)
# An MPO opens as a JPEG and then names itself.
_DRAFTED = ("JPEG", MpoImagePlugin.MpoImageFile.format)

# Above this nothing is opened; a JPEG of so many pixels is decoded at an eighth of its size.
MAX_PIXELS = 256_000_000
# Above this nothing is decoded: such an RGB picture takes 7 bytes a pixel here.
MAX_DECODED = 80_000_000
# A JPEG is decoded to its luma alone, at the smallest scale that keeps both sides at least this
# long: the measured limit below which fine texture costs matches (docs/decisions/0022).
DRAFT_SIDE = 1024
PREVIEW_SIDE = 256
PREVIEW_BLUR = PREVIEW_SIDE // 32
MOST_BLUR = 4
REVEALED_SIDE = 1024
MAX_TAGS = 200
MAX_TEXT = 500
MAX_ITEMS = 32
_MOST_FRAMES = 1_000_000
_STRIP = 1 << 22
# EXIF orientation: the turn that makes the picture upright (EXIF 2.3, tag 0x0112).
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """The picture is answered with a reason instead of a result."""


def _opened(data: bytes) -> ImageFile.ImageFile:
    if not data:
        raise Refused("empty")
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError:
        claims = any(accept and accept(data[:16]) is True for accept in _accepts())
        raise Refused("undecodable" if claims else "not_a_picture") from None


def _accepts() -> list[Callable[[bytes], bool | str] | None]:
    return [Image.OPEN[name][1] for name in FORMATS]


def _decodable(image: ImageFile.ImageFile) -> None:
    if image.width * image.height > MAX_DECODED:
        raise Refused("too_many_pixels")


def fingerprint(data: bytes, request: dict[str, Any]) -> Answer:
    """PDQ as the picture stands; EXIF is not read.

    With ``oriented`` turned eight ways, a small picture the same twice as large, and any without
    its flat borders if it has some.
    """
    pixels, found = pixels_of(data)
    settled = found["route"] == "full"
    if not request.get("oriented"):
        hashed = pdq.fingerprint(pixels, settled=settled)
        return found | {"quality": hashed.quality}, hashed.hash
    hashes = list(pdq.orientations(pixels, settled=settled).values())
    found["quality"] = hashes[0].quality
    told = [each.hash for each in hashes]
    if is_small(found["width"], found["height"]):
        told += pdq.enlarged(pixels)
    inner = _inner(pixels)
    if inner is not None:
        trimmed = list(pdq.orientations(inner, settled=False).values())
        found["trimmed"] = _sized(inner) | {"quality": trimmed[0].quality}
        told += [each.hash for each in trimmed]
    return found, b"".join(told)


def variants(data: bytes, _request: dict[str, Any]) -> Answer:
    """PDQ of the picture cut as copies often are, for material that many copies are made of."""
    pixels, found = pixels_of(data)
    inner = _inner(pixels)
    whole = pixels if inner is None else inner
    named = [(name, _cut(whole, *cut)) for name, cut in CUTS.items()]
    hashes = [pdq.fingerprint(cut, settled=False) for _name, cut in named]
    found["variants"] = [
        _sized(cut) | {"variant": name, "quality": hashed.quality}
        for (name, cut), hashed in zip(named, hashes, strict=True)
    ]
    return found, b"".join(each.hash for each in hashes)


def pixels_of(data: bytes) -> tuple[pdq.Pixels, dict[str, Any]]:
    """The pixels of the first frame, RGB or luma, and what the file is."""
    image = _opened(data)
    found = {"format": image.format, "width": image.width, "height": image.height}
    drafted = _drafted(image)
    _decodable(image)
    pixels = _pixels(image, "L" if drafted else "RGB")
    found["frames"] = _frames(image)
    found["route"] = "draft-luma-1024" if drafted else "full"
    image.close()
    return pixels, found


def _inner(pixels: pdq.Pixels) -> pdq.Pixels | None:
    box = content_box(pixels)
    if box is None:
        return None
    top, bottom, left, right = box
    return pixels[top:bottom, left:right]


def _cut(pixels: pdq.Pixels, left: float, top: float, right: float, bottom: float) -> pdq.Pixels:
    """Without these shares of each side; at least one row and column are left."""
    height, width = pixels.shape[:2]
    above, before = round(top * height), round(left * width)
    below = max(height - round(bottom * height), above + 1)
    return pixels[above:below, before : max(width - round(right * width), before + 1)]


def _sized(pixels: pdq.Pixels) -> dict[str, Any]:
    return {"width": pixels.shape[1], "height": pixels.shape[0]}


def _drafted(image: ImageFile.ImageFile) -> bool:
    """Ask a JPEG for its luma, scaled down while decoding where that leaves enough."""
    if image.format not in _DRAFTED or image.mode not in {"RGB", "L"}:
        return False
    return image.draft("L", (DRAFT_SIDE, DRAFT_SIDE)) is not None and image.mode == "L"


def _pixels(image: ImageFile.ImageFile, mode: str) -> pdq.Pixels:
    """The first frame, RGB (alpha dropped, palettes looked up) or luma.

    Strip by strip, because a whole conversion would hold the picture three times.
    """
    image.load()
    rows = max(1, _STRIP // image.width)
    if rows >= image.height:
        return _array(image, mode)
    shape = (image.height, image.width) if mode == "L" else (image.height, image.width, 3)
    pixels = np.empty(shape, np.uint8)
    for top in range(0, image.height, rows):
        strip = (0, top, image.width, min(top + rows, image.height))
        pixels[top : top + rows] = _array(image.crop(strip), mode)
    return pixels


def _array(image: Image.Image, mode: str) -> pdq.Pixels:
    return np.asarray(image if image.mode == mode else image.convert(mode))


def _frames(image: ImageFile.ImageFile) -> int:
    """How many frames the file declares; 2 for "more than one" where counting means decoding."""
    frames = 1
    with contextlib.suppress(Exception):  # a first frame that decodes is worth its hash
        if image.format in {"GIF", "TIFF"}:
            frames = 2 if getattr(image, "is_animated", False) else 1
        else:
            frames = int(getattr(image, "n_frames", 1))
    return min(max(frames, 1), _MOST_FRAMES)


def preview(data: bytes, request: dict[str, Any]) -> Answer:
    """The first frame upright, small, grey and blurred, as one byte a pixel.

    The parent encodes it: whatever this process answers can only become a grey thumbnail.
    """
    small, way = _shown(data, PREVIEW_SIDE)
    times = min(max(int(request.get("blur", 1)), 1), MOST_BLUR)
    grey = small.convert("L").filter(ImageFilter.GaussianBlur(times * PREVIEW_BLUR))
    return _upright(grey, way)


def revealed(data: bytes, request: dict[str, Any]) -> Answer:
    """The first frame upright, larger and as it is, as three bytes a pixel."""
    shown, way = _shown(data, REVEALED_SIDE)
    return _upright(shown.convert("L").convert("RGB") if request.get("grey") else shown, way)


def _shown(data: bytes, side: int) -> tuple[Image.Image, int]:
    """The first frame in colour, at most so many pixels a side, and how it is to be turned."""
    image = _opened(data)
    image.draft("RGB", (2 * side, 2 * side))
    _decodable(image)
    way = _orientation(image)
    small: Image.Image = image
    if small.mode not in {"RGB", "RGBA", "L", "CMYK"}:
        small = small.convert("RGBA" if small.has_transparency_data else "RGB")
    small.thumbnail((side, side), reducing_gap=2.0)
    if small.mode == "RGBA":
        paper = Image.new("RGBA", small.size, (128, 128, 128, 255))
        small = Image.alpha_composite(paper, small)
    return small.convert("RGB"), way


def _upright(picture: Image.Image, way: int) -> Answer:
    if way in _UPRIGHT:
        picture = picture.transpose(_UPRIGHT[way])
    said = {"width": picture.width, "height": picture.height, "orientation": way}
    return said, picture.tobytes()


def _orientation(image: ImageFile.ImageFile) -> int:
    """The EXIF orientation, 1 to 8. Pillow itself turns a TIFF while loading it."""
    way = 1
    with contextlib.suppress(Exception):  # broken EXIF turns nothing
        way = int(image.getexif().get(ExifTags.Base.Orientation, 1))
    return way if way in _UPRIGHT and image.format != "TIFF" else 1


def exif(data: bytes, _request: dict[str, Any]) -> Answer:
    """EXIF tags by name, as plain text, cut in number and length."""
    image = _opened(data)
    _decodable(image)
    found = image.getexif()
    groups = (
        ("", found, ExifTags.TAGS),
        ("Exif.", found.get_ifd(ExifTags.IFD.Exif), ExifTags.TAGS),
        ("GPS.", found.get_ifd(ExifTags.IFD.GPSInfo), ExifTags.GPSTAGS),
    )
    tags = {
        prefix + names.get(number, f"tag {number}"): _plain(value)
        for prefix, group, names in groups
        for number, value in group.items()
        if not isinstance(value, dict)
    }
    return {"tags": dict(list(tags.items())[:MAX_TAGS])}, b""


def _plain(value: Any) -> str:
    """One line of printable text of at most MAX_TEXT characters; binary values as hex."""
    if isinstance(value, bytes):
        text = value[:MAX_TEXT].rstrip(b"\0").decode("latin-1")
        value = text if text.isprintable() else value[: MAX_TEXT // 2].hex()
    elif isinstance(value, tuple | list):
        value = ", ".join(str(item)[:MAX_TEXT] for item in value[:MAX_ITEMS])
    printable = "".join(letter if letter.isprintable() else " " for letter in str(value))
    return printable.strip()[:MAX_TEXT]


JOBS: Jobs = {
    "fingerprint": fingerprint,
    "variants": variants,
    "preview": preview,
    "revealed": revealed,
    "exif": exif,
}
