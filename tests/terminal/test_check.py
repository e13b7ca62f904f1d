"""`tipline check`: the exit code says it, the last line of stdout is the machine's."""

from __future__ import annotations

import json

import pytest
from tests.ispws.wire import report, suspect
from tests.terminal.conftest import Shell

WHOLE = suspect(
    "<personOrUserReportedPerson><email verified='true'>a@example.org</email>"
    "</personOrUserReportedPerson><espIdentifier>u1</espIdentifier><ipCaptureEvent>"
    "<ipAddress>169.229.216.200</ipAddress><dateTime>2026-02-03T04:05:00Z</dateTime>"
    "<port>50123</port></ipCaptureEvent>"
).replace(
    b"<reporter>",
    b"<internetDetails><chatImIncident><content>good morning</content></chatImIncident>"
    b"</internetDetails><reporter>",
).replace(
    b"</report>", b"<victim><victimPerson><age>12</age></victimPerson></victim></report>"
)  # fmt: skip
SEEN = b"<fileDetails><fileViewedByEsp>true</fileViewedByEsp></fileDetails>"
VIEWED = {"viewed_means": "this_upload_by_person_before_reporting"}


@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    """No store, no server: the command needs neither."""
    return Shell(tmp_path_factory.mktemp("check"))


@pytest.fixture
def written(tmp_path):
    def write(**contents):
        paths = []
        for name, content in contents.items():
            path = tmp_path / f"{name}.xml"
            path.write_bytes(content)
            paths.append(str(path))
        return paths

    return write


def test_one_line_for_each_file_and_the_worst_code(shell, written):
    clean, poor, wrong, broken = written(
        clean=WHOLE, poor=report(), wrong=report(kind="No type"), broken=b"<report>&"
    )
    found = shell.several(
        (["check", clean, "--json"], ""),
        (["check", poor, "--json"], ""),
        (["check", clean, wrong, "--json"], ""),
        (["check", wrong, broken, clean, "--json"], ""),
        (["check", clean, f"{clean}.gone", "--json"], ""),
    )
    assert [ended.code for ended in found] == [0, 1, 1, 2, 2]
    assert found[0].answer["file"] == clean
    assert found[0].answer["disposition"] == "referral"
    assert found[1].answer["disposition"] == "informational"
    assert found[1].answer["would_help"][0]["turns_referral"] is True
    lines = [json.loads(line) for line in found[3].out.splitlines()]
    assert [(line["valid"], line["readable"]) for line in lines] == [
        (False, True),
        (False, False),
        (True, True),
    ]
    assert "cannot be read" in found[4].answer["errors"][0]["message"]
    assert not (shell.home / "db.sqlite3").exists()


def test_details_files_and_the_senders_profile(shell, written, tmp_path):
    (whole, seen) = written(whole=WHOLE, seen=SEEN)
    (tmp_path / "profile.json").write_text(json.dumps(VIEWED))
    (tmp_path / "odd.json").write_text(json.dumps({"viewed_means": "perhaps"}))
    (tmp_path / "list.json").write_text("[]")
    profile = ["--esp-profile", str(tmp_path / "profile.json")]
    known, unknown, alone, two, odd, no_object, none = shell.several(
        (["check", whole, "--file-details", seen, *profile, "--json"], ""),
        (["check", whole, "--file-details", seen, "--files", "4", "--json"], ""),
        (["check", seen, "--json"], ""),
        (["check", whole, whole, "--file-details", seen], ""),
        (["check", whole, "--esp-profile", str(tmp_path / "odd.json")], ""),
        (["check", whole, "--esp-profile", str(tmp_path / "list.json")], ""),
        (["check", whole, "--esp-profile", str(tmp_path / "none.json")], ""),
    )

    def opens(ended):
        reasons = ended.answer["actionability"]["reasons"]
        return "triage.file_openable" in {reason["code"] for reason in reasons}

    assert (opens(known), opens(unknown)) == (True, False)
    assert (alone.code, alone.answer["disposition"]) == (0, None)
    assert two.code == odd.code == no_object.code == none.code == 2
    assert "belong to one report" in two.err
    assert "viewed_means" in odd.err
    assert "holds no profile" in no_object.err
    assert "cannot be read" in none.err


def test_words_for_people(shell, written):
    hostile = report(after="<additionalInfo>\u202emeet you on Friday at 5</additionalInfo>")
    (path,) = written(hostile=hostile)
    (ended,) = shell.several((["check", path], ""))
    assert ended.code == 1
    assert "valid; referral, urgent; danger urgent" in ended.out
    assert "meet you on Friday at 5" in ended.out
    assert "Missing:" in ended.out
    assert "What would help most:" in ended.out
    assert not {"\u202e", "\x1b"} & set(ended.out)


def test_the_strict_switch(shell, written):
    (path,) = written(odd=WHOLE.replace(b"<espIdentifier>", b"<odd/><espIdentifier>"))
    lenient = shell("check", path, "--json")
    strict = shell("check", path, "--json", TIPLINE_ESP_STRICT="1")
    assert (lenient.answer["valid"], lenient.answer["strict"]) == (True, False)
    assert (strict.answer["valid"], strict.answer["strict"]) == (False, True)
    assert lenient.code == strict.code == 1
