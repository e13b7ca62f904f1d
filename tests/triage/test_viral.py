"""Our own viral list: three people, exact digests, and off again with one objection."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from tests.filing import SEEN, document, entry, newest, picture
from tests.personas import PASSWORD, file_report, make_world

from tipline.ground.accounts import services as accounts
from tipline.ground.accounts.roles import Role
from tipline.ground.foundation import clock, jobs, worker
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.errors import Conflict, NotAllowed
from tipline.insight.annotation import rules
from tipline.insight.annotation.models import LabelEvent
from tipline.insight.annotation.queries import agreeing_on, labels_of, viral_list
from tipline.insight.annotation.services import confirm_label, set_label
from tipline.insight.triage.gathering import gather
from tipline.insight.triage.services import policy
from tipline.record.evidence.queries import files_of

MEME, OTHER = picture(1), picture(2)
EVENTS = st.lists(st.tuples(st.integers(1, 5), st.booleans()), max_size=12)


@given(EVENTS)
def test_three_distinct_people_since_the_last_objection(events):
    last = max((n for n, (_who, present) in enumerate(events) if not present), default=-1)
    people = {who for who, _present in events[last + 1 :]}
    assert rules.listed(events) == (len(people) >= 3)
    assert set(rules.agreeing(events)) == people


@given(EVENTS, st.integers(1, 5))
def test_any_objection_takes_it_off(events, who):
    assert not rules.listed([*events, (who, False)])


@given(st.lists(st.tuples(st.integers(1, 2), st.booleans()), max_size=12))
def test_two_people_never_do(events):
    assert not rules.listed(events)


@pytest.fixture
def three(world):
    """Ana, Sofia and Otto."""
    add_otto(world)
    return [world.actor(name) for name in ("ana", "sofia", "otto")]


def add_otto(world) -> None:
    world.people["otto"] = accounts.add_person(
        SYSTEM,
        username="otto",
        name="Otto",
        role=Role.ANALYST,
        organisation=world.organisations["Clearinghouse"],
        password=PASSWORD,
    )


def agree(people, file) -> None:
    first, *others = people
    set_label(first, file, "viral", present=True)
    for actor in others:
        confirm_label(actor, file, "viral")


def features(report):
    return gather(report, clock.now(), policy()).features


class TestList:
    def test_the_third_person_puts_it_on(self, world, three):
        [file] = files_of(file_report(world, files=[(MEME, {})]).pk)
        set_label(three[0], file, "viral", present=True)
        assert not confirm_label(three[0], file, "viral")
        assert confirm_label(three[1], file, "viral")
        assert not confirm_label(three[1], file, "viral")
        assert viral_list([file.sha256]) == frozenset()
        assert confirm_label(three[2], file, "viral")
        assert viral_list([file.sha256]) == {file.sha256}
        assert agreeing_on([file.sha256]) == {
            file.sha256: tuple(actor.person_id for actor in three)
        }
        assert LabelEvent.objects.count() == 3

    def test_whoever_withdraws_takes_all_words_back(self, world, three):
        [file] = files_of(file_report(world, files=[(MEME, {})]).pk)
        agree(three, file)
        set_label(three[1], file, "viral", present=False)
        assert viral_list([file.sha256]) == frozenset()
        assert labels_of([file.sha256]) == {}
        with pytest.raises(Conflict):
            confirm_label(three[0], file, "viral")
        agree(three[:2], file)
        assert viral_list([file.sha256]) == frozenset()

    def test_other_labels_take_one_person_as_before(self, world, three):
        [file] = files_of(file_report(world, files=[(MEME, {})]).pk)
        set_label(three[0], file, "violence", present=True)
        assert set_label(three[1], file, "violence", present=True) == []
        with pytest.raises(Conflict):
            confirm_label(three[1], file, "viral")

    def test_only_those_who_label(self, world, three):
        [file] = files_of(file_report(world, files=[(MEME, {})]).pk)
        set_label(three[0], file, "viral", present=True)
        for name in ("adam", "enzo", "ines"):
            with pytest.raises(NotAllowed):
                confirm_label(world.actor(name), file, "viral")


class TestReports:
    def test_every_reported_file_must_be_on_it(self, filed, three):
        one = filed(files=[(MEME, {})])
        two = filed(files=[(MEME, {}), (OTHER, {})])
        none = filed()
        agree(three, files_of(one.pk)[0])
        assert features(one).all_files_on_viral_list is True
        assert features(two).all_files_on_viral_list is False
        assert features(none).all_files_on_viral_list is False

    def test_a_supplement_says_nothing(self, filed, three):
        supplement = {"fileRelevance": "Supplemental Reported"}
        report = filed(files=[(MEME, {}), (OTHER, supplement)])
        agree(three, files_of(report.pk)[0])
        assert features(report).all_files_on_viral_list is True

    def test_it_lowers_danger_everywhere_and_one_objection_undoes_it(self, filed, three):
        reports = [filed(files=[(MEME, {})], esp=esp) for esp in ("harborline", "quillnet")]
        other = filed(files=[(picture(1, quality=85), {})])
        worker.run_ready("one")
        file = files_of(reports[0].pk)[0]
        agree(three, file)
        worker.run_ready("one")
        for report in reports:
            assert newest(report).result["failing"]["code"] == "triage.test.own_viral"
            assert entry(report).disposition == "informational"
        assert entry(other).disposition == "referral"

        set_label(three[2], file, "viral", present=False)
        worker.run_ready("one")
        assert [entry(report).disposition for report in reports] == ["referral"] * 2

    def test_a_word_that_changes_nothing_asks_for_no_work(self, filed, three):
        report = filed(files=[(MEME, {})])
        file = files_of(report.pk)[0]
        set_label(three[0], file, "viral", present=True)
        worker.run_ready("one")
        confirm_label(three[1], file, "viral")
        assert jobs.counts() == {}
        confirm_label(three[2], file, "viral")
        assert jobs.counts() != {}

    def test_never_against_a_victim_or_an_escalation(self, filed, three):
        victim = filed(files=[(MEME, {})], document=document(victim=[{"victimPerson": {"age": 9}}]))
        plain = filed(files=[(MEME, {})])
        agree(three, files_of(plain.pk)[0])
        worker.run_ready("one")
        assert entry(victim).disposition == "referral"
        codes = [one["code"] for one in newest(victim).result["danger"]["reasons"]]
        assert "triage.own_viral" not in codes

    @pytest.mark.parametrize(
        ("said", "expected"),
        [({"fileViewedByEsp": False}, True), (SEEN, False), ({}, None)],
    )
    def test_a_meme_that_nobody_viewed(self, filed, three, said, expected):
        report = filed(files=[(MEME, said)])
        assert features(report).unviewed_meme is False
        agree(three, files_of(report.pk)[0])
        assert features(report).unviewed_meme is expected

    def test_a_file_without_bytes_is_what_its_sender_declares(self, filed, three):
        known = filed(files=[(MEME, {})])
        [file] = files_of(known.pk)
        said = {"originalFileHash": [{"hashType": "MD5", "value": file.md5.upper()}]}
        empty = filed(files=[(b"", said)])
        bare = filed(files=[(b"", {})])
        assert features(empty).all_files_on_viral_list is False
        agree(three, file)
        assert features(empty).all_files_on_viral_list is True
        assert features(bare).all_files_on_viral_list is False

    def test_bytes_are_believed_before_what_is_declared(self, filed, three):
        known = filed(files=[(MEME, {})])
        [file] = files_of(known.pk)
        said = {"originalFileHash": [{"hashType": "MD5", "value": file.md5}]}
        lying = filed(files=[(OTHER, said)])
        agree(three, file)
        assert features(lying).all_files_on_viral_list is False


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_lose_neither_and_the_reports_hear_of_it(
    transactional_db, tipline_home
):
    world = make_world()
    add_otto(world)
    [file] = files_of(file_report(world, files=[(MEME, {})]).pk)
    set_label(world.actor("ana"), file, "viral", present=True)
    jobs.Job.objects.all().delete()

    def press(name) -> None:
        try:
            confirm_label(world.actor(name), file, "viral")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(name,)) for name in ("sofia", "otto")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert viral_list([file.sha256]) == {file.sha256}
    assert jobs.Job.objects.filter(kind="ContentLabelled>pipeline").count() == 1
