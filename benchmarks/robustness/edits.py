"""Edits as copies are made of pictures, each from pixels to the bytes of a file.

``expected``: the share that the study of the project's reference recognised with help, where it
names the edit; 0 where it does not. Edits that lose nothing by themselves are saved without loss,
as there.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from benchmarks.sources import Pixels

Change = Callable[[Image.Image], Image.Image]


@dataclass(frozen=True, slots=True)
class Edit:
    """One way to change a picture. ``expected`` is a share, or None where none was measured."""

    name: str
    change: Change
    expected: float | None = None
    kind: str = "PNG"
    options: tuple[tuple[str, Any], ...] = (("compress_level", 1),)

    def saved(self, pixels: Pixels) -> bytes:
        """The file that somebody would send."""
        out = io.BytesIO()
        changed = self.change(Image.fromarray(pixels)).convert("RGB")
        changed.save(out, self.kind, **dict(self.options))
        return out.getvalue()


def edits() -> list[Edit]:
    """All of them: those of the study first, then more."""
    return [*_saved_again(), *_toned(), *_cropped(), *_bordered(), *_written_on(), *_turned()]


def _jpeg(name: str, quality: int, change: Change, expected: float | None = None) -> Edit:
    return Edit(name, change, expected, "JPEG", (("quality", quality),))


def _same(image: Image.Image) -> Image.Image:
    return image


# --- saved again, resized


def _saved_again() -> Iterator[Edit]:
    for quality, share in ((95, 1), (80, 1), (60, 1), (40, 0.99), (20, 0.98), (10, 0.97)):
        yield _jpeg(f"JPEG quality {quality}", quality, _same, share)
    yield Edit("WebP quality 50", _same, 0.97, "WEBP", (("quality", 50),))
    yield Edit("noise, sd 15", _noisy, 0.97)
    yield Edit("blur, radius 2", _filtered(ImageFilter.GaussianBlur(2)), 0.97)
    yield Edit("sharpened", _filtered(ImageFilter.SHARPEN), 0.97)
    for factor, share in ((2, 0.99), (0.5, 0.96), (0.25, 0.97)):
        yield Edit(f"resized x {factor}", _resized(factor), share)
    yield Edit("resized to 128 pixels", _to_side(128), 0.96)
    yield Edit("squeezed to a square", lambda i: i.resize((min(i.size),) * 2, _SMOOTH), 0.96)
    yield _jpeg("x 0.5 and JPEG quality 60, not named", 60, _resized(0.5))
    yield _jpeg("x 0.5 and JPEG quality 30, not named", 30, _resized(0.5))
    yield Edit("GIF of 64 colours, not named", _same, None, "GIF", ())
    yield Edit("squeezed to 3:2 of its height, not named", _squeezed(1, 0.66))


_SMOOTH = Image.Resampling.LANCZOS


def _noisy(image: Image.Image) -> Image.Image:
    grain = np.random.default_rng(image.width * image.height).normal(0, 15, (*image.size[::-1], 3))
    return _of(np.asarray(image) + grain)


def _of(values: Any) -> Image.Image:
    return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))


def _filtered(by: Any) -> Change:
    return lambda image: image.filter(by)


def _resized(factor: float) -> Change:
    return _squeezed(factor, factor)


def _squeezed(across: float, down: float) -> Change:
    def change(image: Image.Image) -> Image.Image:
        size = max(8, round(image.width * across)), max(8, round(image.height * down))
        return image.resize(size, _SMOOTH)

    return change


def _to_side(side: int) -> Change:
    return lambda image: _resized(side / max(image.size))(image)


# --- light and colour


def _toned() -> Iterator[Edit]:
    for factor, share in ((0.5, 1), (0.7, 1), (1.3, 0.95), (1.6, 0.78)):
        yield Edit(f"brightness x {factor}", _bright(factor), share)
    yield Edit("contrast x 0.6", lambda image: ImageEnhance.Contrast(image).enhance(0.6), 1)
    yield Edit("grey", lambda image: image.convert("L"), 1)
    yield Edit("negative", lambda image: _of(255 - np.asarray(image)), 1)
    yield Edit("gamma 0.6, not named", _gamma(0.6))
    yield Edit("gamma 1.8, not named", _gamma(1.8))
    yield Edit("sepia, not named", _sepia)
    yield Edit("equalised, not named", _equalised)


def _bright(factor: float) -> Change:
    return lambda image: ImageEnhance.Brightness(image).enhance(factor)


def _gamma(power: float) -> Change:
    return lambda image: _of((np.asarray(image) / 255) ** power * 255)


def _sepia(image: Image.Image) -> Image.Image:
    mix = np.array([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]])
    return _of(np.asarray(image) @ mix.T)


def _equalised(image: Image.Image) -> Image.Image:
    from PIL import ImageOps  # noqa: PLC0415 - one edit needs it

    return ImageOps.equalize(image)


# --- cut


def _cropped() -> Iterator[Edit]:
    for percent, share in (
        (1, 0.97),
        (2, 0.93),
        (3, 0.93),
        (5, 0.96),
        (8, 1),
        (10, 0.89),
        (15, 0.25),
    ):
        half = percent / 200
        yield Edit(f"centre crop {percent} %", _crop(half, half, half, half), share)
    for percent, share in ((2, 0.66), (5, 1), (10, 1)):
        yield Edit(f"one side cropped {percent} %", _one_side(percent / 100), share)
    for percent, share in ((2, 0.35), (5, 0.08), (10, 0.02)):
        yield Edit(f"corner cropped {percent} %", _corner(percent / 100), share)
    yield Edit("one side cropped 7 %, not named", _one_side(0.07))
    yield Edit("one side cropped 15 %, not named", _one_side(0.15))
    yield Edit("corner cropped 7 %, not named", _corner(0.07))
    yield _jpeg("centre crop 8 % and JPEG quality 40, not named", 40, _crop(*[0.04] * 4))


def _crop(left: float, top: float, right: float, bottom: float) -> Change:
    def change(image: Image.Image) -> Image.Image:
        width, height = image.size
        return image.crop(
            (
                round(left * width),
                round(top * height),
                width - round(right * width),
                height - round(bottom * height),
            )
        )

    return change


def _one_side(share: float) -> Change:
    """Another side for each picture, told from its size."""

    def change(image: Image.Image) -> Image.Image:
        sides = [0.0] * 4
        sides[_told_apart(image) % 4] = share
        return _crop(*sides)(image)

    return change


def _corner(share: float) -> Change:
    def change(image: Image.Image) -> Image.Image:
        corner = _told_apart(image) % 4
        sides = [0.0] * 4
        sides[corner], sides[(corner + 1) % 4] = share, share
        return _crop(*sides)(image)

    return change


def _told_apart(image: Image.Image) -> int:
    return int(np.asarray(image)[::7, ::5].sum())


# --- framed


def _bordered() -> Iterator[Edit]:
    for percent, share in ((1, 1), (2, 0.97), (5, 1), (10, 1)):
        yield Edit(f"black border {percent} %", _framed(percent / 100, 0), share)
    yield Edit("white border 5 %", _framed(0.05, 255), 0.97)
    yield Edit("letterbox 10 %", _boxed(0.1), 0.97)
    yield _jpeg("black border 5 % and JPEG quality 60, not named", 60, _framed(0.05, 0))
    yield _jpeg("letterbox 10 % and JPEG quality 60, not named", 60, _boxed(0.1))
    yield _jpeg("grey border 8 % and JPEG quality 30, not named", 30, _framed(0.08, 128))
    yield Edit("pillars left and right 15 %, not named", _pillars)
    yield Edit("black border 5 % and mirrored, not named", _then(_framed(0.05, 0), _MIRROR))
    yield Edit("letterbox 10 % around a centre crop 8 %, not named", _then(_MIDDLE, _boxed(0.1)))


def _then(first: Change, second: Change) -> Change:
    return lambda image: second(first(image))


def _on(image: Image.Image, across: int, down: int, colour: int) -> Image.Image:
    size = image.width + 2 * across, image.height + 2 * down
    paper = Image.new("RGB", size, (colour,) * 3)
    paper.paste(image, (across, down))
    return paper


def _framed(share: float, colour: int) -> Change:
    def change(image: Image.Image) -> Image.Image:
        border = max(1, round(share * min(image.size)))
        return _on(image, border, border, colour)

    return change


def _boxed(share: float) -> Change:
    return lambda image: _on(image, 0, round(share * image.height), 0)


def _pillars(image: Image.Image) -> Image.Image:
    return _on(image, round(0.15 * image.width), 0, 0)


_MIDDLE = _crop(0.04, 0.04, 0.04, 0.04)


def _MIRROR(image: Image.Image) -> Image.Image:  # noqa: N802 - a change like the constants beside it
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


# --- written on


def _written_on() -> Iterator[Edit]:
    for percent, share in ((5, 0.92), (10, 0.47), (20, 0.03)):
        yield Edit(f"text {percent} % of the height", _texted(percent / 100), share)
    yield Edit("caption bar 15 %", _captioned, 0)
    yield Edit("small mark in a corner, not named", _marked)


def _texted(share: float) -> Change:
    def change(image: Image.Image) -> Image.Image:
        image, size = image.copy(), max(6, round(share * image.height))
        place = (round(0.05 * image.width), round(0.45 * image.height))
        ImageDraw.Draw(image).text(
            place, "when it is all too much", "white", ImageFont.load_default(size),
            stroke_width=max(1, size // 12), stroke_fill="black",
        )  # fmt: skip
        return image

    return change


def _captioned(image: Image.Image) -> Image.Image:
    bar = round(0.15 * image.height)
    paper = Image.new("RGB", (image.width, image.height + bar), "white")
    paper.paste(image, (0, bar))
    font = ImageFont.load_default(max(6, round(0.6 * bar)))
    ImageDraw.Draw(paper).text((round(0.03 * image.width), round(0.1 * bar)), "nobody:", 0, font)
    return paper


def _marked(image: Image.Image) -> Image.Image:
    image, size = image.copy(), max(6, round(0.04 * image.height))
    place = (round(0.7 * image.width), round(0.92 * image.height))
    ImageDraw.Draw(image).text(place, "@example", "white", ImageFont.load_default(size))
    return image


# --- turned


def _turned() -> Iterator[Edit]:
    for degrees, share in ((1, 0.6), (2, 0.08), (3, 0.01), (5, 0)):
        yield Edit(f"turned {degrees} degrees", _askew(degrees), share)
    for way in Image.Transpose:
        name = way.name.lower().replace("_", " ")
        yield Edit(name, _transposed(way), 1)
        half = _then(_transposed(way), _resized(0.5))
        yield _jpeg(f"{name}, half the size, JPEG quality 60", 60, half, 0.95)
    yield _jpeg("mirrored, centre crop 8 %, not named", 80, _then(_MIDDLE, _MIRROR))
    yield Edit("mirrored negative, not named", lambda i: _of(255 - np.asarray(_MIRROR(i))))


def _askew(degrees: float) -> Change:
    """Turned about the middle; the corners that come in are black."""
    return lambda image: image.rotate(degrees, Image.Resampling.BICUBIC)


def _transposed(way: Image.Transpose) -> Change:
    return lambda image: image.transpose(way)
