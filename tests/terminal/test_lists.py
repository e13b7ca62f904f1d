"""The lists commands: a list from nothing to a file, and what is wrong on the way."""

from __future__ import annotations

import json
from hashlib import md5

import pytest

from tipline.doors.terminal import lists
from tipline.ground.accounts.services import add_organisation
from tipline.ground.foundation.actor import SYSTEM, OrganisationKind
from tipline.insight.lists.models import Entry, Series


@pytest.fixture(autouse=True)
def _loaded(db, tipline_home, monkeypatch):
    monkeypatch.setattr(lists, "load_store", lambda: None)
    add_organisation(SYSTEM, OrganisationKind.CLEARINGHOUSE, "Clearinghouse")
    add_organisation(SYSTEM, OrganisationKind.AGENCY, "Texas ICAC")


def said(capsys) -> object:
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def write(tmp_path, *lines, name="list.csv"):
    file = tmp_path / name
    file.write_text("\n".join(["md5", *lines]))
    return file


GOOD = [md5(str(number).encode()).hexdigest() for number in range(3)]


def test_a_list_is_added_fed_trusted_and_written_out(capsys, tmp_path):
    lists.lists_add("harbour", "Harbour", "apparent_csam")
    assert said(capsys)["live"] == 0
    lists.lists_import("harbour", write(tmp_path, *GOOD))
    assert said(capsys) == {
        "rows": 3, "wrong": 0, "made": 3, "changed": 0, "same": 0, "removed": 0,
    }  # fmt: skip
    lists.lists_policy("harbour", ["trust=known", "radius=-1", "declared=false"])
    told = said(capsys)
    assert told["version"] == 2
    assert (told["policy"]["radius"], told["policy"]["declared"]) == (-1, False)
    out = tmp_path / "out.vics.json"
    lists.lists_export("harbour", out)
    assert said(capsys)["entries"] == 3
    assert len(json.loads(out.read_text())["value"]) == 3
    with pytest.raises(SystemExit) as ended:
        lists.lists_export("harbour", out)
    assert ended.value.code == 2
    lists.lists_export("harbour", None, "csv")
    assert len(capsys.readouterr().out.splitlines()) == 4
    lists.lists_import("harbour", write(tmp_path, GOOD[0]), remove=True)
    assert said(capsys)["removed"] == 1
    lists.lists_list()
    assert {row["list"]: row["live"] for row in said(capsys)}["harbour"] == 2


def test_a_wrong_file_ends_with_its_lines(capsys, tmp_path):
    lists.lists_add("harbour", "Harbour", "other")
    capsys.readouterr()
    file = write(tmp_path, GOOD[0], "!!")
    for more in ({}, {"check": True}):
        with pytest.raises(SystemExit) as ended:
            lists.lists_import("harbour", file, **more)
        assert ended.value.code == 1
        output = capsys.readouterr()
        assert "line 3, entry 2: md5 is neither hexadecimal nor base64" in output.err
        assert json.loads(output.out.splitlines()[-1])["wrong"] == 1
    assert Entry.objects.count() == 0
    lists.lists_import("harbour", file, skip_wrong=True)
    assert said(capsys)["made"] == 1


@pytest.mark.parametrize(
    ("act", "code", "words"),
    [
        (lambda p: lists.lists_import("harbour", p / "none.csv"), 2, "there is no such file"),
        (lambda p: lists.lists_import("nothing", write(p, GOOD[0])), 1, "no such list"),
        (lambda p: lists.lists_import("own-viral", write(p, GOOD[0])), 1, "Analysts feed our own"),
        (lambda p: lists.lists_add("Bad Name", "Harbour", "other"), 1, "slug"),
        (lambda p: lists.lists_add("harbour", "Harbour", "nonsense"), 1, "content"),
        (lambda p: lists.lists_policy("own-viral", ["radius"]), 1, "NAME=VALUE"),
        (lambda p: lists.lists_policy("own-viral", ["radius=99"]), 1, "radius"),
        (lambda p: lists.lists_series("Blue", "lost"), 1, "status"),
        (lambda p: lists.lists_series("Blue", "identified", "Nobody"), 1, "agency"),
        (lambda p: lists.lists_export("own-viral", None, "pdf"), 1, "form"),
    ],
)
def test_what_cannot_be_done_ends_with_a_sentence(capsys, tmp_path, act, code, words):
    with pytest.raises(SystemExit) as ended:
        act(tmp_path)
    assert ended.value.code == code
    assert words in capsys.readouterr().err


def test_a_series_is_held(capsys):
    lists.lists_series("Blue lantern", "unidentified", "Texas ICAC")
    assert said(capsys) == {
        "series": "Blue lantern", "status": "unidentified", "agency": "Texas ICAC",
    }  # fmt: skip
    assert Series.objects.get().agency.name == "Texas ICAC"


def test_a_list_of_ours_is_checked_again(capsys):
    with pytest.raises(SystemExit) as ended:
        lists.lists_audit("own-csam", "all")
    assert ended.value.code == 0
    told = said(capsys)
    assert (told["entries"], told["clean"], told["looks_asked"]) == (0, True, 0)
    for slug, looks in (("own-csam", "-1"), ("own-csam", "many"), ("nothing", "0")):
        with pytest.raises(SystemExit) as ended:
            lists.lists_audit(slug, looks)
        assert ended.value.code == 1
    lists.lists_add("harbour", "Harbour", "other")
    with pytest.raises(SystemExit) as ended:
        lists.lists_audit("harbour", "0")
    assert ended.value.code == 1
