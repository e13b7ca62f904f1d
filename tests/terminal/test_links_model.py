"""``links freeze`` and ``links train``: what a person at a shell is told, and what is then so."""

from __future__ import annotations

import json

import pytest
from tests.entities.models_made_up import model_file
from tests.entities.related import about
from tests.parts import SPLINK, need
from tests.personas import file_report

from tipline.doors.terminal import links_model
from tipline.ground.accounts.models import Organisation
from tipline.ground.audit.models import LedgerEntry
from tipline.insight.entities.frequencies import reading, services
from tipline.insight.entities.frequencies.queries import in_force as frozen
from tipline.insight.entities.models import FrequencySnapshot, Link, LinkModelVersion
from tipline.insight.entities.scoring.in_force import in_force
from tipline.insight.entities.scoring.rules_model import read_model, shipped
from tipline.pipeline import stages
from tipline.record.evidence.contents import Contents


@pytest.fixture(autouse=True)
def _loaded(world, monkeypatch):
    monkeypatch.setattr(links_model, "load_store", lambda: None)


def said(capsys) -> dict:
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def filed(world, name: str, **changes):
    report = file_report(world, document=about(name, **changes))
    stages._link(Contents(report))
    return report


def ended(call) -> int:
    with pytest.raises(SystemExit) as stopped:
        call()
    return stopped.value.code


class TestFreeze:
    def test_too_few_subjects_freeze_nothing_and_it_says_how_many_it_takes(self, world, capsys):
        filed(world, "one")
        assert ended(links_model.links_freeze) == 1
        assert "There are 1 subjects; freeze when there are 1,000." in capsys.readouterr().err
        assert not FrequencySnapshot.objects.exists()

    def test_it_counts_the_store_and_new_links_say_by_what_they_were_made(
        self, world, capsys, monkeypatch
    ):
        monkeypatch.setattr(services, "LEAST_SUBJECTS", 2)
        for name in ("one", "two", "three"):
            filed(world, name, screenName="kestrel_of_the_north")
        old = set(Link.objects.values_list("pk", "version"))
        assert {version for _link, version in old} == {shipped().stamp}
        links_model.links_freeze(as_json=True)
        told = said(capsys)
        assert (told["model"], told["subjects"]) == (shipped().stamp, 3)
        assert told["terms"] >= 3
        assert in_force().version == f"{shipped().stamp} f{told['snapshot']}"
        late = filed(world, "four", screenName="kestrel_of_the_north")
        links = Link.objects.filter(high=late)
        assert {one.version for one in links} == {in_force().version}
        codes = {reason["code"] for one in links for reason in one.reasons}
        assert any(code.endswith(".seen") for code in codes)
        assert old < set(Link.objects.values_list("pk", "version"))
        assert LedgerEntry.objects.filter(verb="link.frequencies-frozen").count() == 1

    def test_tests_of_senders_are_not_counted(self, world):
        filed(world, "one")
        assert sum(map(len, reading.pages())) == 1
        Organisation.objects.update(test_only=True)
        assert sum(map(len, reading.pages())) == 0

    def test_pages_hold_every_subject_once(self, world, monkeypatch):
        monkeypatch.setattr(reading, "PAGE", 2)
        names = ["one", "two", "three", "four", "five"]
        for name in names:
            filed(world, name)
        found = [one for page in reading.pages() for one in page]
        assert sorted(one.handles[0].name for one in found) == sorted(names)


class TestTrain:
    def test_without_splink_it_says_what_to_install(self, world, capsys, monkeypatch):
        import builtins

        real = builtins.__import__

        def without(name, *rest, **more):
            if name.endswith("training.services"):
                raise ModuleNotFoundError("no splink", name="splink")
            return real(name, *rest, **more)

        monkeypatch.setattr(builtins, "__import__", without)
        assert ended(links_model.links_train) == 2
        assert "requirements/train.txt" in capsys.readouterr().err

    def test_it_writes_a_file_that_our_reader_takes_and_puts_nothing_in_force(
        self, world, capsys, tmp_path
    ):
        need(SPLINK)
        for name in ("one", "two", "three"):
            filed(world, name)
        out = tmp_path / "learned.toml"
        links_model.links_train(out, version="2026.test", as_json=True)
        told = said(capsys)
        model = read_model(out.read_bytes(), out.name)
        assert (told["stamp"], model.stamp) == ("link@2026.test", "link@2026.test")
        assert told["subjects"] == model.rules.subjects == 3
        assert in_force().model == shipped()
        assert frozen().number == 0

    def test_an_empty_store_teaches_nothing(self, world, capsys, tmp_path):
        need(SPLINK)
        assert ended(lambda: links_model.links_train(tmp_path / "x.toml")) == 1
        assert "no two subjects" in capsys.readouterr().err
        assert not (tmp_path / "x.toml").exists()


class TestPropose:
    def test_a_file_becomes_a_version_and_nothing_is_in_force_by_that(
        self, world, capsys, tmp_path
    ):
        file = tmp_path / "ours.toml"
        file.write_bytes(model_file("7"))
        links_model.links_propose(file, by="sofia", note="Ours.")
        row = LinkModelVersion.objects.get()
        assert said(capsys) == {"file": str(file), "proposed": row.pk}
        assert (row.version, row.note, row.proposed_by) == ("7", "Ours.", world.people["sofia"])
        assert in_force().model == shipped()

    def test_what_is_wrong_with_a_file_is_told_and_it_is_no_version(self, world, capsys, tmp_path):
        file = tmp_path / "ours.toml"
        file.write_bytes(model_file().replace(b"[caps]", b"[limits]"))
        assert ended(lambda: links_model.links_propose(file, by="sofia")) == 1
        assert "caps" in capsys.readouterr().err
        assert ended(lambda: links_model.links_propose(file, by="nobody")) == 1
        assert ended(lambda: links_model.links_propose(tmp_path / "none", by="sofia")) == 2
        assert not LinkModelVersion.objects.exists()
