"""The commands as a shell runs them: one line of JSON at the end, the right exit code."""

from __future__ import annotations

import json

import pytest
from tests.terminal.conftest import Shell

PASSWORD = "correct horse battery"
SECRET = "a-long-secret-of-ours"


def test_a_person_with_a_password_from_stdin(tipline):
    words = ["user", "add", "Ana", "--role", "analyst", "--org", "House"]
    made = tipline(*words, stdin=f"{PASSWORD}\n")
    assert made.code == 0
    wanted = {"username": "ana", "role": "analyst", "organisation": "House"}
    assert {key: made.answer[key] for key in wanted} == wanted
    assert PASSWORD not in made.out + made.err


REFUSED = (
    (["esp", "add", "Harborline", "--username", "x"], 1, "There is an organisation called"),
    (["esp", "add", "Half", "--username", "harborline"], 1, "That user name is taken."),
    (["esp", "add", "Half", "--username", "o", "--password", "@/no/file"], 2, "cannot be read"),
    (["esp", "add", "Half", "--username", "o", "--password", "-"], 0, ""),
    (["esp", "add", "Half"], 2, "Missing option"),
    (["agency", "add", "Other half", "--area", "US-XX"], 1, "'US-XX' is no area"),
    (["agency", "add", "Other half", "--area", "US-CA", "--area", "DE"], 0, ""),
    (["user", "add", "x", "--role", "king", "--org", "H"], 1, "role: choose one of"),
    (["user", "add", "x", "--role", "investigator", "--org", "H"], 1, "no organisation called H"),
    (["user", "add", "x", "--role", "analyst", "--org", "Harborline"], 1, "belongs to an"),
    (["user", "add", "x", "--role", "analyst", "--org", "Hall", "--password", "x"], 1, "12 char"),
    (["user", "add", "x", "--role", "analyst", "--org", "Hall", "--password", "-"], 0, ""),
    (["user", "add", "X", "--role", "analyst", "--org", "Hall"], 1, "That user name is taken."),
    (["audit", "verify", "--head", "/no/file"], 2, "is not a head"),
)  # fmt: skip


def test_an_esp_whose_secret_is_in_a_file(tipline, tmp_path):
    (tmp_path / "secret").write_text(f"{SECRET}\nsecond line\n")
    words = ["--username", "quill", "--password", f"@{tmp_path}/secret", "--test"]
    made, books = tipline.several(
        (["esp", "add", "Quillnet", *words], ""), (["books", "--json", "--files"], "")
    )
    assert made.code == 0
    wanted = {"name": "Quillnet", "username": "quill", "password": SECRET, "test": True}
    assert {key: made.answer[key] for key in wanted} == wanted
    assert made.out.count("\n") == 1
    assert (books.code, books.answer["balanced"]) == (0, True)


def test_what_is_refused_says_why_and_leaves_nothing_half_done(tipline):
    """What a refused command would have made is made by a later one: it was not there."""
    found = tipline.several(*((words, f"{PASSWORD}\n") for words, _code, _sentence in REFUSED))
    for (words, code, sentence), ended in zip(REFUSED, found, strict=True):
        assert ended.code == code, (words, ended.err)
        assert sentence in ended.err
        assert (ended.out == "") is (code != 0)
        if code == 0:
            assert ended.answer["id"]


def test_the_ledger_and_the_jobs(tipline, tmp_path):
    kept, ahead = tmp_path / "kept", tmp_path / "ahead"
    [head] = tipline.several((["audit", "head"], ""))
    assert (head.code, head.answer["sequence"] >= 2) == (0, True)
    kept.write_text(head.out)
    ahead.write_text(json.dumps({**head.answer, "sequence": head.answer["sequence"] + 1}))

    verified = tipline("audit", "verify", "--head", str(kept))
    assert (verified.code, verified.answer["ok"]) == (0, True)
    assert verified.answer["head"] == head.answer
    cut, listed, requeued = tipline.several(
        (["audit", "verify", "--head", str(ahead)], ""),
        (["jobs", "list"], ""),
        (["jobs", "requeue"], ""),
    )
    assert cut.code == 1
    assert [one["code"] for one in cut.answer["problems"]] == ["cut"]
    assert (listed.code, listed.answer["dead"]) == (0, [])
    assert (requeued.code, requeued.answer) == (0, {"requeued": 0})


class TestStart:
    @pytest.fixture
    def empty(self, tmp_path):
        return Shell(tmp_path / "home")

    def test_without_a_store_there_is_nothing_to_read(self, empty):
        for ended in empty.several(
            (["books"], ""), (["audit", "verify"], ""), (["jobs", "list"], "")
        ):
            assert (ended.code, ended.out) == (2, "")
            assert ended.err.startswith("tipline: There is no store here yet")

    @pytest.mark.parametrize(
        ("name", "value", "sentence"),
        [
            ("TIPLINE_ESP_STRICT", "yes", "tipline: TIPLINE_ESP_STRICT must be 0 or 1"),
            ("TIPLINE_STORE", "s4://bucket", "TIPLINE_STORE must be a file:// address"),
            ("TIPLINE_STORE", "s3://bucket", "TIPLINE_STORE: An S3 store needs AWS_ACCESS_KEY_ID"),
        ],
    )
    def test_a_worker_does_not_start_on_a_wrong_setting(self, empty, name, value, sentence):
        ended = empty("worker", **{name: value})
        assert (ended.code, ended.out) == (2, "")
        assert sentence in ended.err
        assert "Traceback" not in ended.err


def test_master_keys_are_rotated_and_retired(tipline):
    fresh, waits, rotated, again, status, plain = tipline.several(
        (["keys", "status", "--json"], ""),
        (["keys", "prepare"], ""),
        (["keys", "rotate", "--now"], ""),
        (["keys", "prepare"], ""),
        (["keys", "status", "--json"], ""),
        (["keys", "status"], ""),
    )
    [first] = fresh.answer["keys"]
    assert (fresh.code, first["part"]) == (0, "current")
    assert rotated.answer == {"current": waits.answer["next"], "older": [first["id"]]}
    parts = {line["id"]: line["part"] for line in status.answer["keys"]}
    assert parts == {
        rotated.answer["current"]: "current",
        first["id"]: "older",
        again.answer["next"]: "next",
    }
    assert status.answer["waiting"] == 0
    assert f"Nothing needs {first['id']} any more" in plain.out

    text = (tipline.home / "keys" / "master.key").read_text()
    secrets = [line.split()[0] for line in text.splitlines() if not line.startswith("#")]
    used, unknown, gone, left = tipline.several(
        (["keys", "retire", rotated.answer["current"]], ""),
        (["keys", "retire", "no-such-key"], ""),
        (["keys", "retire", first["id"]], ""),
        (["keys", "retire", again.answer["next"]], ""),
    )
    assert (used.code, unknown.code) == (1, 1)
    assert "in use" in used.err
    assert (gone.answer, left.code) == ({"retired": first["id"]}, 0)
    assert len((tipline.home / "keys" / "master.key").read_text().split()) == 1
    for ended in (fresh, waits, rotated, again, status, plain, used, gone, left):
        assert not any(secret in ended.out + ended.err for secret in secrets)


def test_the_vault_is_checked(tipline, tmp_path):
    plain, whole = tipline.several(
        (["vault", "check"], ""), (["vault", "check", "--full", "--json"], "")
    )
    assert (plain.code, plain.out.splitlines()[-1]) == (0, "All is well.")
    assert (whole.code, whole.answer["well"], whole.answer["kind"]) == (0, True, "full")
    assert whole.answer["objects"] == whole.answer["rows"] == whole.answer["opened"]

    away = tipline(
        "vault", "check", TIPLINE_STORE="s3://evidence", AWS_ENDPOINT_URL="http://127.0.0.1:9",
        AWS_ACCESS_KEY_ID="AKID", AWS_SECRET_ACCESS_KEY="not to be shown",
    )  # fmt: skip
    assert away.code == 2
    assert "The check was cut off: The store cannot be reached now." in away.err
    assert "not to be shown" not in away.out + away.err
