"""What every object store promises, asked of the one in a folder and of the one in a bucket."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.s3 import serving

from tipline.ground.foundation import clock
from tipline.ground.foundation.store import CHUNK, open_store

NAME = "files/" + 32 * "0"


@pytest.fixture(scope="module")
def bucket(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("bucket")) as one:
        yield one


@pytest.fixture(params=["file", "s3"])
def store(request, tmp_path, monkeypatch):
    if request.param == "file":
        return open_store(f"file://{tmp_path}/objects")
    bucket = request.getfixturevalue("bucket")
    for name, value in bucket.environment.items():
        monkeypatch.setenv(name, value)
    return open_store(f"s3://evidence/{tmp_path.name}")


def put(store, *pieces: bytes) -> str:
    writer = store.writer("files")
    for piece in pieces:
        writer.write(piece)
    writer.commit()
    return writer.name


@pytest.mark.parametrize("size", [0, 1, CHUNK, 700_000, 5 * 1024 * 1024, 17 * 1024 * 1024 + 3])
def test_it_gives_back_what_was_put(store, size) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    pieces = [data[at : min(at + CHUNK, size)] for at in range(0, size, CHUNK)]
    name = put(store, *pieces)
    assert b"".join(store.read(name)) == data[:size]
    [listed] = store.listed()
    assert (listed.name, listed.size) == (name, size)
    assert abs(listed.at - clock.now()) < timedelta(minutes=2)


def test_it_is_ready_and_empty(store) -> None:
    store.probe()
    assert list(store.names()) == []
    assert store.sweep(0) == 0


@pytest.mark.parametrize("size", [4, 9 * 1024 * 1024])
def test_an_object_does_not_exist_before_its_commit(store, size) -> None:
    writer = store.writer("files")
    writer.write(bytes(size))
    assert not store.exists(writer.name)
    assert list(store.names()) == []
    writer.abandon()
    assert list(store.names()) == []


@pytest.mark.parametrize("size", [4, 9 * 1024 * 1024])
def test_what_was_begun_and_left_is_swept_when_it_is_old(store, size) -> None:
    begun = [store.writer("files") for _each in range(2)]
    for writer in begun:
        for _piece in range(0, size, CHUNK):
            writer.write(bytes(min(size, CHUNK)))
    assert store.sweep(3600) == 0
    name = put(store, b"whole")
    swept = store.sweep(-60)
    assert store.sweep(-60) == 0
    assert list(store.names()) == [name]
    in_parts = hasattr(store, "open") and size < 8 * 1024 * 1024
    assert swept == (0 if in_parts else 2)
    for writer in begun:
        writer.abandon()
    assert list(store.names()) == [name]


def test_an_abandoned_commit_leaves_nothing(store) -> None:
    writer = store.writer("files")
    writer.write(b"half")
    writer.commit()
    writer.abandon()  # what a caller does whose own commit failed
    assert not store.exists(writer.name)


def test_deleting_twice_is_deleting_once(store) -> None:
    name = put(store, b"x")
    store.delete(name)
    store.delete(name)
    assert not store.exists(name)


def test_what_is_not_there_is_not_found(store) -> None:
    assert not store.exists(NAME)
    with pytest.raises(FileNotFoundError):
        list(store.read(NAME))


@pytest.mark.parametrize(
    "name", ["../x", "files/../../etc/passwd", "files/abc", "/files/" + 32 * "0", "tmp/x", ""]
)
def test_a_name_never_leads_out(store, name: str) -> None:
    for ask in (store.exists, store.delete, lambda one: list(store.read(one))):
        with pytest.raises(ValueError, match="object name"):
            ask(name)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
@given(st.integers(0, 30), st.data())
def test_a_listing_goes_on_behind_any_name_in_the_order_of_names(store, count, data) -> None:
    for _each in range(count):
        put(store, b"x")
    names = list(store.names())
    assert names == sorted(set(names))
    at = data.draw(st.integers(0, len(names)))
    after = names[at - 1] if at else ""
    assert [one.name for one in store.listed(after)] == names[at:]
    between = data.draw(st.sampled_from([NAME, "files/" + 32 * "8", "files/" + 32 * "f"]))
    assert [one.name for one in store.listed(between)] == [n for n in names if n > between]
