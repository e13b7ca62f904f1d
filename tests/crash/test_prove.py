"""``tipline prove``: pinned to a commit, resumed, honest about what did not run."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer

from tipline.doors.terminal import prove

SUITE = """
import json, os, pathlib, sys
log = pathlib.Path(os.environ["TIPLINE_TEST_LOG"])
log.write_text(log.read_text() + " ".join(sys.argv[1:]) + "\\n")
with open(os.environ["TIPLINE_TEST_FIGURES"], "a") as file:
    file.write(json.dumps({"kills": {"random": 3}, "lost": []}) + "\\n")
print("some progress")
print(os.environ.get("TIPLINE_TEST_SAYS", "== 3 passed in 1.00s =="))
sys.exit(int(os.environ.get("TIPLINE_TEST_CODE", "0")))
"""


class Checkout:
    """A git checkout whose suite notes its words and says what it is told to say."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.home, self.log = folder / "root", folder / "home", folder / "log"
        (self.root / "tests").mkdir(parents=True)
        (self.root / "tests" / "suite.py").write_text(SUITE)
        self.log.write_text("")
        self.git("init", "-q")
        self.commit()
        monkeypatch.setattr(prove, "ROOT", self.root)
        monkeypatch.setenv("TIPLINE_HOME", str(self.home))
        monkeypatch.setenv("TIPLINE_TEST_LOG", str(self.log))

    def git(self, *words: str) -> None:
        who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        subprocess.run(["git", "-C", str(self.root), *who, *words], check=True)

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")

    @property
    def runs(self) -> list[str]:
        return self.log.read_text().splitlines()

    @property
    def reports(self) -> list[str]:
        return [path.read_text() for path in (self.home / "prove").glob("*.md")]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    return Checkout(tmp_path, monkeypatch)


def run(
    capsys: pytest.CaptureFixture[str], *names: str, quick: bool = False, dirty: bool = False
) -> tuple[int, dict[str, Any]]:
    """The exit code and the last line."""
    with pytest.raises(typer.Exit) as ended:
        prove.run_prove(names, quick=quick, dirty=dirty)
    out = capsys.readouterr().out.splitlines()
    return ended.value.exit_code, json.loads(out[-1]) if out else {}


def test_a_row_is_proven_once_for_a_commit(checkout, capsys) -> None:
    assert run(capsys, "crash")[1]["rows"] == {"crash": "proven"}
    code, told = run(capsys, "crash", "books")
    assert (code, told["proven"]) == (0, True)
    assert checkout.runs == [
        "tests/crash -m proof --hypothesis-profile=prove",
        "tests/intake -m proof --hypothesis-profile=prove",
    ]


def test_another_commit_is_proven_anew(checkout, capsys) -> None:
    run(capsys, "crash")
    checkout.commit()
    run(capsys, "crash")
    assert len(checkout.runs) == 2


def test_a_quick_proof_is_not_taken_for_a_whole_one(checkout, capsys) -> None:
    run(capsys, "crash", quick=True)
    run(capsys, "crash")
    assert checkout.runs == ["tests/crash", "tests/crash -m proof --hypothesis-profile=prove"]


def test_all_rows_when_none_is_named(checkout, capsys) -> None:
    assert set(run(capsys)[1]["rows"]) == {row.name for row in prove.ROWS}
    assert len(checkout.runs) == len(prove.ROWS)


@pytest.mark.parametrize(
    ("suite", "state"),
    [
        (("== 1 failed, 3 passed in 1.00s ==", "1"), "failed"),
        (("== 3 passed, 1 skipped in 1.00s ==", "0"), "incomplete"),
        (("== no tests ran in 0.01s ==", "5"), "nothing ran"),
        (("Traceback", "1"), "failed"),
        (("", "0"), "failed"),
    ],
)
def test_anything_less_is_not_proven_and_is_run_again(
    checkout, capsys, monkeypatch, suite: tuple[str, str], state: str
) -> None:
    monkeypatch.setenv("TIPLINE_TEST_SAYS", suite[0])
    monkeypatch.setenv("TIPLINE_TEST_CODE", suite[1])
    code, told = run(capsys, "crash")
    assert (code, told["rows"]) == (1, {"crash": state})
    run(capsys, "crash")
    assert len(checkout.runs) == 2


def test_a_changed_tree_is_refused(checkout, capsys) -> None:
    (checkout.root / "new").write_text("x")
    with pytest.raises(SystemExit) as ended:
        prove.run_prove(["crash"], quick=False, dirty=False)
    assert ended.value.code == 2
    assert checkout.runs == []


def test_a_changed_tree_is_marked_and_nothing_is_remembered_of_it(checkout, capsys) -> None:
    (checkout.root / "new").write_text("x")
    for _time in range(2):
        assert run(capsys, "crash", dirty=True)[1]["dirty"] is True
    assert len(checkout.runs) == 2
    assert all("DIFFERED" in report for report in checkout.reports)


def test_the_report_tells_what_was_measured(checkout, capsys) -> None:
    run(capsys, "crash")
    [report] = checkout.reports
    assert "| crash | T1 T14 T17 | proven | 3 passed |" in report
    assert "- kills: random 3" in report
    assert "- lost: none" in report
    assert str(checkout.root) not in report


def test_an_unknown_promise_is_named(checkout, capsys) -> None:
    with pytest.raises(SystemExit):
        prove.run_prove(["crush"], quick=False, dirty=False)
    assert "crush" in capsys.readouterr().err


def test_every_row_names_tests_that_exist() -> None:
    for row in prove.ROWS:
        for word in row.words:
            assert not word.startswith("tests/") or (prove.ROOT / word).exists()


def test_every_long_proof_is_run_by_a_row() -> None:
    tests = (prove.ROOT / "tests").rglob("test_*.py")
    marked = [path for path in tests if "mark.proof" in path.read_text()]
    places = [prove.ROOT / word for row in prove.ROWS if "proof" in row.words for word in row.words]
    assert len(marked) > 5
    assert [
        path.name for path in marked if not any(path.is_relative_to(place) for place in places)
    ] == []


def test_the_page_of_promises_names_them_all_and_tests_that_exist() -> None:
    page = (prove.ROOT / "docs" / "reference" / "promises.md").read_text()
    assert re.findall(r"^\| (T\d+) ", page, re.MULTILINE) == [f"T{n}" for n in range(1, 19)]
    named = re.findall(r"tests/[\w/]+\.py", page)
    assert named
    assert [name for name in named if not (prove.ROOT / name).exists()] == []
    told = re.findall(r"^\| `([\w-]+)` \| ([^|]+) \|", page, re.MULTILINE)
    assert told == [(row.name, row.promises) for row in prove.ROWS]
