"""Learning from a shell: the file, its picture and the trial, or a version that is proposed."""

from __future__ import annotations

import json

import pytest
from tests import parts
from tests.triage.answered import history
from typer.testing import CliRunner

from tipline.doors.terminal import policy, policy_learn
from tipline.doors.terminal.main import app
from tipline.insight.triage.models import PolicyVersion


@pytest.fixture
def run(world, monkeypatch):
    """A command on the store of the test."""
    parts.need(parts.SCIPY)
    for room in (policy, policy_learn):
        monkeypatch.setattr(room, "load_store", lambda: None)
    return lambda *words: CliRunner().invoke(app, ["policy", *words])


def test_a_file_with_its_picture_and_a_trial(world, run, tmp_path):
    history(world)
    out = tmp_path / "learned.toml"
    ended = run("learn", "--json", "--out", str(out))
    assert ended.exit_code == 0, ended.stderr
    said = json.loads(ended.stdout.splitlines()[-1])
    assert said["files"] == [str(out), str(tmp_path / "learned.svg")]
    assert (said["id"], said["trial"]["tried"], said["answers"]) == (None, 240, 240)
    assert {one["sign"] for one in said["changes"]} >= {"victim"}
    assert (tmp_path / "learned.svg").read_text().startswith("<svg ")
    assert not PolicyVersion.objects.exists()
    checked = run("check", str(out), "--json")
    assert (checked.exit_code, json.loads(checked.stdout)["stamp"]) == (0, said["stamp"])


def test_a_proposal_in_somebodys_name(world, run, signed_in):
    history(world)
    ended = run("learn", "--by", "sofia")
    assert ended.exit_code == 0, ended.stderr
    assert "victim: 20 -> " in ended.stdout
    row = PolicyVersion.objects.get()
    assert (row.proposed_by, row.trial["state"]) == (world.people["sofia"], "done")
    page = signed_in("silas").get(f"/desk/policy/{row.pk}/").content.decode()
    assert "How its points were learned" in page
    assert "pic-calibration" in page
    assert "Put it in force" in page
    assert run("learn", "--by", "sofia").exit_code == 0
    assert PolicyVersion.objects.count() == 1
    assert run("learn", "--by", "ana").exit_code == 1


def test_a_file_that_cannot_be_written(world, run, tmp_path):
    history(world)
    ended = run("learn", "--out", str(tmp_path / "none" / "x.toml"))
    assert ended.exit_code == 2
    assert "cannot be written" in ended.stderr
