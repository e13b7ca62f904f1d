"""``bench hashing``: a fingerprint of a JPEG, from its bytes, beside the reference library.

The peer does what programs with that library do: Pillow decodes the whole picture to RGB, and
``pdqhash`` hashes it. Ours is what the decoding child does. Both run in this process, in
alternating rounds on the same bytes; times are of this thread's processor.
"""

from __future__ import annotations

import argparse
import importlib
import io
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.result import Result, machine
from benchmarks.sources import Pixels, whole_pictures
from tipline.insight.matching import decoding, pdq
from tipline.insight.matching.pictures import PictureChild
from tipline.insight.matching.rules_probes import distance

SIZES = (512, 1024, 2048, 4000)
#: Photographs that are scaled to each size; of these grain is added, as a camera would.
SOURCES = (
    "astronaut.png",
    "coffee.png",
    "chelsea.png",
    "rocket.jpg",
    "retina.jpg",
    "motorcycle_left.png",
    "china.jpg",
    "flower.jpg",
)
TO_REACH = {512: 2.5, 4000: 15.0}
Contender = Callable[[bytes], bytes]


def run(words: Sequence[str]) -> Result:
    """All sizes, or those that are named."""
    options = _parser().parse_args(words)
    found = [one.pixels for one in whole_pictures() if one.source in SOURCES]
    reference = _reference()
    rows = [_row(size, found, options.rounds, reference) for size in options.size or SIZES]
    return result(rows)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("bench hashing", description=__doc__)
    add = parser.add_argument
    add("--size", action="append", type=int, metavar="PIXELS", help="several: repeat it")
    add("--rounds", type=int, default=9, metavar="N", help="rounds a picture (default 9)")
    return parser


def _reference() -> Callable[[Pixels], bytes]:
    try:
        pdqhash = importlib.import_module("pdqhash")
    except ImportError:  # a peer, not installed everywhere
        raise ValueError("This benchmark needs pdqhash: install the bench set.") from None

    def hashed(pixels: Pixels) -> bytes:
        return np.packbits(pdqhash.compute(pixels)[0].astype(np.uint8)).tobytes()

    return hashed


def _row(
    size: int, found: Sequence[Pixels], rounds: int, reference: Callable[[Pixels], bytes]
) -> dict[str, Any]:
    files = [_jpeg(pixels, size) for pixels in found]
    contenders: dict[str, Contender] = {
        "peer": lambda data: reference(_rgb(data)),
        "ours": lambda data: decoding.fingerprint(data, {})[1],
        "eight": lambda data: decoding.fingerprint(data, {"oriented": True})[1],
        "decoding": lambda data: _rgb(data).tobytes()[:1],
    }
    times, bits, full = dict[str, list[float]](), [], []
    for data in files:
        for name, spent in _times(contenders, data, rounds).items():
            times.setdefault(name, []).append(spent)
        expected = reference(_rgb(data))
        bits.append(distance(decoding.fingerprint(data, {})[1], expected))
        full.append(distance(pdq.fingerprint(_rgb(data)).hash, expected))
    row = {
        "pixels": size,
        **{name: round(median(each), 2) for name, each in times.items()},
        "child": round(_through_the_child(files, rounds), 2),
        "ratio": round(median(times["peer"]) / median(times["ours"]), 2),
        "ratio_eight": round(median(times["peer"]) / median(times["eight"]), 2),
        "route": decoding.fingerprint(files[0], {})[0]["route"],
        "bits": median(bits),
        "most_bits": max(bits),
        "most_bits_of_full": max(full),
    }
    print(_line(row), file=sys.stderr, flush=True)
    return row


def _jpeg(pixels: Pixels, size: int) -> bytes:
    image = Image.fromarray(pixels)
    factor = size / max(image.size)
    scaled = image.resize(
        (round(image.width * factor), round(image.height * factor)), Image.Resampling.LANCZOS
    )
    grain = np.random.default_rng(size).integers(-4, 5, (scaled.height, scaled.width, 1))
    noisy = np.clip(np.asarray(scaled).astype(np.int16) + grain, 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(noisy).save(out, "JPEG", quality=90)
    return out.getvalue()


def _rgb(data: bytes) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def _times(contenders: dict[str, Contender], data: bytes, rounds: int) -> dict[str, float]:
    """Milliseconds of this thread's processor, the median of alternating rounds."""
    spent: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds + 1):
        for name, contender in contenders.items():
            start = time.thread_time()
            contender(data)
            spent[name].append((time.thread_time() - start) * 1000)
    return {name: median(each[1:]) for name, each in spent.items()}


def _through_the_child(files: Sequence[bytes], rounds: int) -> float:
    """Wall-clock milliseconds of a whole request to the confined child, eight ways."""
    spent = []
    with PictureChild() as child:
        for _ in range(rounds + 1):
            for data in files:
                start = time.perf_counter()
                child.fingerprint([data], len(data), oriented=True)
                spent.append((time.perf_counter() - start) * 1000)
    return median(spent[len(files) :])


def result(rows: Sequence[dict[str, Any]]) -> Result:
    """The answer: rows, ratios, what was met, and what limits it."""
    ratios = {f"peer to ours at {row['pixels']}": row["ratio"] for row in rows}
    met = {
        f"at least {TO_REACH[row['pixels']]} times at {row['pixels']} pixels": (
            row["ratio"] >= TO_REACH[row["pixels"]]
        )
        for row in rows
        if row["pixels"] in TO_REACH
    }
    met["bit-identical on full decode"] = all(row["most_bits_of_full"] == 0 for row in rows)
    lines = [machine(), _HEAD, *map(_line, rows)]
    lines += [f"{'met    ' if yes else 'NOT MET'} {name}" for name, yes in met.items()]
    lines.append(_limit(rows))
    return Result("hashing", rows, ratios, met, "\n".join(lines))


def _limit(rows: Sequence[dict[str, Any]]) -> str:
    whole = [row for row in rows if row["route"] == "full"]
    if not whole:
        return "what limits it: decoding the JPEG to luma"
    share = median(row["decoding"] / row["ours"] for row in whole)
    most = median(row["peer"] / row["decoding"] for row in whole)
    return (
        f"what limits it: where the whole picture is decoded, decoding is {share:.0%} of our time, "
        f"and a hash that cost nothing would reach {most:.1f}"
    )


_HEAD = (
    f"{'pixels':>6}{'peer ms':>10}{'ours':>8}{'ratio':>7}{'8 ways':>8}{'ratio':>7}{'child':>8}"
    f"{'decoding':>10}  {'route':<17}{'bits':>5}{'most':>6}{'full':>6}"
)


def _line(row: dict[str, Any]) -> str:
    return (
        f"{row['pixels']:>6}{row['peer']:>10}{row['ours']:>8}{row['ratio']:>7}{row['eight']:>8}"
        f"{row['ratio_eight']:>7}{row['child']:>8}{row['decoding']:>10}  {row['route']:<17}"
        f"{row['bits']:>5}{row['most_bits']:>6}{row['most_bits_of_full']:>6}"
    )
