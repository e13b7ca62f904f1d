"""The object store: named, immutable byte strings that survive a power cut once written.

The ``file://`` store keeps the order that a crash cannot break: bytes to a temporary file,
fsync, rename, fsync of the folder; only then does anyone write a row that names the object.
Left-overs are therefore only ever temporary files or objects that no row knows;
:meth:`FileStore.sweep` removes the former, the vault's check finds the latter. The ``s3://``
store (``store_s3``) keeps the same promise by other means.
"""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from tipline.ground.foundation.errors import Unavailable
from tipline.ground.foundation.ids import random_hex
from tipline.ground.foundation.killpoints import kill_point
from tipline.ground.foundation.rules_s3 import s3_place

CHUNK = 256 * 1024
_NAME = re.compile(r"[a-z]+/[0-9a-f]{32}")


class StoreRefuses(Unavailable):
    """The store is there and does not let us in: a setting is wrong."""


def is_object_name(text: str) -> bool:
    """Names come from our own rows; a wrong one must never lead out of the store all the same."""
    return _NAME.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Stored:
    """An object as the store lists it: its name, its bytes, when it was last written."""

    name: str
    size: int
    at: datetime


class ObjectWriter(Protocol):
    """Takes pieces; the object exists once :meth:`commit` has returned."""

    name: str

    def write(self, data: bytes) -> None: ...
    def commit(self) -> None: ...
    def abandon(self) -> None: ...


class ObjectStore(Protocol):
    """What the rooms need of a store; ``file://`` is the local version.

    ``read`` raises FileNotFoundError where there is no object, everything raises Unavailable
    when the store is away. ``names`` and ``listed`` come in the order of the names, ``listed``
    from behind a name on; both in constant memory, whatever the store holds. ``sweep`` ends what
    was begun and not written to for so many seconds, and says how many. ``probe`` raises when
    the store cannot be used.
    """

    def probe(self) -> None: ...
    def writer(self, prefix: str) -> ObjectWriter: ...
    def read(self, name: str) -> Iterator[bytes]: ...
    def exists(self, name: str) -> bool: ...
    def delete(self, name: str) -> None: ...
    def names(self) -> Iterator[str]: ...
    def listed(self, after: str = "") -> Iterator[Stored]: ...
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

    def probe(self) -> None:
        """Nothing to ask: the folder was made when the store was opened."""

    def writer(self, prefix: str) -> ObjectWriter:
        return _FileWriter(self._root, f"{prefix}/{random_hex()}")

    def _path(self, name: str) -> Path:
        if not is_object_name(name):
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
        return (one.name for one in self.listed())

    def listed(self, after: str = "") -> Iterator[Stored]:
        """Folder by folder: what is in memory is one of 256 parts of a prefix."""
        for prefix in _folders(self._root):
            if prefix == "tmp" or not prefix.isalpha() or prefix < after.partition("/")[0]:
                continue
            for part in _folders(self._root / prefix):
                if len(part) == 2 and f"{prefix}/{part}\x7f" > after:
                    yield from self._in_folder(prefix, part, after)

    def _in_folder(self, prefix: str, part: str, after: str) -> Iterator[Stored]:
        folder = self._root / prefix / part
        for name in sorted(f"{prefix}/{file}" for file in os.listdir(folder)):  # noqa: PTH208 - names only, a hundred thousand of them
            if name <= after or not is_object_name(name):
                continue
            try:
                found = (folder / name.partition("/")[2]).stat()
            except FileNotFoundError:
                continue  # deleted meanwhile
            yield Stored(name, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))

    def sweep(self, older_than: float) -> int:
        """Remove temporary files that nobody has written to for ``older_than`` seconds."""
        limit = time.time() - older_than
        removed = 0
        for path in (self._root / "tmp").iterdir():
            with suppress(FileNotFoundError):  # ended meanwhile
                if path.stat().st_mtime < limit:
                    path.unlink()
                    removed += 1
        return removed


def _folders(root: Path) -> list[str]:
    return sorted(entry.name for entry in os.scandir(root) if entry.is_dir(follow_symlinks=False))


def open_store(address: str) -> ObjectStore:
    """The store behind ``file:///var/lib/tipline/objects`` or ``s3://bucket/prefix``.

    ValueError with a plain sentence when the address, or what S3 needs beside it, is wrong.
    """
    scheme, separator, rest = address.partition("://")
    if separator and scheme == "file" and rest.startswith("/"):
        return FileStore(Path(rest))
    if separator and scheme == "s3":
        place = s3_place(address, os.environ)
        from tipline.ground.foundation.store_s3 import S3Store  # noqa: PLC0415 - 15 MB for S3 only

        return S3Store(place)
    raise ValueError(
        "TIPLINE_STORE must be a file:// address with an absolute path, such as "
        "file:///var/lib/tipline/objects, or s3://bucket/prefix."
    )
