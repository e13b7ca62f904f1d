"""The policy's commands: one line of JSON at the end, 0 right, 1 refused, 2 unreadable."""

from __future__ import annotations

import pytest
from tests import parts
from tests.triage.policies import text_of

from tipline.insight.triage.policy import default_policy

PASSWORD = "correct horse battery"
SHIPPED = default_policy()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("policies")
    text = text_of(SHIPPED.rules)
    (folder / "right.toml").write_text(text.replace("victim = 20", "victim = 21", 1))
    (folder / "other.toml").write_text(text.replace("victim = 20", "victim = 22", 1))
    (folder / "wrong.toml").write_text(text.replace("victim = 20", "victim = -1", 1))
    (folder / "noise.toml").write_bytes(b"\xff\x00")
    return folder


def test_a_file_is_checked_without_a_store(tipline, files):
    right, wrong, noise, none, plain = tipline.several(
        (["policy", "check", f"{files}/right.toml", "--json"], ""),
        (["policy", "check", f"{files}/wrong.toml", "--json"], ""),
        (["policy", "check", f"{files}/noise.toml", "--json"], ""),
        (["policy", "check", f"{files}/none.toml", "--json"], ""),
        (["policy", "check", f"{files}/wrong.toml"], ""),
    )
    assert (right.code, right.answer["valid"], right.answer["stamp"]) == (0, True, "made-up@1")
    assert wrong.code == 1
    assert wrong.answer["problems"] == [
        {"key": "danger.points.victim", "fix": "-1 is out of bounds: give 0 to 1000"}
    ]
    assert (noise.code, noise.answer["problems"][0]["key"]) == (1, "")
    assert (none.code, none.out) == (2, "")
    assert "cannot be read" in none.err
    assert (plain.code, plain.out.splitlines()[-1]) == (1, "1 to mend.")


def test_a_policy_is_proposed_and_tried(tipline, files):
    people = [("sofia", "supervisor"), ("ana", "analyst")]
    propose = ["policy", "propose", f"{files}/right.toml", "--by"]
    made, tried, again, by_ana, by_nobody, other, wrong, gone, shown, text = tipline.several(
        *(
            (["user", "add", name, "--role", role, "--org", "Policy House"], f"{PASSWORD}\n")
            for name, role in people
        ),
        ([*propose, "sofia", "--note", "a try"], ""),
        (["policy", "try", "1"], ""),
        ([*propose, "SOFIA"], ""),
        ([*propose, "ana"], ""),
        ([*propose, "nobody"], ""),
        (["policy", "propose", f"{files}/other.toml", "--by", "sofia"], ""),
        (["policy", "propose", f"{files}/wrong.toml", "--by", "sofia"], ""),
        (["policy", "try", "99"], ""),
        (["policy", "show", "--json"], ""),
        (["policy", "show", "--file"], ""),
    )[len(people) :]
    assert (made.code, made.answer["stamp"], made.answer["note"]) == (0, "made-up@1", "a try")
    assert (tried.code, tried.answer["tried"], tried.answer["moved"]) == (0, 0, 0)
    assert "Of 0 reports, 0 move to another band" in tried.err
    assert (again.code, again.answer["id"]) == (0, made.answer["id"])
    assert by_ana.code == by_nobody.code == other.code == wrong.code == gone.code == 1
    assert "There is nobody with the user name nobody." in by_nobody.err
    assert "give another version" in other.err
    assert "danger.points.victim: -1 is out of bounds" in wrong.err
    assert shown.answer["stamp"] == SHIPPED.stamp
    assert [one["trial"] for one in shown.answer["versions"]] == ["done"]
    assert text.out.startswith("# Triage: points, bands and tests.")


def test_learning_says_what_is_missing(tipline, files):
    """Either the library, or answers: this store has none."""
    learned, nobody = tipline.several(
        (["policy", "learn", "--json", "--out", f"{files}/learned.toml"], ""),
        (["policy", "learn", "--by", "nobody"], ""),
    )
    assert learned.code == nobody.code == 1
    assert not (files / "learned.toml").exists()
    if parts.SCIPY.find():
        assert (learned.answer["proposed"], learned.answer["answers"]) == (False, 0)
        assert "at least 100 are needed" in learned.answer["sentence"]
    else:
        assert "Learning needs scipy" in learned.err
    assert "There is nobody" in nobody.err
