"""The child process that decodes pictures: run as a module, spoken to over two pipes.

A picture is a program for its decoder, and the people who send them here are not friends.
So no picture is ever decoded in a process that holds keys, a database or a network: this
one holds nothing. It starts without the framework, shuts itself in before it reads a
single byte (memory, processor time, no file, no socket, no new rights), and answers with a
few numbers, 32-byte hashes, a grey thumbnail or plain strings. The bytes come by pipe and
stand in memory only.

A request is a 4-byte big-endian length, that many bytes of JSON (``job``, ``size``,
``oriented``) and ``size`` bytes of file. An answer is a length, JSON, and as many bytes
as its ``bytes`` says. :mod:`tipline.insight.matching.pictures` is the other side.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import json
import os
import resource
import signal
import struct
import sys
import warnings
from collections.abc import Callable
from typing import Any, BinaryIO

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
from tipline.insight.matching.hashes import HASHER, VERSION

Answer = tuple[dict[str, Any], bytes]

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

MEMORY = 1 << 30
CPU_SECONDS = 15
# Above this nothing is opened; a JPEG of so many pixels is decoded at an eighth of its size.
MAX_PIXELS = 256_000_000
# Above this nothing is decoded: such an RGB picture takes 7 bytes a pixel here.
MAX_DECODED = 80_000_000
# A JPEG is decoded to luma at the smallest scale that keeps both sides at least this long
# (the measured limit below which fine texture costs matches), when that saves anything.
DRAFT_SIDE = 1024
DRAFT_ABOVE = 16_000_000
PREVIEW_SIDE = 256
PREVIEW_BLUR = PREVIEW_SIDE // 32
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


# --- shutting in


def confine() -> None:
    """Give up everything that decoding does not need. Raises OSError where Linux refuses."""
    Image.preinit()  # imports what Image.open would import later
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _give_up_rights()
    os.closerange(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    _limit(resource.RLIMIT_AS, MEMORY)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NPROC, 0)
    # The three standard streams are open: no further file, pipe or socket can be.
    _limit(resource.RLIMIT_NOFILE, 3)
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def _limit(kind: int, most: int) -> None:
    try:
        resource.setrlimit(kind, (most, most))
    except (OSError, ValueError):
        if sys.platform == "linux":
            raise


def _give_up_rights() -> None:
    """Die with the parent, never gain rights, show the memory to nobody (prctl(2))."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    die_with_parent, dumpable, no_new_rights = 1, 4, 38
    for option, value in (
        (die_with_parent, signal.SIGKILL),
        (dumpable, 0),
        (no_new_rights, 1),
    ):
        if libc.prctl(option, int(value), 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")


def _renew_time() -> None:
    """Processor time for one job; the kernel ends the process when it is used up."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(
        resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard)
    )


# --- answering


def main() -> None:
    """Confine, say ready, then answer jobs until the parent closes the pipe."""
    confine()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    _send(sink, {"ready": True, "hasher": HASHER, "version": VERSION}, b"")
    while head := source.read(4):
        request = json.loads(source.read(*struct.unpack(">I", head)))
        _renew_time()
        answer, extra = answered(request, source.read(request["size"]))
        _send(sink, answer, extra)


def _send(sink: BinaryIO, answer: dict[str, Any], extra: bytes) -> None:
    text = json.dumps({**answer, "bytes": len(extra)}).encode()
    sink.write(struct.pack(">I", len(text)) + text + extra)
    sink.flush()


def answered(request: dict[str, Any], data: bytes) -> Answer:
    """The answer to one request: a result, or ``{"reason": code}``."""
    try:
        return _JOBS[request["job"]](data, request)
    except Refused as refusal:
        return {"reason": str(refusal)}, b""
    except MemoryError:
        return {"reason": "too_much_memory"}, b""
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return {"reason": "too_many_pixels"}, b""
    except Exception as error:  # noqa: BLE001 - whatever a decoder raises is an answer here
        cut = isinstance(error, EOFError) or "truncated" in str(error).lower()
        return {"reason": "truncated" if cut else "undecodable"}, b""


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


# --- the jobs


def fingerprint(data: bytes, request: dict[str, Any]) -> Answer:
    """PDQ as the picture stands, or turned eight ways when ``oriented``; EXIF is not read."""
    image = _opened(data)
    found = {"format": image.format, "width": image.width, "height": image.height}
    drafted = _drafted(image)
    _decodable(image)
    pixels = _pixels(image, "L" if drafted and image.mode == "L" else "RGB")
    found["frames"] = _frames(image)
    image.close()
    if request.get("oriented"):
        hashes = list(pdq.orientations(pixels).values())
    else:
        hashes = [pdq.fingerprint(pixels)]
    found["quality"] = hashes[0].quality
    found["route"] = "draft-luma-1024" if drafted else "full"
    return found, b"".join(each.hash for each in hashes)


def _drafted(image: ImageFile.ImageFile) -> bool:
    """Ask a big JPEG for its luma alone, scaled down while decoding."""
    big = min(image.size) >= 2 * DRAFT_SIDE or image.width * image.height > DRAFT_ABOVE
    if image.format not in _DRAFTED or not big:
        return False
    return image.draft("L", (DRAFT_SIDE, DRAFT_SIDE)) is not None


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


def preview(data: bytes, _request: dict[str, Any]) -> Answer:
    """The first frame upright, small, grey and blurred, as one byte a pixel.

    The parent encodes it: whatever this process answers can only become a grey thumbnail.
    """
    image = _opened(data)
    image.draft("RGB", (2 * PREVIEW_SIDE, 2 * PREVIEW_SIDE))
    _decodable(image)
    way = _orientation(image)
    small: Image.Image = image
    if small.mode not in {"RGB", "RGBA", "L", "CMYK"}:
        small = small.convert("RGBA" if small.has_transparency_data else "RGB")
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), reducing_gap=2.0)
    if small.mode == "RGBA":
        paper = Image.new("RGBA", small.size, (128, 128, 128, 255))
        small = Image.alpha_composite(paper, small)
    grey = small.convert("RGB").convert("L").filter(ImageFilter.GaussianBlur(PREVIEW_BLUR))
    if way in _UPRIGHT:
        grey = grey.transpose(_UPRIGHT[way])
    return {"width": grey.width, "height": grey.height, "orientation": way}, grey.tobytes()


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


_JOBS = {"fingerprint": fingerprint, "preview": preview, "exif": exif}

if __name__ == "__main__":
    main()
