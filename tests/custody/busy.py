# ruff: noqa: T201 - its output is what the test reads
"""A process that seals and opens without end while others change the master key.

``python -m tests.custody.busy make`` seals until its stdin ends and prints ``{key: plain}``;
``rotate N`` rotates so often, each time with all that belongs to it; ``open`` opens what is on
stdin and prints what does not.
"""

from __future__ import annotations

import json
import random
import select
import sys
import time
from typing import Any

from tipline.doors.terminal.starting import load


def make() -> Any:
    from tipline.ground.foundation import keys
    from tipline.ground.foundation.transactions import write_tx

    made: dict[int, str] = {}
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], 0)[0]:
        with write_tx():
            row, plain = keys.new_data_key()
            time.sleep(random.uniform(0, 0.004))  # a transaction that is under way meanwhile
        made[row.pk] = plain.hex()
        _open(random.choice(list(made)), made)
    return made


def _open(pk: int, made: dict[int, str]) -> None:
    from tipline.ground.foundation import keys
    from tipline.ground.foundation.models import DataKey

    assert keys.open_data_key(DataKey.objects.get(pk=pk)).hex() == made[pk]


def rotate(times: str) -> Any:
    from tipline.ground.custody import rewrapping, services
    from tipline.ground.custody.queries import standing
    from tipline.ground.foundation import keys
    from tipline.ground.foundation.actor import SYSTEM
    from tipline.ground.foundation.errors import Conflict

    refused = retired = 0
    for _each in range(int(times)):
        services.rotate(SYSTEM)
        rewrapping.run_here(lambda _count: None)
        for one in keys.ring().older:
            try:
                services.retire(SYSTEM, one.ident)
                retired += 1
            except Conflict:
                refused += 1
    rewrapping.run_here(lambda _count: None)
    return {"retired": retired, "refused": refused, "waiting": standing(SYSTEM).waiting}


def opened() -> Any:
    from tipline.ground.foundation import keys
    from tipline.ground.foundation.models import DataKey

    wanted = {int(pk): plain for pk, plain in json.load(sys.stdin).items()}
    rows = DataKey.objects.in_bulk(wanted)
    return [pk for pk, plain in wanted.items() if keys.open_data_key(rows[pk]).hex() != plain]


def main(deed: str, *words: str) -> None:
    load()
    print(json.dumps({"make": make, "rotate": rotate, "open": opened}[deed](*words)))


if __name__ == "__main__":
    main(*sys.argv[1:])
