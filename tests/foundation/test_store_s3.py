"""The store in a bucket: signatures, parts, a bucket that fails, and settings that are wrong."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

import psutil
import pytest
from tests.s3 import KEYS, serving

from tipline.ground.foundation import rules_s3, store_s3
from tipline.ground.foundation.errors import Invalid, Unavailable
from tipline.ground.foundation.rules_s3 import Asked, KeyPair, s3_place, signed
from tipline.ground.foundation.store import StoreRefuses, open_store

MIB = 1024 * 1024


@pytest.fixture
def serve(tmp_path, monkeypatch):
    with serving(tmp_path) as one:
        for name, value in one.environment.items():
            monkeypatch.setenv(name, value)
        yield one


@pytest.fixture
def store(serve):
    return open_store("s3://evidence/tips")


def put(store, *pieces: bytes) -> str:
    writer = store.writer("files")
    for piece in pieces:
        writer.write(piece)
    writer.commit()
    return writer.name


# Published with the description of the method: GET ?lifecycle and GET ?max-keys=2&prefix=J.
EXAMPLE = KeyPair("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")


@pytest.mark.parametrize(
    ("query", "signature"),
    [
        (
            {"lifecycle": ""},
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        ),
        (
            {"max-keys": "2", "prefix": "J"},
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
    ],
)
def test_a_request_is_signed_as_the_published_examples_are(query, signature):
    asked = Asked("GET", "examplebucket.s3.amazonaws.com", "/", query)
    made = signed(asked, EXAMPLE, "us-east-1", datetime(2013, 5, 24, tzinfo=UTC))
    assert made["authorization"].endswith(f"Signature={signature}")


class TestSettings:
    GOOD = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "very secret words"}

    def test_the_usual_names(self):
        place = s3_place(
            "s3://evidence/a/b/",
            {**self.GOOD, "AWS_ENDPOINT_URL": "https://s3.example.org:9000/", "AWS_REGION": "eu-1"},
        )
        assert (place.bucket, place.prefix, place.region) == ("evidence", "a/b", "eu-1")
        assert place.endpoint == "https://s3.example.org:9000"
        assert place.key("files/1") == "a/b/files/1"
        assert s3_place("s3://evidence", self.GOOD).endpoint == "https://s3.us-east-1.amazonaws.com"
        assert s3_place("s3://evidence", self.GOOD).key("files/1") == "files/1"
        assert "very secret words" not in repr(place)

    def test_a_role_needs_no_key(self):
        for name in rules_s3.ROLES:
            assert s3_place("s3://evidence", {name: "x"}).keys is None

    @pytest.mark.parametrize(
        ("address", "changes", "words"),
        [
            ("s3://", {}, "must look like s3://bucket/prefix"),
            ("s3://Evidence", {}, "must look like s3://bucket/prefix"),
            ("s3://ab", {}, "must look like s3://bucket/prefix"),
            ("s3://evidence//x", {}, "must look like s3://bucket/prefix"),
            ("s3://evidence/../x", {}, "must look like s3://bucket/prefix"),
            ("s3://evidence/a b", {}, "must look like s3://bucket/prefix"),
            ("s3://evidence", {"AWS_REGION": "Frankfurt am Main"}, "AWS_REGION must be"),
            ("s3://evidence", {"AWS_ENDPOINT_URL": "s3.example.org"}, "AWS_ENDPOINT_URL must be"),
            ("s3://evidence", {"AWS_ENDPOINT_URL": "https://x:port"}, "AWS_ENDPOINT_URL must be"),
            ("s3://evidence", {"AWS_ENDPOINT_URL": "https://u:p@x"}, "AWS_ENDPOINT_URL must be"),
            ("s3://evidence", {"AWS_ENDPOINT_URL": "https://x/path"}, "AWS_ENDPOINT_URL must be"),
            ("s3://evidence", {"AWS_ENDPOINT_URL": "http://s3.example.org"}, "is plain http"),
            ("s3://evidence", {"AWS_SECRET_ACCESS_KEY": ""}, "AWS_SECRET_ACCESS_KEY is not set"),
            ("s3://evidence", {"AWS_ACCESS_KEY_ID": " "}, "AWS_ACCESS_KEY_ID is not set"),
            (
                "s3://evidence",
                {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
                "needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a role",
            ),
        ],
    )
    def test_a_wrong_value_is_a_sentence(self, address, changes, words):
        with pytest.raises(ValueError, match=words) as refused:
            s3_place(address, {**self.GOOD, **changes})
        assert "very secret words" not in str(refused.value)

    def test_wrong_access_is_told_at_the_start(
        self, serve, settings, monkeypatch, transactional_db
    ):
        from tipline.config import checks

        settings.TIPLINE_STORE = "s3://evidence/start-1"
        assert checks._store() == []
        settings.TIPLINE_STORE = "s3://no-such-bucket/start-2"
        assert checks._store() == ["TIPLINE_STORE: There is no bucket of this name."]
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another secret")
        settings.TIPLINE_STORE = "s3://evidence/start-3"
        [sentence] = checks._store()
        assert sentence.startswith("TIPLINE_STORE: The store refuses the access key")
        assert "another secret" not in sentence
        serve.stop()
        settings.TIPLINE_STORE = "s3://evidence/start-4"
        assert checks._store() == []  # away is no wrong setting


class TestParts:
    def test_a_large_object_goes_in_parts_and_is_seen_when_it_is_whole(self, store, serve):
        writer = store.writer("files")
        for count in range(80):
            writer.write(bytes([count]) * 256 * 1024)
        assert not store.exists(writer.name)
        writer.commit()
        assert serve.bucket.asked["part"] == 3
        assert serve.bucket.asked["put"] == 0
        assert serve.bucket.most_body <= store_s3.PART
        read = b"".join(store.read(writer.name))
        assert read == b"".join(bytes([count]) * 256 * 1024 for count in range(80))

    def test_the_parts_of_an_abandoned_one_are_ended(self, store, serve):
        writer = store.writer("files")
        for _each in range(80):
            writer.write(bytes(256 * 1024))
        writer.abandon()
        assert serve.bucket.uploads() == []
        assert serve.bucket.names() == []

    def test_the_sweep_ends_old_uploads_of_ours_only(self, store, serve):
        for _each in range(3):
            writer = store.writer("files")
            for _piece in range(40):
                writer.write(bytes(256 * 1024))
        time.sleep(0.2)
        _strange(serve, "somebody-elses/upload")
        _strange(serve, "tips/files/not-a-name")
        serve.bucket.age(2)
        for _each in range(2):
            fresh = store.writer("files")
            for _piece in range(40):
                fresh.write(bytes(256 * 1024))
        assert store.sweep(86_400) == 3
        left = [key for key, _ident, _path in serve.bucket.uploads()]
        assert "somebody-elses/upload" in left
        assert "tips/files/not-a-name" in left
        assert len(left) == 4

    def test_a_long_list_of_uploads_is_read_page_by_page(self, store, serve, monkeypatch):
        for count in range(1005):
            _strange(serve, f"tips/files/{count:032x}")
        assert store.sweep(-60) == 1005
        assert serve.bucket.asked["uploads"] == 2
        assert serve.bucket.uploads() == []

    def test_what_is_too_large_is_refused_before_it_fails(self, store, monkeypatch):
        monkeypatch.setattr(store_s3, "LARGEST", 1000)
        writer = store.writer("files")
        writer.write(bytes(1000))
        with pytest.raises(Invalid, match="at most"):
            writer.write(b"x")
        writer.abandon()

    def test_memory_stays_flat(self, store):
        def push(size: int) -> None:
            writer = store.writer("files")
            for _each in range(size // (256 * 1024)):
                writer.write(bytes(256 * 1024))
            writer.commit()
            for _piece in store.read(writer.name):
                pass
            store.delete(writer.name)

        push(64 * MIB)
        process = psutil.Process(os.getpid())
        before = process.memory_info().rss
        push(256 * MIB)
        assert process.memory_info().rss - before < 64 * MIB


def _strange(serve, key: str) -> None:
    import json

    from tipline.ground.foundation.ids import random_hex

    path = serve.bucket.folder / "uploads" / random_hex()
    path.mkdir()
    (path / "key").write_text(json.dumps(key))


class TestFaults:
    @pytest.mark.parametrize("kind", ["put", "head", "get"])
    @pytest.mark.parametrize("status", [503, 500, 1])
    def test_a_hiccup_is_not_noticed(self, store, serve, kind, status):
        name = put(store, b"before")
        serve.bucket.faults.answers = {kind: [status] * 2}
        assert b"".join(store.read(put(store, b"again"))) == b"again"
        assert b"".join(store.read(name)) == b"before"
        assert serve.bucket.faults.answers == {kind: []}

    @pytest.mark.parametrize("kind", ["begin", "part", "complete"])
    def test_nor_one_within_parts(self, store, serve, kind):
        serve.bucket.faults.answers = {kind: [503]}
        name = put(store, *[bytes(256 * 1024)] * 40)
        assert sum(map(len, store.read(name))) == 10 * MIB
        assert serve.bucket.faults.answers == {kind: []}

    @pytest.mark.parametrize("kind", ["begin", "part", "complete", "put", "head"])
    def test_what_lasts_is_an_answer_and_leaves_nothing(self, store, serve, kind):
        serve.bucket.faults.answers = {kind: [503] * 40}
        writer = store.writer("files")
        size = 2 if kind == "put" else 40
        with pytest.raises(Unavailable, match="Try again later"):  # noqa: PT012 - either may be first
            for _each in range(size):
                writer.write(bytes(256 * 1024))
            writer.commit()
        serve.bucket.faults.answers = {}
        writer.abandon()
        assert serve.bucket.names() == []
        assert serve.bucket.uploads() == []

    def test_a_store_that_is_away_is_an_answer_in_time(self, store, serve):
        name = put(store, b"x")
        serve.stop()
        began = time.monotonic()
        for ask in (
            lambda: store.exists(name),
            lambda: store.delete(name),
            lambda: list(store.read(name)),
            lambda: list(store.listed()),
            lambda: store.sweep(0),
            store.probe,
            lambda: put(store, b"y"),
        ):
            with pytest.raises(Unavailable, match="Try again later"):
                ask()
        writer = store.writer("files")
        writer.abandon()  # never an error of its own
        assert time.monotonic() - began < 60
        serve.start()
        assert b"".join(store.read(name)) == b"x"

    def test_a_read_that_breaks_off_goes_on(self, store, serve):
        name = put(store, *[bytes(range(256)) * 1024] * 40)
        serve.bucket.faults.cut = 2
        assert b"".join(store.read(name)) == bytes(range(256)) * 1024 * 40

    def test_a_bucket_that_keeps_less_than_it_got_is_not_believed(self, store, serve):
        serve.bucket.faults.shrink = True
        writer = store.writer("files")
        writer.write(b"some bytes")
        with pytest.raises(Unavailable, match="did not keep all of it"):
            writer.commit()
        writer.abandon()
        assert serve.bucket.names() == []

    def test_a_refusal_says_so_and_shows_no_secret(self, serve, monkeypatch, capfd):
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not the one that it was")
        store = open_store("s3://evidence/refused")
        for ask in (store.probe, lambda: store.exists("files/" + 32 * "a"), lambda: store.sweep(0)):
            with pytest.raises(Unavailable) as refused:
                ask()
            said = repr(refused.value) + repr(refused.value.__context__)
            assert "not the one" not in said
        with pytest.raises(StoreRefuses):
            store.probe()
        assert "not the one" not in "".join(capfd.readouterr())


def test_the_library_is_loaded_for_a_bucket_only():
    import subprocess
    import sys

    code = (
        "import sys; from tipline.ground.foundation.store import open_store; "
        "open_store('file:///tmp'); sys.exit('obstore' in sys.modules)"
    )
    path = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, env={**os.environ, "PYTHONPATH": path}
    )
    assert done.returncode == 0


def test_other_objects_in_the_bucket_are_left_alone(store, serve):
    for key in ("readme", "tips/notes", "tips/files/short", "other/files/" + 32 * "a"):
        serve.bucket.put(key, b"not ours")
    name = put(store, b"ours")
    assert list(store.names()) == [name]
    assert KEYS.secret not in repr(store)
