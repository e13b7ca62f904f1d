"""Writes golden.json with the reference: run where ``pdqhash`` 0.2.8 is installed.

``PYTHONPATH=. python -m tests.matching.golden``
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from tests.matching.made import KINDS, picture

GOLDEN = Path(__file__).with_name("golden.json")
SMALL = [
    *((1, 1), (1, 2), (2, 1), (4, 9), (9, 4), (5, 5), (5, 6), (6, 5), (7, 7), (5, 300), (300, 5)),
    *((17, 31), (63, 64), (64, 64), (65, 64), (64, 200), (127, 128), (128, 128), (129, 129)),
    *((255, 257), (240, 320), (1000, 37), (37, 1000)),
]
MIDDLE = [(333, 500), (512, 512), (480, 640), (767, 1023)]
LARGE = [(1024, 1024, "scene"), (1500, 701, "disc"), (2000, 40, "waves"), (2000, 800, "scene")]


def cases():
    for height, width in SMALL:
        for kind in KINDS:
            yield kind, height, width
    for height, width in MIDDLE:
        for kind in ("noise", "diagonal", "disc", "tiles", "scene"):
            yield kind, height, width
    for height, width, kind in LARGE:
        yield kind, height, width


def main() -> None:
    import pdqhash

    rows = []
    for seed, (kind, height, width) in enumerate(cases(), start=1):
        bits, quality = pdqhash.compute(picture(kind, height, width, seed))
        value = np.packbits(bits.astype(bool)).tobytes().hex()
        rows.append([kind, height, width, seed, value, int(quality)])
    lines = ",\n".join(json.dumps(row) for row in rows)
    GOLDEN.write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
