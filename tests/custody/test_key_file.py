"""The key file on disk: noticed when it changes, replaced whole or not at all."""

from __future__ import annotations

import os
import stat
import threading

import pytest

from tipline.ground.foundation import keyring, sealing
from tipline.ground.foundation.keyring import KeyFile
from tipline.ground.foundation.rules_keyring import prepared, rotated


@pytest.fixture
def path(tmp_path):
    return tmp_path / "keys" / "master.key"


@pytest.fixture
def file(path):
    made = KeyFile(path)
    made.ring()
    return made


def rotate(file):
    return file.change(lambda ring: rotated(ring, sealing.new_key()))[1]


def test_it_is_made_once_and_for_its_owner_only(path):
    ring = KeyFile(path).ring()
    assert KeyFile(path).ring() == ring
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_another_process_changes_it_and_this_one_knows_at_once(path, file):
    other = KeyFile(path)
    for _each in range(20):
        assert other.ring() == file.ring()
        made = rotate(other).current
        assert file.ring().current == made
    assert len(file.ring().masters) == 21


def test_an_edit_in_place_is_noticed_too(path, file):
    before = file.ring()
    fresh = sealing.new_key().hex()
    path.write_text(f"{fresh}\n{path.read_text()}")
    assert file.ring().current.secret.hex() == fresh
    assert file.ring().older == (before.current,)


@pytest.mark.parametrize("spoil", ["half", "gone", "folder"])
def test_what_cannot_be_read_meanwhile_changes_nothing(path, file, spoil, capsys):
    before, text = file.ring(), path.read_text()
    path.unlink()
    if spoil == "half":
        path.write_text(text[:20])
    elif spoil == "folder":
        path.mkdir()
    assert file.ring() == before
    assert file.ring() == before
    assert text.strip() not in capsys.readouterr().err
    path.rmdir() if spoil == "folder" else path.unlink(missing_ok=True)
    path.write_text(text)
    assert rotate(file).older == (before.current,)


def test_a_fresh_process_refuses_what_it_cannot_read(path, file):
    path.write_text("ab")
    with pytest.raises(ValueError, match=r"master\.key must hold exactly 64 hex characters"):
        KeyFile(path).ring()
    with pytest.raises(ValueError, match="line 1"):
        rotate(file)
    assert path.read_text() == "ab"


def test_the_file_stays_its_owners_and_a_link_stays_a_link(path, file, tmp_path):
    real = tmp_path / "elsewhere" / "master.key"
    real.parent.mkdir()
    path.rename(real)
    path.symlink_to(real)
    if os.geteuid() == 0:
        os.chown(real, 1, 1)
    owner = real.stat().st_uid
    rotate(file)
    assert path.is_symlink()
    assert (real.stat().st_uid, stat.S_IMODE(real.stat().st_mode)) == (owner, 0o600)
    assert len(file.ring().masters) == 2


@pytest.mark.parametrize("fails", ["fsync", "rename"])
def test_a_change_that_fails_changes_nothing(path, file, monkeypatch, fails):
    def refuse(*_given):
        raise OSError(28, "No space left on device")

    before, text = file.ring(), path.read_text()
    owner = keyring.os if fails == "fsync" else keyring.Path
    monkeypatch.setattr(owner, fails, refuse)
    with pytest.raises(OSError, match="No space"):
        rotate(file)
    monkeypatch.undo()
    assert path.read_text() == text
    assert file.ring() == before
    assert sorted(one.name for one in path.parent.iterdir()) == ["master.key", "master.key.lock"]


def test_the_new_file_is_durable_before_it_has_its_name(path, file, monkeypatch):
    seen = []
    monkeypatch.setattr(keyring.os, "fsync", lambda _handle: seen.append("bytes"))
    monkeypatch.setattr(keyring, "sync_folder", lambda folder: seen.append(folder.name))
    rename = keyring.Path.rename
    monkeypatch.setattr(
        keyring.Path, "rename", lambda self, to: (seen.append("name"), rename(self, to))
    )
    rotate(file)
    assert seen == ["bytes", "name", "keys"]


def test_rotations_at_once_lose_no_key(path, file):
    first = file.ring().current
    threads = [threading.Thread(target=rotate, args=[KeyFile(path)]) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ring = file.ring()
    assert len({one.ident for one in ring.masters}) == 9
    assert ring.older[-1] == first


def test_a_prepared_key_waits_and_is_the_next(path, file):
    seals = file.ring().current
    waits = file.change(lambda ring: prepared(ring, sealing.new_key()))[1].next
    assert file.change(lambda ring: prepared(ring, sealing.new_key()))[1].next == waits
    assert file.ring().current == seals
    assert rotate(file).current == waits
