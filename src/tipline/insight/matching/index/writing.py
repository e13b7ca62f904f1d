"""Writing a segment: all of it is safe on the disk before it has its name."""

from __future__ import annotations

import mmap
import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from tipline.ground.foundation.ids import random_hex
from tipline.ground.foundation.killpoints import kill_point
from tipline.ground.foundation.store import sync_folder
from tipline.insight.matching.index import layout
from tipline.insight.matching.index.bands import Table, each_table
from tipline.insight.matching.index.layout import AT_ONCE, PER_BASE, WORDS, Words
from tipline.insight.matching.index.lines import lines_of
from tipline.insight.matching.index.segment import Keys, Name, Source, digest_of

SUFFIX = ".segment"
UNFINISHED = ".unfinished"
#: So many entries are gathered at once: the memory that writing takes stays small.
_CHUNK = 1 << 17

Order = NDArray[np.intp]


def write(folder: Path, sources: Sequence[Source]) -> Name:
    """All rows of the sources, at least one, as one file; of several with one key the first.

    It is there for good, and nobody looks for it yet: its name stands in no list.
    """
    keys, order = np.unique(np.concatenate([one.keys for one in sources]), return_index=True)
    file = random_hex() + SUFFIX
    unfinished = folder / (file + UNFINISHED)
    handle = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as out:
        digest = _fill(out, keys, sources, order)
        kill_point("index.written")
        os.fsync(handle)
    unfinished.rename(folder / file)
    sync_folder(folder)
    kill_point("index.renamed")
    return Name(file, len(keys), int(keys[0]), int(keys[-1]), digest)


def _fill(out: BinaryIO, keys: Keys, sources: Sequence[Source], order: Order) -> str:
    """Write everything; the digest of what stands behind the header."""
    bases, steps = _packed(keys)
    lines = _lines_of(sources, order)
    parts = layout.parts_of(len(keys), steps.dtype.str, lines)
    out.truncate(layout.size_of(parts))
    out.seek(parts["words"].start)
    chunks = (order[start : start + _CHUNK] for start in range(0, len(order), _CHUNK))
    out.writelines(_gathered(sources, chunk).data for chunk in chunks)
    for part, array in (("bases", bases), ("steps", steps)):
        out.seek(parts[part].start)
        out.write(array.data)
    out.flush()
    mapped = mmap.mmap(out.fileno(), 0, prot=mmap.PROT_READ)
    _fill_tables(out, parts, mapped)
    digest = digest_of(mapped)
    out.seek(0)
    told = {"count": len(keys), "steps": steps.dtype.str, "lines": lines, "digest": digest}
    out.write(layout.header_of(told))
    out.flush()
    return digest


def _lines_of(sources: Sequence[Source], order: Order) -> int:
    """How long the file gets depends on it, for a small segment."""
    shape = layout.shape_of(len(order))
    return lines_of(_gathered(sources, order), shape) if shape.in_lines else 0


def _packed(keys: Keys) -> tuple[Keys, NDArray[np.unsignedinteger]]:
    """Rising keys as the first of every 256 and what each is above it, as narrow as it goes."""
    bases = keys[::PER_BASE]
    steps = keys - np.repeat(bases, PER_BASE)[: len(keys)]
    most = int(steps.max())
    kind = next(kind for kind in ("<u2", "<u4", "<u8") if most <= np.iinfo(kind).max)
    return np.ascontiguousarray(bases), steps.astype(kind)


def _gathered(sources: Sequence[Source], order: Order) -> Words:
    """The words of some rows, which are counted through all sources."""
    found, start = np.empty((len(order), WORDS), np.uint64), 0
    for source in sources:
        end = start + len(source.keys)
        these = (order >= start) & (order < end)
        found[these] = source.words[order[these] - start]
        start = end
    return found


def _fill_tables(out: BinaryIO, parts: dict[str, layout.Part], mapped: mmap.mmap) -> None:
    where = parts["words"]
    words = np.frombuffer(mapped, where.kind, where.items, where.start).reshape(-1, WORDS)
    shape = layout.shape_of(len(words))
    ends = {name: parts[name].start for name in Table._fields}
    for table in each_table(words, shape):
        for name, array in table._asdict().items():
            out.seek(ends[name])
            out.write(array.data)
            ends[name] += array.nbytes
    out.seek(ends["offsets"])
    items = parts["ids"].items
    out.write(np.uint32(items // AT_ONCE if shape.in_lines else items).tobytes())
    out.flush()
