"""The commands as a shell runs them: one line of JSON at the end, the right exit code."""

from __future__ import annotations

import json

import pytest
from tests.terminal.conftest import Shell

PASSWORD = "correct horse battery"


def test_an_esp_with_a_secret_from_a_file_shows_no_other(tipline, tmp_path):
    (tmp_path / "secret").write_text("a-long-secret-of-ours\nsecond line\n")
    made = tipline(
        "esp",
        "add",
        "Quillnet",
        "--username",
        "quill",
        "--password",
        f"@{tmp_path}/secret",
        "--test",
    )
    assert made.code == 0
    assert made.answer["password"] == "a-long-secret-of-ours"
    assert (made.answer["name"], made.answer["username"]) == ("Quillnet", "quill")
    assert made.answer["test"] is True
    assert made.out.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["esp", "add", "Harborline", "--username", "x"], 1, "There is an organisation called"),
        (["esp", "add", "Other", "--username", "harborline"], 1, "That user name is taken."),
        (
            ["esp", "add", "Other", "--username", "o", "--password", "@/no/file"],
            2,
            "cannot be read",
        ),
        (["esp", "add", "Other"], 2, "Missing option"),
        (["agency", "add", "Nowhere", "--area", "US-XX"], 1, "'US-XX' is no area"),
        (["user", "add", "x", "--role", "king", "--org", "H"], 1, "role: choose one of"),
        (
            ["user", "add", "x", "--role", "investigator", "--org", "H"],
            1,
            "no organisation called H",
        ),
        (["user", "add", "x", "--role", "analyst", "--org", "Harborline"], 1, "belongs to an"),
        (["audit", "verify", "--head", "/no/file"], 2, "is not a head"),
    ],
)
def test_what_is_refused_says_why_and_leaves_nothing(tipline, words, code, sentence):
    ended = tipline(*words, stdin=f"{PASSWORD}\n")
    assert (ended.code, ended.out) == (code, "")
    assert sentence in ended.err
    assert "Traceback" not in ended.err


def test_a_refused_command_leaves_no_half_of_it(tipline):
    """The organisation that was to have the taken user name, or the wrong area, is not there."""
    for words in (["esp", "add", "Half", "--username", "harborline"],
                  ["agency", "add", "Half", "--area", "nowhere"]):  # fmt: skip
        assert tipline(*words).code == 1
    assert tipline("agency", "add", "Half", "--area", "US-CA", "--area", "DE").code == 0


def test_a_person_with_a_password_from_stdin(tipline):
    made = tipline(
        "user", "add", "Ana", "--role", "analyst", "--org", "House", stdin=f"{PASSWORD}\n"
    )
    assert made.code == 0
    wanted = {"username": "ana", "role": "analyst", "organisation": "House"}
    assert {key: made.answer[key] for key in wanted} == wanted
    assert PASSWORD not in made.out + made.err


@pytest.mark.parametrize("stdin", ["", "short\n", "password1234\n"])
def test_a_password_that_is_none(tipline, stdin):
    ended = tipline("user", "add", "eve", "--role", "analyst", "--org", "House", stdin=stdin)
    assert ended.code == 1
    assert ended.err.startswith("tipline: password: ")


def test_the_books_the_ledger_and_the_jobs(tipline, tmp_path):
    books = tipline("books", "--json", "--files")
    assert (books.code, books.answer["balanced"]) == (0, True)

    head = tipline("audit", "head")
    assert head.code == 0
    assert head.answer["sequence"] >= 2
    (tmp_path / "head.json").write_text(head.out)
    verified = tipline("audit", "verify", "--head", str(tmp_path / "head.json"))
    assert (verified.code, verified.answer["ok"]) == (0, True)
    assert verified.answer["head"] == head.answer

    ahead = {**head.answer, "sequence": head.answer["sequence"] + 1}
    (tmp_path / "head.json").write_text(json.dumps(ahead))
    cut = tipline("audit", "verify", "--head", str(tmp_path / "head.json"))
    assert cut.code == 1
    assert [one["code"] for one in cut.answer["problems"]] == ["cut"]

    jobs = tipline("jobs", "list")
    assert (jobs.code, jobs.answer["dead"]) == (0, [])
    assert tipline("jobs", "requeue").answer == {"requeued": 0}


class TestStart:
    @pytest.fixture
    def empty(self, tmp_path):
        return Shell(tmp_path / "home")

    @pytest.mark.parametrize("words", [["books"], ["audit", "verify"], ["jobs", "list"]])
    def test_without_a_store_there_is_nothing_to_read(self, empty, words):
        ended = empty(*words)
        assert (ended.code, ended.out) == (2, "")
        assert ended.err.startswith("tipline: There is no store here yet")
        assert "Traceback" not in ended.err

    @pytest.mark.parametrize(
        ("name", "value", "sentence"),
        [
            ("TIPLINE_PUBLIC_URL", "tips.example.org", "TIPLINE_PUBLIC_URL must be an address"),
            ("TIPLINE_PUBLIC_URL", "http://tips.example.org", "is plain http on a public name"),
            ("TIPLINE_DATABASE_URL", "mysql://a/b", "TIPLINE_DATABASE_URL must look like"),
            ("TIPLINE_STORE", "s3://bucket", "TIPLINE_STORE must be a file:// address"),
            ("TIPLINE_ESP_STRICT", "yes", "TIPLINE_ESP_STRICT must be 0 or 1"),
        ],
    )
    def test_a_worker_does_not_start_on_a_wrong_setting(self, empty, name, value, sentence):
        ended = empty("worker", **{name: value})
        assert (ended.code, ended.out) == (2, "")
        assert sentence in ended.err
        assert "Traceback" not in ended.err
