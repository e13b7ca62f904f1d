"""Pictures of gradients, waves, circles, stars and stripes, and near copies of them.

Many overlapping shapes over waves of random direction give perceptual fingerprints of high
quality, far apart between families and near within one.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from simulator.dice import dice

CHANGES = ("recompressed", "resized", "cropped")
_WAVE_SIDE = 96  # waves are smooth: they are worked out small and enlarged
_GRAIN = 6  # side of a square, in pixels
_SINE = np.array([round(4096 * math.sin(math.pi * step / 512)) for step in range(1024)])


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture, exactly: equal specs have equal bytes.

    ``family``: pictures of one family show the same drawing. ``change``: "" for the
    original, else one of :data:`CHANGES`, with ``take`` telling copies of one kind apart.
    ``kind``: ``jpeg`` or ``png``; changed copies are always JPEG.
    """

    family: str
    width: int = 640
    height: int = 480
    kind: str = "jpeg"
    exif: bool = False
    change: str = ""
    take: int = 0

    @property
    def key(self) -> str:
        """Names the bytes: two pictures of one plan with equal keys are byte-equal."""
        return f"{self.family}:{self.change}{self.take}" if self.change else self.family

    @property
    def suffix(self) -> str:
        return "png" if self.kind == "png" and not self.change else "jpg"

    def near_copy(self, change: str, take: int) -> Picture:
        return replace(self, change=change, take=take)


@lru_cache(maxsize=48)
def picture_bytes(picture: Picture) -> bytes:
    """The encoded file."""
    if picture.change:
        return _near_copy(picture)
    image = drawing(picture.family, picture.width, picture.height)
    if picture.kind == "png":
        return _saved(image, "PNG")
    exif = _exif(picture.family) if picture.exif else None
    return _saved(image, "JPEG", quality=88, exif=exif)


def drawing(family: str, width: int, height: int) -> Image.Image:
    """The family's drawing in RGB."""
    pick = dice("picture", family)
    image = _waves(pick).resize((width, height), Image.Resampling.BILINEAR)
    canvas = ImageDraw.Draw(image, "RGBA")
    for _ in range(pick.randint(7, 14)):
        _shape(canvas, pick, width, height)
    return _textured(image, pick)


def _waves(pick: Random) -> Image.Image:
    """Seven waves of random direction, length and colour, summed in whole numbers.

    Whole numbers, because the last bit of a sine differs between processors.
    """
    steps = np.arange(_WAVE_SIDE)
    field = np.zeros((_WAVE_SIDE, _WAVE_SIDE, 3), dtype=np.int64)
    for _ in range(7):
        across, down, start = pick.randint(-48, 48), pick.randint(-48, 48), pick.randrange(1024)
        wave = _SINE[(across * steps[None, :] + down * steps[:, None] + start) % 1024]
        field += wave[:, :, None] * np.array([pick.randint(-99, 99) for _ in range(3)])
    low, high = field.min(), field.max()
    return Image.fromarray(((field - low) * 255 // max(1, high - low)).astype(np.uint8), "RGB")


def _shape(canvas: ImageDraw.ImageDraw, pick: Random, width: int, height: int) -> None:
    colour = (pick.randrange(256), pick.randrange(256), pick.randrange(256), pick.randint(170, 255))
    x, y = pick.uniform(0, width), pick.uniform(0, height)
    size = pick.uniform(0.06, 0.24) * min(width, height)
    form = pick.choice(("circle", "ring", "star", "stripes", "polygon"))
    if form == "circle":
        canvas.ellipse((x - size, y - size, x + size, y + size), fill=colour)
    elif form == "ring":
        edge = max(2, int(size / 4))
        canvas.ellipse((x - size, y - size, x + size, y + size), outline=colour, width=edge)
    elif form == "stripes":
        step = size / 3
        for number in range(5):
            left = x + number * step
            canvas.line((left, y - size, left + size, y + size), fill=colour, width=int(step / 2))
    else:
        inner = 0.45 if form == "star" else 1.0
        canvas.polygon(_corners(x, y, size, inner, pick), fill=colour)


def _corners(
    x: float, y: float, size: float, inner: float, pick: Random
) -> list[tuple[float, float]]:
    points, turn = 2 * pick.randint(3, 6), pick.uniform(0, 2 * math.pi)
    reach = [size if number % 2 == 0 else size * inner for number in range(points)]
    angles = [turn + 2 * math.pi * number / points for number in range(points)]
    return [
        (x + far * math.cos(angle), y + far * math.sin(angle))
        for far, angle in zip(reach, angles, strict=True)
    ]


def _textured(image: Image.Image, pick: Random) -> Image.Image:
    """The picture with a coarse grain of squares, lighter and darker by up to 14."""
    across, down = image.width // _GRAIN + 1, image.height // _GRAIN + 1
    random = np.random.Generator(np.random.PCG64(pick.getrandbits(64)))
    squares = Image.fromarray(random.integers(0, 29, (down, across), dtype=np.uint8))
    grain = squares.resize((across * _GRAIN, down * _GRAIN), Image.Resampling.NEAREST)
    grain = grain.crop((0, 0, image.width, image.height))
    return ImageChops.add(image, Image.merge("RGB", (grain, grain, grain)), 1, -14)


def _near_copy(picture: Picture) -> bytes:
    """The same drawing after what happens to pictures that are passed on."""
    original = picture_bytes(replace(picture, change="", take=0))
    pick = dice("near", picture.family, picture.change, picture.take)
    with Image.open(io.BytesIO(original)) as opened:
        image = opened.convert("RGB")
    if picture.change == "recompressed":
        return _saved(image, "JPEG", quality=pick.randint(35, 70))
    if picture.change == "resized":
        scale = pick.uniform(0.45, 0.85)
        size = (round(image.width * scale), round(image.height * scale))
        return _saved(image.resize(size, Image.Resampling.LANCZOS), "JPEG", quality=85)
    return _saved(image.crop(_frame(image, pick)), "JPEG", quality=85)


def _frame(image: Image.Image, pick: Random) -> tuple[int, int, int, int]:
    """A little off each side, 0.3 to 1.1 per cent."""
    left, top, right, bottom = (pick.uniform(0.003, 0.011) for _ in range(4))
    return (
        round(image.width * left),
        round(image.height * top),
        round(image.width * (1 - right)),
        round(image.height * (1 - bottom)),
    )


def _exif(family: str) -> bytes:
    """A camera that does not exist, and a time."""
    pick = dice("exif", family)
    exif = Image.Exif()
    for tag, value in exif_pairs(family):
        exif[_EXIF_TAGS[tag]] = value
    exif[0x0112] = 1  # upright
    exif[0x0128] = pick.choice((2, 3))  # resolution in inches or centimetres
    return exif.tobytes()


_EXIF_TAGS = {"Make": 0x010F, "Model": 0x0110, "Software": 0x0131, "DateTime": 0x0132}


def exif_pairs(family: str) -> tuple[tuple[str, str], ...]:
    """The names and values that the picture's EXIF block holds."""
    pick = dice("camera", family)
    taken = (
        f"2026:{pick.randint(1, 9):02d}:{pick.randint(1, 28):02d} {pick.randint(0, 23):02d}:05:00"
    )
    model = f"Synthetic {pick.choice('ABCDE')}{pick.randint(1, 9)}"
    return (
        ("Make", "Examplecam"),
        ("Model", model),
        ("Software", "simulator"),
        ("DateTime", taken),
    )


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **{k: v for k, v in options.items() if v is not None})
    return buffer.getvalue()
