"""The object store: named, immutable byte strings that survive a power cut once written.

The ``file://`` store keeps the order that a crash cannot break: bytes to a temporary file,
fsync, rename, fsync of the folder; only then does anyone write a row that names the object.
Left-overs are therefore only ever temporary files or objects that no row knows, and
:meth:`FileStore.sweep` removes the former.
"""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from tipline.ground.foundation.errors import Unavailable
from tipline.ground.foundation.ids import random_hex
from tipline.ground.foundation.killpoints import kill_point

CHUNK = 256 * 1024
_NAME = re.compile(r"[a-z]+/[0-9a-f]{32}")


class ObjectWriter(Protocol):
    """Takes pieces; the object exists once :meth:`commit` has returned."""

    name: str

    def write(self, data: bytes) -> None: ...
    def commit(self) -> None: ...
    def abandon(self) -> None: ...


class ObjectStore(Protocol):
    """What the rooms need of a store; ``file://`` is the local version."""

    def writer(self, prefix: str) -> ObjectWriter: ...
    def read(self, name: str) -> Iterator[bytes]: ...
    def exists(self, name: str) -> bool: ...
    def delete(self, name: str) -> None: ...
    def names(self) -> Iterator[str]: ...
    def sweep(self, older_than: float) -> int: ...


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _FileWriter:
    def __init__(self, root: Path, name: str) -> None:
        self.name = name
        prefix, rest = name.split("/")
        self._target = root / prefix / rest[:2] / rest
        self._temporary = root / "tmp" / random_hex()
        handle = os.open(
            self._temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600
        )
        self._file = os.fdopen(handle, "wb", buffering=0)

    def write(self, data: bytes) -> None:
        view = memoryview(data)
        with _honest_about_space():
            while view:
                view = view[self._file.write(view) :]

    def commit(self) -> None:
        with _honest_about_space():
            kill_point("store.written")
            os.fsync(self._file.fileno())
            self._file.close()
            if not self._target.parent.exists():
                self._target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                sync_folder(self._target.parent.parent)
                sync_folder(self._target.parent.parent.parent)
            self._temporary.rename(self._target)
            sync_folder(self._target.parent)
        kill_point("store.renamed")

    def abandon(self) -> None:
        self._file.close()
        self._temporary.unlink(missing_ok=True)
        self._target.unlink(missing_ok=True)


class _honest_about_space:  # noqa: N801 - reads as a phrase in a with statement
    """Turn a full disk into an answer that says so."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise Unavailable(
                "There is no room left to keep this safe. Try again later."
            ) from error


class FileStore:
    """Objects below one folder, in 256 sub-folders per prefix, readable by the owner only."""

    def __init__(self, root: Path) -> None:
        self._root = root
        (root / "tmp").mkdir(parents=True, exist_ok=True, mode=0o700)

    def writer(self, prefix: str) -> ObjectWriter:
        return _FileWriter(self._root, f"{prefix}/{random_hex()}")

    def _path(self, name: str) -> Path:
        # Names come from our own rows; a wrong one must never leave the root all the same.
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not an object name")
        prefix, rest = name.split("/")
        return self._root / prefix / rest[:2] / rest

    def read(self, name: str) -> Iterator[bytes]:
        with self._path(name).open("rb", buffering=0) as file:
            while piece := file.read(CHUNK):
                yield piece

    def exists(self, name: str) -> bool:
        return self._path(name).exists()

    def delete(self, name: str) -> None:
        path = self._path(name)
        if path.exists():
            path.unlink()
            sync_folder(path.parent)

    def names(self) -> Iterator[str]:
        for path in sorted(self._root.glob("*/??/*")):
            yield f"{path.parent.parent.name}/{path.name}"

    def sweep(self, older_than: float) -> int:
        """Remove temporary files that nobody has written to for ``older_than`` seconds."""
        limit = time.time() - older_than
        removed = 0
        for path in (self._root / "tmp").iterdir():
            if path.stat().st_mtime < limit:
                path.unlink(missing_ok=True)
                removed += 1
        return removed


def open_store(address: str) -> ObjectStore:
    """The store behind an address such as ``file:///var/lib/tipline/objects``."""
    scheme, separator, rest = address.partition("://")
    if separator and scheme == "file" and rest.startswith("/"):
        return FileStore(Path(rest))
    raise ValueError(
        "TIPLINE_STORE must be a file:// address with an absolute path, such as "
        "file:///var/lib/tipline/objects."
    )
