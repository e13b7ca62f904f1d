"""What happens to pictures that are passed on: named edits, each drawn by dice.

The names and sizes follow the table of edits against which fingerprints are judged
(re-encoding, scaling, light, borders, cuts, turns, text), so that a stream's truth says which
edit made each copy.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType
from typing import TypeAlias

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

Edit: TypeAlias = Callable[[Image.Image, Random], Image.Image]
_Turn: TypeAlias = Image.Transpose


def _scaled(low: float, high: float) -> Edit:
    def edit(image: Image.Image, pick: Random) -> Image.Image:
        scale = pick.uniform(low, high)
        size = (max(8, round(image.width * scale)), max(8, round(image.height * scale)))
        return image.resize(size, Image.Resampling.LANCZOS)

    return edit


def _squashed(image: Image.Image, _pick: Random) -> Image.Image:
    side = min(image.size)
    return image.resize((side, side), Image.Resampling.LANCZOS)


def _light(low: float, high: float) -> Edit:
    return lambda image, pick: ImageEnhance.Brightness(image).enhance(pick.uniform(low, high))


def _contrast(image: Image.Image, pick: Random) -> Image.Image:
    return ImageEnhance.Contrast(image).enhance(pick.uniform(0.6, 1.3))


def _cut(left: float, top: float, right: float, bottom: float) -> Edit:
    """Shares of the width or height to cut off at each side, each up to that much."""

    def edit(image: Image.Image, pick: Random) -> Image.Image:
        sides = [share * pick.uniform(0.8, 1.0) for share in (left, top, right, bottom)]
        width, height = image.size
        frame = (sides[0] * width, sides[1] * height)
        rest = (width - sides[2] * width, height - sides[3] * height)
        return image.crop((round(frame[0]), round(frame[1]), round(rest[0]), round(rest[1])))

    return edit


def _one_side(share: float) -> Edit:
    def edit(image: Image.Image, pick: Random) -> Image.Image:
        sides = [0.0, 0.0, 0.0, 0.0]
        sides[pick.randrange(4)] = share
        return _cut(sides[0], sides[1], sides[2], sides[3])(image, pick)

    return edit


def _border(share: float, colour: tuple[int, int, int]) -> Edit:
    return lambda image, _pick: ImageOps.expand(image, round(min(image.size) * share), colour)


def _letterbox(image: Image.Image, _pick: Random) -> Image.Image:
    high = round(image.height * 0.1)
    return ImageOps.expand(image, (0, high, 0, high), (0, 0, 0))


def _turned(*ways: _Turn) -> Edit:
    return lambda image, pick: image.transpose(pick.choice(ways))


def _tilted(image: Image.Image, pick: Random) -> Image.Image:
    return image.rotate(pick.choice((-1, 1)), Image.Resampling.BICUBIC)


def _written_on(image: Image.Image, pick: Random) -> Image.Image:
    """A line of large letters, a twentieth of the height, somewhere on the picture."""
    canvas = ImageDraw.Draw(image)
    place = (image.width * 0.1, image.height * pick.uniform(0.1, 0.8))
    canvas.text(place, "SYNTHETIC", fill=(255, 255, 255), font_size=image.height / 20)
    return image


def _with_caption(image: Image.Image, _pick: Random) -> Image.Image:
    """A white bar with words below the picture, 15 % of the height."""
    high = round(image.height * 0.15)
    whole = Image.new("RGB", (image.width, image.height + high), (255, 255, 255))
    whole.paste(image, (0, 0))
    canvas = ImageDraw.Draw(whole)
    canvas.text((10, image.height), "synthetic caption", fill=(0, 0, 0), font_size=high * 0.6)
    return whole


def _same(image: Image.Image, _pick: Random) -> Image.Image:
    return image


_T = Image.Transpose
_EDITS: dict[str, Edit] = {
    "recompressed": _same,
    "poorly_compressed": _same,
    "other_format": _same,
    "smaller": _scaled(0.25, 0.75),
    "larger": _scaled(1.3, 2.0),
    "squashed": _squashed,
    "darker": _light(0.5, 0.8),
    "lighter": _light(1.15, 1.3),
    "contrast": _contrast,
    "grey": lambda image, _pick: ImageOps.grayscale(image).convert("RGB"),
    "blurred": lambda image, _pick: image.filter(ImageFilter.GaussianBlur(2)),
    "sharpened": lambda image, _pick: image.filter(ImageFilter.SHARPEN),
    "cut_a_little": _cut(0.01, 0.01, 0.01, 0.01),
    "cut_all_round": _cut(0.08, 0.08, 0.08, 0.08),
    "cut_one_side": _one_side(0.1),
    "black_border": _border(0.05, (0, 0, 0)),
    "white_border": _border(0.05, (255, 255, 255)),
    "letterbox": _letterbox,
    "mirrored": _turned(_T.FLIP_LEFT_RIGHT, _T.FLIP_TOP_BOTTOM),
    "turned": _turned(_T.ROTATE_90, _T.ROTATE_180, _T.ROTATE_270),
    "turned_and_smaller": lambda image, pick: _scaled(0.5, 0.5)(
        _turned(_T.ROTATE_90, _T.ROTATE_180, _T.FLIP_LEFT_RIGHT)(image, pick), pick
    ),
    "tilted": _tilted,
    "written_on": _written_on,
    "captioned": _with_caption,
}
EDITS: Mapping[str, Edit] = MappingProxyType(_EDITS)
_QUALITY = {"recompressed": (40, 75), "poorly_compressed": (10, 20), "turned_and_smaller": (60, 60)}


def edited(image: Image.Image, edit: str, pick: Random) -> bytes:
    """The picture (RGB) after an edit of :data:`EDITS`, encoded: JPEG, or WebP as another format.

    ``KeyError`` for an unknown name.
    """
    changed = EDITS[edit](image.copy(), pick)
    buffer = io.BytesIO()
    if edit == "other_format":
        changed.save(buffer, "WEBP", quality=60)
    else:
        low, high = _QUALITY.get(edit, (85, 90))
        changed.save(buffer, "JPEG", quality=pick.randint(low, high))
    return buffer.getvalue()
