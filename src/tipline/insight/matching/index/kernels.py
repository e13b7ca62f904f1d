"""Which kernel searches: numpy's until a compiled one was made ready in this process."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import structlog

from tipline.insight.matching.index.bands import bands_of
from tipline.insight.matching.index.kernels_numpy import KERNEL, Found, Kernel
from tipline.insight.matching.index.layout import FARTHEST, Shape, shape_of, shuffled

log = structlog.get_logger(__name__)

_TRIAL = 2_000


class Choice:
    """A process's choice. A compiled kernel that failed once is not tried again."""

    def __init__(self) -> None:
        self.kernel: Kernel = KERNEL
        self._tried = False
        self._lock = threading.Lock()

    @property
    def untried(self) -> bool:
        """Whether :meth:`prepare` has something to do."""
        return not self._tried and find_spec("numba") is not None

    def prepare(self, folder: Path) -> None:
        """Compile, or load what another process has compiled into ``folder``; then use it.

        Takes seconds: for the background. Without numba, or when anything about it fails,
        numpy goes on: slower, never wrong.
        """
        with self._lock:
            if self._tried:
                return
            self._tried = True
            if find_spec("numba") is None:
                return
            try:
                self.kernel = compiled(folder)
            except Exception as error:  # noqa: BLE001 - a compiler may raise anything
                log.warning("no compiled search", error=f"{type(error).__name__}: {error}")
            else:
                log.info("compiled search ready")


def compiled(folder: Path | None) -> Kernel:
    """A compiled kernel that has shown that it agrees with numpy's.

    ``folder``: where compiled code is kept; where it cannot be written to, nothing is kept.
    """
    from tipline.insight.matching.index.kernels_numba import NumbaKernel  # noqa: PLC0415 - may be absent

    try:
        with _kept_code(folder) as kept:
            return tried(NumbaKernel(kept))
    except OSError:
        return tried(NumbaKernel(None))


@contextmanager
def _kept_code(folder: Path | None) -> Iterator[Path | None]:
    """The folder, with nothing in it but what was written there: machine code that was damaged
    could do anything. One process at a time, so that one compiles and the others load.
    """
    if folder is None:
        yield None
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        seal = folder.parent / f"{folder.name}.sha256"
        if not seal.exists() or seal.read_text() != _digest(folder):
            shutil.rmtree(folder)
            folder.mkdir(mode=0o700)
        yield folder
        seal.write_text(_digest(folder))


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.nb?")):
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def tried(kernel: Kernel) -> Kernel:
    """The kernel, once it has found what numpy finds: kept code has no checksum of its own."""
    dice = np.random.default_rng(11)
    values = [dice.bytes(32) for _value in range(_TRIAL // 2)]
    values += [dice.bytes(4) + values[place % 50][4:] for place in range(_TRIAL // 2)]
    words = shuffled(b"".join(values))
    columns, shapes = np.ascontiguousarray(words.T), (shape_of(_TRIAL), Shape(1, 9))
    tables = [bands_of(words, shape) for shape in shapes]
    asked = b"".join(values[:: _TRIAL // 50])
    ours, theirs = KERNEL.questions(asked), kernel.questions(asked)
    for radius in (0, 9, 15, 16, FARTHEST):
        for bands in tables:
            _same(kernel.ring(bands, theirs, radius), KERNEL.ring(bands, ours, radius))
        found = kernel.scan(columns, _TRIAL, theirs, radius)
        _same(found, KERNEL.scan(columns, _TRIAL, ours, radius))
    return kernel


def _same(one: Found, other: Found) -> None:
    if sorted(zip(*map(list, one), strict=True)) != sorted(zip(*map(list, other), strict=True)):
        raise ArithmeticError("The compiled search found something else than numpy did.")


CHOICE = Choice()
