"""The file of master keys: read again whenever it has changed, changed whole or not at all.

A look at the file's number, size and time costs ten microseconds, so it is taken at every use:
a key that another process made is known at once, without a word between the two.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

import structlog

from tipline.ground.foundation.ids import random_hex
from tipline.ground.foundation.rules_keyring import KEY_SIZE, BadKeyFile, Ring, parse, render
from tipline.ground.foundation.sealing import make_secret_file
from tipline.ground.foundation.store import sync_folder

log = structlog.get_logger(__name__)
_Stamp = tuple[int, int, int, int]


class KeyFile:
    """A key file, made with mode 0600 when it is first read and absent."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: tuple[_Stamp, Ring] | None = None
        self._complained: _Stamp | None = None

    def ring(self) -> Ring:
        """The keys in the file now.

        Raises BadKeyFile or OSError at the first reading. Later on a file that is gone or
        half-written changes nothing: what was known holds until it can be read again.
        """
        known = self._known
        if known is None:
            if not self._path.exists():
                make_secret_file(self._path, os.urandom(KEY_SIZE).hex())
            return self._read(self._stamp())
        try:
            stamp = self._stamp()
            return known[1] if stamp == known[0] else self._read(stamp)
        except (OSError, BadKeyFile) as error:
            self._complain(error)
            return known[1]

    def _stamp(self) -> _Stamp:
        found = self._path.stat()
        return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns

    def _read(self, stamp: _Stamp) -> Ring:
        ring = read(self._path)
        self._known, self._complained = (stamp, ring), None
        return ring

    def _complain(self, error: Exception) -> None:
        with suppress(OSError):
            stamp = self._stamp()
            if stamp == self._complained:
                return
            self._complained = stamp
        log.warning("key file not readable, the keys known hold", error=type(error).__name__)

    def change(self, how: Callable[[Ring], Ring]) -> tuple[Ring, Ring]:
        """Replace the file by what ``how`` makes of it, one process at a time: before, after.

        Raises OSError when the file cannot be replaced; then it is what it was.
        """
        with _alone(self._path):
            before = read(self._path)
            after = how(before)
            if after != before:
                _replace(self._path.resolve(), render(after))
        return before, after


def read(path: Path) -> Ring:
    """The keys in a file; BadKeyFile names it and the line."""
    text = path.read_text(encoding="ascii", errors="replace")
    try:
        return parse(text)
    except BadKeyFile as error:
        raise BadKeyFile(f"The key file {path.name} {error}") from error


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Nobody else changes the file meanwhile. The lock lies beside it: the file is replaced."""
    lock = path.with_name(path.name + ".lock")
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if os.geteuid() == 0:  # root must not lock the owner out the next time
            os.fchown(handle, path.stat().st_uid, path.stat().st_gid)
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _replace(path: Path, text: str) -> None:
    """Whole or not at all, durable, readable by the owner that it had and by nobody else."""
    owner = path.stat()
    temporary = path.with_name(f".{path.name}.{random_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            if (owner.st_uid, owner.st_gid) != (os.geteuid(), os.getegid()):
                os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


@lru_cache(maxsize=4)
def key_file(path: Path) -> KeyFile:
    """One reader for each file and process."""
    return KeyFile(path)
