"""The store in a folder: what it does on the disk. What every store does: test_stores.py."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from tipline.ground.foundation.errors import Unavailable
from tipline.ground.foundation.store import FileStore, open_store


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path)


def put(store, data: bytes) -> str:
    writer = store.writer("files")
    writer.write(data)
    writer.commit()
    return writer.name


def test_an_abandoned_object_leaves_nothing(store, tmp_path) -> None:
    writer = store.writer("files")
    writer.write(b"half")
    writer.abandon()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_sweep_takes_old_temporary_files_only(store, tmp_path) -> None:
    old, young = tmp_path / "tmp" / "old", tmp_path / "tmp" / "young"
    old.write_bytes(b"")
    young.write_bytes(b"")
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    assert store.sweep(3600) == 1
    assert young.exists()
    assert not old.exists()


def test_the_folder_is_synced_after_the_rename(store, monkeypatch) -> None:
    synced: list[bool] = []
    real = os.fsync

    def watched(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").is_dir())
        real(handle)

    monkeypatch.setattr(os, "fsync", watched)
    put(store, b"x")
    # The file, the new sub-folder's parent, then the folder that holds the name.
    assert synced[0] is False
    assert synced[-1] is True


def test_a_full_disk_is_an_honest_answer(store, monkeypatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    writer = store.writer("files")
    writer.write(b"x")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable, match="no room"):
        writer.commit()
    assert not store.exists(writer.name)
    writer.abandon()


def test_what_is_listed_is_read_folder_by_folder(store, monkeypatch) -> None:
    names = sorted(put(store, b"x") for _each in range(40))
    listed = []
    monkeypatch.setattr(
        os, "listdir", lambda folder, real=os.listdir: listed.append(folder) or real(folder)
    )
    assert [one.name for one in store.listed(after=names[19])] == names[20:]
    wanted = {name[:8] for name in names[19:]}
    assert {f"files/{folder.name}" for folder in listed} == wanted


def test_other_folders_are_left_alone(store, tmp_path) -> None:
    name = put(store, b"x")
    for other in ("lost+found/aa", "files/notes", ".snapshots/bb"):
        (tmp_path / other).mkdir(parents=True)
        (tmp_path / other / ("a" * 32)).write_bytes(b"not ours")
    assert list(store.names()) == [name]


@pytest.mark.parametrize("address", ["", "files", "file://relative", "ftp://x/y", "s3//x"])
def test_a_wrong_address_says_what_to_write(address: str) -> None:
    with pytest.raises(ValueError, match="file://"):
        open_store(address)
