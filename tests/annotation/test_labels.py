"""Labels follow the bytes, are added and withdrawn and never overwritten, and open nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evidence.test_never_opened import undone
from tests.examples import few
from tests.filing import SEEN, entry, newest, picture
from tests.personas import file_report

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import worker
from tipline.ground.foundation.errors import Invalid, NotAllowed
from tipline.ground.foundation.models import Job
from tipline.insight.annotation.models import LabelEvent
from tipline.insight.annotation.queries import (
    known_material,
    label_history,
    labels_of,
    reports_with,
)
from tipline.insight.annotation.services import set_label, set_labels
from tipline.insight.annotation.vocabulary import CONTENT as OF_CONTENT
from tipline.insight.annotation.vocabulary import own
from tipline.record.evidence.access import decisions
from tipline.record.evidence.queries import files_of

CONTENT = picture(1)
A_FEW = st.frozensets(
    st.sampled_from(sorted(one.code for one in own().about(OF_CONTENT))), max_size=4
)


@pytest.fixture
def file(world):
    return files_of(file_report(world, files=[(CONTENT, {})]).pk)[0]


def labels(file) -> frozenset[str]:
    return labels_of([file.sha256]).get(file.sha256, frozenset())


def test_a_label_follows_every_exact_copy(world, filed):
    first = filed(files=[(CONTENT, SEEN)])
    copy = filed(files=[(CONTENT, {})], esp="quillnet")
    other = filed(files=[(picture(2), {})])
    file = files_of(first.pk)[0]

    set_label(world.actor("ana"), file, "violence", present=True)

    assert reports_with(file.sha256) == [first.pk, copy.pk]
    assert labels(files_of(copy.pk)[0]) == {"violence"}
    assert labels(files_of(other.pk)[0]) == frozenset()
    later = file_report(world, files=[(CONTENT, {})], esp="quillnet")
    assert labels(files_of(later.pk)[0]) == {"violence"}


def test_a_near_copy_gets_no_label(world, filed):
    first = filed(files=[(CONTENT, SEEN)])
    near = filed(files=[(picture(1, quality=85), {})])
    set_label(world.actor("ana"), files_of(first.pk)[0], "violence", present=True)
    assert labels(files_of(near.pk)[0]) == frozenset()


def test_every_copy_is_assessed_again(world, filed):
    made = [filed(files=[(CONTENT, SEEN)]) for _number in range(3)]
    untouched = filed(files=[(picture(2), SEEN)])
    worker.run_ready("one")
    before = [newest(report).pk for report in (*made, untouched)]

    set_label(world.actor("ana"), files_of(made[1].pk)[0], "violence", present=True)
    worker.run_ready("one")

    after = [newest(report) for report in (*made, untouched)]
    assert [new.pk > old for new, old in zip(after, before, strict=True)] == [True] * 3 + [False]
    for one in after[:3]:
        assert "triage.violence" in [r["code"] for r in one.result["danger"]["reasons"]]
    assert entry(made[0]).danger > entry(untouched).danger


def test_withdrawing_is_an_event_of_its_own(world, file):
    ana, sofia = world.actor("ana"), world.actor("sofia")
    set_label(ana, file, "violence", present=True)
    set_label(sofia, file, "violence", present=False)

    assert labels(file) == frozenset()
    told = [(e.code, e.present, e.author.username) for e in label_history([file.sha256])]
    assert told == [("violence", True, "ana"), ("violence", False, "sofia")]
    verbs = LedgerEntry.objects.filter(verb__startswith="label.").order_by("pk")
    assert [one.verb for one in verbs] == ["label.set", "label.withdrawn"]


def test_the_same_again_changes_nothing(world, file):
    ana = world.actor("ana")
    assert len(set_labels(ana, file, ["violence", "production"])) == 2
    Job.objects.all().delete()
    assert set_labels(ana, file, ["production", "violence"]) == []
    assert set_label(ana, file, "violence", present=True) == []
    assert set_label(ana, file, "bestiality", present=False) == []
    assert LabelEvent.objects.count() == 2
    assert not Job.objects.exists()


@few(8)
@given(st.lists(A_FEW, max_size=5))
def test_the_last_form_is_in_force_and_no_event_is_lost(world, file, forms):
    with undone():
        written = 0
        for wanted in forms:
            written += len(set_labels(world.actor("ana"), file, wanted))
            assert labels(file) == wanted
        assert LabelEvent.objects.count() == written


def test_two_analysts_who_set_one_label_each_lose_neither(world, file):
    """Each pressed a button on a page that showed no label yet."""
    set_label(world.actor("ana"), file, "violence", present=True)
    set_label(world.actor("sofia"), file, "apparent_csam", present=True)
    assert labels(file) == {"violence", "apparent_csam"}


def test_only_labels_of_the_vocabulary_and_only_by_those_who_may(world, file):
    with pytest.raises(Invalid):
        set_label(world.actor("ana"), file, "nonsense", present=True)
    with pytest.raises(Invalid):
        set_labels(world.actor("ana"), file, ["violence", "nonsense"])
    for name in ("adam", "enzo", "ines"):
        with pytest.raises(NotAllowed):
            set_label(world.actor(name), file, "violence", present=True)
    assert not LabelEvent.objects.exists()


def test_a_label_opens_nothing_and_known_material_needs_an_earlier_copy(world, filed):
    first = files_of(filed(files=[(CONTENT, {})]).pk)[0]
    set_label(world.actor("ana"), first, "apparent_csam", present=True)
    assert known_material([first]) == frozenset()

    copy = files_of(filed(files=[(CONTENT, {})]).pk)[0]
    assert known_material([copy]) == {copy.sha256}
    for file in (first, copy):
        for name in ("ana", "sofia", "ines", "tomas"):
            known = known_material([file])
            assert not decisions(world.actor(name), [file], known)[file.pk].open
