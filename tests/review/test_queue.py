"""What waits for a look, in which order, who holds it, and what becomes of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st
from tests.evidence.test_never_opened import undone
from tests.examples import few
from tests.filing import SEEN, UNSEEN, document, picture

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import clock, worker
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed, NotVisible
from tipline.insight.annotation.errors import ChangedMeanwhile
from tipline.insight.annotation.queries import labels_of, standings
from tipline.insight.annotation.rules_standing import Standing
from tipline.insight.annotation.services import confirm_label, set_label
from tipline.insight.review import keeping, queries, services
from tipline.insight.review.errors import ClosedMeanwhile, SaidMeanwhile
from tipline.insight.review.models import Content, Review
from tipline.insight.review.rules import Ending, How, Novelty, Said
from tipline.pipeline import stages
from tipline.record.evidence.queries import files_of
from tipline.record.evidence.services import OpeningTerms, end_opening, record_opening
from tipline.record.reports.models import Report

URGENT = document(
    incidentSummary={
        "incidentType": "Online Enticement of Children for Sexual Acts",
        "incidentDateTime": "2026-11-20T10:00:00Z",
        "escalateToHighPriority": "A child is at risk now.",
    }
)


def content_of(report, place: int = 0) -> Content:
    return Content.objects.get(sha256=files_of(report.pk)[place].sha256)


def in_order(actor, *, closed: bool = False) -> list[str]:
    return list(queries.waiting(actor, closed=closed).values_list("sha256", flat=True))


def judge(actor, row: Content, *labels: str, children=None, seen: int | None = None) -> Review:
    """As somebody does who has seen all that was said; or no more than ``seen``."""
    said = Said(frozenset(labels), children or {})
    return services.judge(actor, row, said, position(row) if seen is None else seen)


def position(row: Content) -> int:
    return standings([row.sha256]).get(row.sha256, Standing()).position


@pytest.fixture
def ana(world):
    return world.actor("ana")


@pytest.fixture
def sofia(world):
    return world.actor("sofia")


def test_what_is_new_comes_first_then_danger(ana, filed):
    plain = filed(files=[(picture(1), SEEN)])
    urgent = filed(files=[(picture(3), SEEN)], document=URGENT)
    near = filed(files=[(picture(3, quality=85), SEEN)], document=URGENT, esp="quillnet")
    filed(files=[(picture(4), UNSEEN)])
    rows = [content_of(report) for report in (urgent, plain, near)]
    assert [row.novelty for row in rows] == [Novelty.NEW, Novelty.NEW, Novelty.NEAR]
    assert in_order(ana)[:2] == [rows[0].sha256, rows[1].sha256]


def test_an_exact_copy_waits_once_at_the_more_dangerous_place(ana, filed):
    first = filed(files=[(picture(1), SEEN)])
    before = content_of(first)
    second = filed(files=[(picture(1), SEEN)], document=URGENT)
    row = content_of(first)
    assert Content.objects.count() == 1
    assert (row.file.report_id, row.band_rank) == (second.pk, 0)
    assert (before.novelty, row.novelty) == (Novelty.NEW, Novelty.AGAIN)


def test_a_copy_that_the_gate_opens_stands_for_one_that_it_closes(ana, filed):
    closed = filed(files=[(picture(1), UNSEEN)], document=URGENT)
    assert (in_order(ana), len(in_order(ana, closed=True))) == ([], 1)
    opened = filed(files=[(picture(1), SEEN)])
    row = content_of(closed)
    assert (row.open, row.file.report_id) == (True, opened.pk)
    assert (in_order(ana), in_order(ana, closed=True)) == ([row.sha256], [])


def test_running_a_report_again_moves_nothing(ana, filed):
    report = filed(files=[(picture(1), SEEN), (picture(1, quality=85), SEEN), (picture(2), {})])
    before = list(Content.objects.order_by("pk").values())
    stages.run(report.pk)
    assert list(Content.objects.order_by("pk").values()) == before


def test_tests_of_a_sender_and_empty_files_have_no_place(world, filed):
    world.organisations["Harborline"].test_only = True
    world.organisations["Harborline"].save()
    filed(files=[(picture(1), SEEN)])
    filed(files=[(b"", {})], esp="quillnet")
    assert Content.objects.count() == 0


def test_two_people_never_hold_the_same(ana, sofia, filed):
    for seed in (1, 2, 3):
        filed(files=[(picture(seed), SEEN)])
    taken = [services.take(actor).sha256 for actor in (ana, sofia, ana, sofia)]
    assert taken[0] != taken[1]
    assert taken[2:] == taken[:2]  # each has one until it is judged


def test_whoever_is_slower_gets_another_one(ana, sofia, filed):
    for seed in (1, 2):
        filed(files=[(picture(seed), SEEN)])
    first = queries.waiting(ana, closed=False).select_related("file").first()
    assert services._hold(sofia, first)
    assert not services._hold(ana, first)
    assert services.take(ana).sha256 != first.sha256
    assert services.take(sofia).sha256 == first.sha256


def test_a_lease_that_ran_out_frees_the_content(ana, sofia, filed):
    filed(files=[(picture(1), SEEN)])
    row = services.take(ana)
    assert services.take(sofia) is None
    Content.objects.update(held_until=F("held_until") - timedelta(minutes=16))
    assert services.take(sofia).sha256 == row.sha256
    with pytest.raises(Conflict):
        judge(ana, row, "harmless")


def test_what_looks_alike_is_held_together_and_judged_one_by_one(ana, sofia, filed):
    first = filed(files=[(picture(1), SEEN)])
    near = filed(files=[(picture(1, quality=85), SEEN)])
    filed(files=[(picture(5), SEEN)])
    rows = content_of(first), content_of(near)
    assert rows[0].look_alike == rows[1].look_alike
    held = services.take(ana)
    while held.sha256 != rows[0].sha256:
        judge(ana, held, "harmless")
        held = services.take(ana)
    assert {row.sha256 for row in queries.held(ana)} == {row.sha256 for row in rows}
    assert [row.sha256 for row in queries.beside(held)] == [rows[1].sha256]
    judge(ana, held, "apparent_csam", children={1: frozenset({"age_3_6"})})
    assert labels_of([rows[1].sha256]) == {}
    assert services.take(ana).sha256 == rows[1].sha256
    assert services.take(sofia) is None or services.take(sofia).sha256 != rows[1].sha256


def test_a_judgement_sets_the_labels_and_ends_the_waiting(ana, filed):
    filed(files=[(picture(1), SEEN)])
    row = services.take(ana)
    made = judge(ana, row, "harmless")
    assert labels_of([row.sha256]) == {row.sha256: {"harmless"}}
    assert (made.how, made.said["content"]) == (How.LABELLED, ["harmless"])
    assert content_of(row.file.report).ended == Ending.LABELLED
    verbs = list(LedgerEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert {"content.taken", "content.reviewed", "label.set"} <= set(verbs)
    worker.run_ready("test")
    assert content_of(row.file.report).ended == Ending.LABELLED


@pytest.mark.parametrize(
    "labels", [(), ("violence",), ("no-such-label", "harmless"), ("harmless", "age_3_6")]
)
def test_a_judgement_says_what_it_is(ana, filed, labels):
    filed(files=[(picture(1), SEEN)])
    row = services.take(ana)
    with pytest.raises(Invalid) as refused:
        judge(ana, row, *labels)
    assert refused.value.field == "labels"
    assert labels_of([row.sha256]) == {}


def test_a_label_that_somebody_gave_meanwhile_is_told_and_nothing_changes(ana, sofia, filed):
    filed(files=[(picture(1), SEEN)])
    row = services.take(ana)
    seen = position(row)
    set_label(sofia, row.file, "exploitative", present=True)
    with pytest.raises(SaidMeanwhile, match="Sofia"):
        judge(ana, row, "harmless", seen=seen)
    assert labels_of([row.sha256]) == {row.sha256: {"exploitative"}}
    judge(ana, row, "harmless", "exploitative")
    assert labels_of([row.sha256]) == {row.sha256: {"exploitative", "harmless"}}


def test_a_label_from_elsewhere_ends_the_waiting_and_its_withdrawal_begins_it_anew(ana, filed):
    report = filed(files=[(picture(1), SEEN)])
    file = files_of(report.pk)[0]
    set_label(ana, file, "harmless", present=True)
    assert services.take(ana) is None  # looked at once more before it is given out
    worker.run_ready("test")
    assert content_of(report).ended == Ending.LABELLED
    set_label(ana, file, "harmless", present=False)
    worker.run_ready("test")
    assert content_of(report).ended == Ending.WAITING


def test_what_our_own_list_knows_is_never_offered(world, ana, filed):
    report = filed(files=[(picture(1), SEEN)])
    file = files_of(report.pk)[0]
    set_label(ana, file, "self_production", present=True)
    for name in ("sofia", "silas"):
        confirm_label(world.actor(name), file, "self_production")
    worker.run_ready("test")
    again = filed(files=[(picture(1), SEEN)], esp="quillnet")
    assert content_of(again).ended == Ending.KNOWN
    assert services.take(ana) is None


def test_undo_puts_the_labels_back_and_the_content_into_the_hands(ana, filed):
    filed(files=[(picture(1), SEEN)])
    row = services.take(ana)
    judge(ana, row, "harmless")
    back = services.take_back(ana, queries.last_review(ana))
    assert labels_of([row.sha256]) == {}
    assert (back.ended, back.held_by_id) == (Ending.WAITING, ana.person_key)
    assert queries.last_review(ana) is None
    assert Review.objects.count() == 1  # nothing is deleted


def test_undo_leaves_what_others_changed_since(ana, sofia, filed):
    filed(files=[(picture(1), SEEN)])
    row = services.take(ana)
    judge(ana, row, "harmless", "violence")
    set_label(sofia, row.file, "violence", present=False)
    services.take_back(ana, queries.last_review(ana))
    assert labels_of([row.sha256]) == {}
    with pytest.raises(NotVisible):
        services.take_back(sofia, Review.objects.get())


def test_undo_of_what_somebody_has_said_anew_is_refused_with_their_name(ana, sofia, filed):
    filed(files=[(picture(1), SEEN)])
    row = services.take(ana)
    judge(ana, row, "harmless", "violence")
    set_label(sofia, row.file, "violence", present=False)
    set_label(sofia, row.file, "violence", present=True)
    with pytest.raises(ChangedMeanwhile) as refused:
        services.take_back(ana, queries.last_review(ana))
    assert refused.value.changes[-1].author.name == "Sofia"
    assert labels_of([row.sha256]) == {row.sha256: {"harmless", "violence"}}
    assert queries.last_review(ana) is not None


def test_children_are_told_apart_and_taken_out_again(ana, filed):
    filed(files=[(picture(1), SEEN)])
    row = services.take(ana)
    girl, boy = frozenset({"age_3_6", "girl"}), frozenset({"age_12_14"})
    judge(ana, row, "apparent_csam", children={1: girl, 3: boy})
    now = standings([row.sha256])[row.sha256]
    assert [(child.number, child.labels) for child in now.children] == [(1, girl), (2, boy)]
    judge(ana, row, "apparent_csam", children={2: frozenset({"age_15_17"})})
    now = standings([row.sha256])[row.sha256]
    assert [(child.number, child.labels) for child in now.children] == [(2, {"age_15_17"})]
    services.take_back(ana, queries.last_review(ana))
    now = standings([row.sha256])[row.sha256]
    assert [(child.number, child.labels) for child in now.children] == [(1, girl), (2, boy)]
    with pytest.raises(Invalid, match="one of these of a child"):
        judge(ana, row, "apparent_csam", children={1: frozenset({"age_3_6", "age_12_14"})})


def test_a_skipped_content_goes_to_others_and_comes_back_later(ana, sofia, filed):
    filed(files=[(picture(1), SEEN)])
    row = services.take(ana)
    services.skip(ana, row)
    assert services.take(ana) is None
    assert services.take(sofia).sha256 == row.sha256
    services.give_back(sofia)
    Review.objects.update(at=F("at") - timedelta(hours=13))
    assert services.take(ana).sha256 == row.sha256


def _opened(world, report) -> int:
    now = clock.now()
    terms = OpeningTerms(
        kind="warrant", reference="W-1", issuer="A court", valid_from=now - timedelta(days=1),
        valid_until=None, approved_by="",
    )  # fmt: skip
    return record_opening(world.actor("sofia"), files_of(report.pk), terms).pk


def test_a_closed_file_is_judged_by_its_metadata_until_a_paper_opens_it(world, ana, filed):
    report = filed(files=[(picture(1), UNSEEN)])
    row = services.take(ana, closed=True)
    assert services.take(ana) is None
    services.judge_closed(ana, row, How.ASK_OPENING)
    assert content_of(report).ended == Ending.JUDGED_CLOSED
    [asked] = queries.asked_to_open(world.actor("sofia"))
    assert asked.content_id == row.pk
    assert queries.asked_to_open(ana) == []
    _opened(world, report)
    worker.run_ready("test")
    assert services.take(ana).sha256 == row.sha256
    assert queries.asked_to_open(world.actor("sofia")) == []


def test_an_opening_that_ends_on_the_screen_is_told_and_nothing_is_lost(world, ana, filed):
    report = filed(files=[(picture(1), UNSEEN)])
    opening = _opened(world, report)
    worker.run_ready("test")
    row = services.take(ana)
    end_opening(world.actor("sofia"), report.pk, opening)
    with pytest.raises(ClosedMeanwhile, match="rule 5"):
        judge(ana, row, "harmless")
    assert labels_of([row.sha256]) == {}
    assert LedgerEntry.objects.filter(verb="file.blocked").exists()
    assert services.take(ana) is None
    assert services.take(ana, closed=True).sha256 == row.sha256


def test_a_destroyed_report_leaves_the_content_to_another_copy_or_ends_it(ana, filed):
    first = filed(files=[(picture(1), SEEN)], document=URGENT)
    second = filed(files=[(picture(1), SEEN)])
    for report, left in ((first, Ending.WAITING), (second, Ending.GONE)):
        key = Report.objects.get(pk=report.pk).key
        key.wrapped, key.destroyed_at = None, clock.now()
        key.save(update_fields=["wrapped", "destroyed_at"])
        keeping.report_gone(report.pk)
        assert content_of(second).ended == left
    assert content_of(second).file.report_id == second.pk


def test_who_may_not_label_may_do_nothing_here(world, ana, filed):
    filed(files=[(picture(1), SEEN)])
    row = services.take(ana)
    for actor in (world.actor("ines"), world.actor("adam")):
        assert list(queries.waiting(actor, closed=False)) == []
        for deed in (
            lambda a=actor: services.take(a),
            lambda a=actor: services.skip(a, row),
            lambda a=actor: judge(a, row, "harmless"),
            lambda a=actor: queries.content_for(a, row.sha256),
        ):
            with pytest.raises(NotAllowed):
                deed()


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["ana", "sofia"]),
        st.sampled_from(["take", "judge", "judge", "skip", "back", "leave"]),
    ),
    max_size=12,
)


@few(6)
@given(deeds=DEEDS)
def test_whatever_two_people_do_nobody_holds_what_another_has_and_nothing_is_lost(
    world, waiting_three, deeds
):
    """Three contents, two of them alike; each deed is undone with the example."""
    with undone():
        for name, deed in deeds:
            _do(world.actor(name), deed)
            rows = list(Content.objects.all())
            assert len(rows) == waiting_three
            for row in rows:
                labelled = bool(labels_of([row.sha256]))
                assert (row.ended == Ending.LABELLED) == labelled
                assert not (row.ended and row.held_by_id)
        held = [{row.pk for row in queries.held(world.actor(n))} for n in ("ana", "sofia")]
        assert not held[0] & held[1]
        standing = Review.objects.filter(how=How.LABELLED, taken_back_at=None)
        assert Content.objects.filter(ended=Ending.LABELLED).count() == standing.count()


@pytest.fixture
def waiting_three(filed):
    for content in (picture(1), picture(1, quality=85), picture(5)):
        filed(files=[(content, SEEN)])
    return 3


def _do(actor, deed: str) -> None:
    """What the pages let this person do now; what is refused changes nothing."""
    mine = queries.held(actor).first()
    last = queries.last_review(actor)
    if deed == "take":
        services.take(actor)
    elif deed == "leave":
        services.give_back(actor)
    elif deed == "judge" and mine:
        judge(actor, mine, "harmless")
    elif deed == "skip" and mine:
        services.skip(actor, mine)
    elif deed == "back" and last:
        with suppress(Conflict):
            services.take_back(actor, last)
