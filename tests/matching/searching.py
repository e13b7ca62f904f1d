# ruff: noqa: T201 - its answers are what the test reads
"""A process of its own with an index over a table: it does what it is told, line by line.

``python -m tests.matching.searching`` reads ``[verb, word, …]`` as JSON from stdin and answers
each line with one line of JSON. The database and the home folder come from the environment.
"""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack


class Office:
    """One table of fingerprints, one index over it."""

    def __init__(self) -> None:
        from tipline.insight.matching.models import Fingerprint

        self.model = Fingerprint
        self.transaction = ExitStack()
        self.renew()

    def renew(self) -> None:
        """An index that knows nothing yet, as in a process that has just begun."""
        from django.db.models import Q

        from tipline.insight.matching.index.index import Index
        from tipline.insight.matching.index.table import TableFeed

        feed = TableFeed(self.model, "value", Q(hasher="test", quality__gte=50))
        self.index = Index("test", feed)

    def make(self) -> None:
        """The table, in an empty database."""
        from django.db import connection

        with connection.schema_editor() as editor:
            editor.create_model(self.model)

    def keep(self, *values: str) -> list[int]:
        """Insert rows with these hashes; their keys."""
        from tipline.ground.foundation import clock
        from tipline.ground.foundation.ids import random_hex
        from tipline.ground.foundation.transactions import write_tx

        rows = [
            self.model(
                sha256=random_hex() * 2,
                hasher="test",
                version="1",
                value=bytes.fromhex(value),
                quality=90,
                made_at=clock.now(),
            )
            for value in values
        ]
        with write_tx():
            for row in rows:
                row.save(force_insert=True)
        return [row.pk for row in rows]

    def begin(self) -> None:
        """From here on nothing is committed until ``end``."""
        from django.db import transaction

        self.transaction.enter_context(transaction.atomic())

    def end(self) -> None:
        self.transaction.close()

    def search(self, *values: str) -> list[list[tuple[int, int]]]:
        return self.index.search_each([bytes.fromhex(value) for value in values])

    def join(self) -> bool:
        return self.index.join()

    def check(self) -> bool:
        return self.index.check()

    def held(self) -> dict[str, int]:
        """Entries in files and in memory, of what was searched last."""
        held = self.index._reader._held
        return {"files": sum(map(len, held.segments)), "tail": len(held.tail)}

    def imported(self) -> list[str]:
        """Which of the heavy libraries this process has loaded."""
        return [name for name in ("numpy", "numba") if name in sys.modules]


def main() -> None:
    import django

    django.setup()
    office = Office()
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        verb, *words = json.loads(line)
        print(json.dumps(getattr(office, verb)(*words)), flush=True)


if __name__ == "__main__":
    main()
