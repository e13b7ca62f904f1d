"""The product's index over a table in SQLite, in a home folder of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.matching.hashes import Values

if TYPE_CHECKING:
    from tipline.insight.matching.index.index import Index
    from tipline.insight.matching.index.kernels_numpy import Kernel

_PIECE = 1 << 16


@contextmanager
def home() -> Iterator[Path]:
    """An empty deployment for this process: its settings, and the table of fingerprints."""
    folder = Path(tempfile.mkdtemp(prefix="tipline-bench-"))
    for name in [name for name in os.environ if name.startswith("TIPLINE_")]:
        del os.environ[name]
    os.environ["TIPLINE_HOME"] = str(folder)
    try:
        from tipline.doors.terminal.starting import load  # noqa: PLC0415 - the first thing to load

        load()
        from django.db import connection  # noqa: PLC0415 - needs the settings

        from tipline.insight.matching.models import Fingerprint  # noqa: PLC0415

        with connection.schema_editor() as editor:
            editor.create_model(Fingerprint)
        yield folder
        connection.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Store:
    """An index of some values under the keys from 1 on, in one segment.

    The table itself holds the last of them only: the files are made by the product's own writer,
    and every search asks the table for what came after them, as always.
    """

    def __init__(self, folder: Path, name: str, values: Values) -> None:
        from django.db.models import Q  # noqa: PLC0415 - needs the settings

        from tipline.insight.matching.index.index import Index  # noqa: PLC0415
        from tipline.insight.matching.index.table import TableFeed  # noqa: PLC0415
        from tipline.insight.matching.models import Fingerprint  # noqa: PLC0415

        self.values = values
        keep(len(values), values[-1].tobytes())
        self.build_s, size = self._write(folder / "index" / name)
        self.bytes_each = size / len(values)
        usable = Q(hasher="bench", quality__gte=50)
        self.index: Index = Index(name, TableFeed(Fingerprint, "value", usable))
        self.index.search(bytes(32))

    def _write(self, folder: Path) -> tuple[float, int]:
        """CPU seconds and the size of the file, made durable and read back for its checksum."""
        import numpy as np  # noqa: PLC0415

        from tipline.insight.matching.index.layout import shuffled  # noqa: PLC0415
        from tipline.insight.matching.index.segment import Source  # noqa: PLC0415
        from tipline.insight.matching.index.shelf import Listing, Shelf  # noqa: PLC0415
        from tipline.insight.matching.index.writing import write  # noqa: PLC0415

        shelf, started = Shelf(folder), time.thread_time()
        with shelf.writing():
            words = np.empty((len(self.values), 4), np.uint64)
            for start in range(0, len(words), _PIECE):
                piece = self.values[start : start + _PIECE]
                words[start : start + _PIECE] = shuffled(piece.tobytes())
            name = write(folder, [Source(np.arange(1, len(words) + 1), words)])
            shelf.replace(Listing((name,), len(words)))
        return time.thread_time() - started, (folder / name.file).stat().st_size

    def use(self, kernel: Kernel) -> None:
        """Search with this kernel from now on."""
        from tipline.insight.matching.index.kernels import CHOICE  # noqa: PLC0415

        CHOICE.kernel = kernel


def keep(key: int, value: bytes) -> None:
    """Commit a row of the table under this key, in place of all others."""
    from tipline.ground.foundation import clock  # noqa: PLC0415
    from tipline.ground.foundation.transactions import write_tx  # noqa: PLC0415
    from tipline.insight.matching.models import Fingerprint  # noqa: PLC0415

    with write_tx():
        Fingerprint.objects.all().delete()
        Fingerprint(
            pk=key,
            sha256=f"{key:064x}",
            hasher="bench",
            version="1",
            value=value,
            quality=100,
            made_at=clock.now(),
        ).save(force_insert=True)
