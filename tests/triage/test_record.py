"""A sender's record: what agencies said of its reports, added up as they answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import few
from tests.filing import newest
from tests.personas import file_report
from tests.pipeline.derived import undone

from tipline.insight.triage.facts_record import sender_useful
from tipline.insight.triage.policy import default_policy
from tipline.insight.triage.services import assess
from tipline.record.outcomes.models import Outcome, SenderRecord
from tipline.record.outcomes.queries import record_of_sender
from tipline.record.outcomes.rules import check
from tipline.record.outcomes.services import record_outcome

RULES = default_policy().rules.record
YES = {"status": "ongoing", "useful": "yes"}
NO = {
    "status": "closed",
    "closing_reason": "unfounded",
    "useful": "no",
    "not_useful_reason": "stale",
}


@pytest.mark.parametrize(
    ("useful", "answered", "said"),
    [
        (0, 0, None),
        (19, 19, None),
        (0, 19, None),
        (20, 20, True),
        (12, 20, True),
        (11, 20, None),
        (5, 20, None),
        (4, 20, False),
        (0, 20, False),
        (600_000, 1_000_000, True),
    ],
)
def test_when_the_answers_say_something(useful, answered, said):
    assert sender_useful(useful, answered, RULES) is said


@given(answered=st.integers(0, 400), data=st.data())
def test_more_useful_answers_never_say_less(answered, data):
    order = {False: 0, None: 1, True: 2}
    low, high = sorted(data.draw(st.tuples(*[st.integers(0, answered)] * 2)))
    before, after = (sender_useful(n, answered, RULES) for n in (low, high))
    assert order[after] >= order[before]


@pytest.fixture
def ask(world):
    """``ask(report, who, said)``: an agency answers."""

    def answer(report, who, said):
        actor = world.actor(who)
        return record_outcome(actor, report, check(said))

    return answer


def of(world, name="Harborline") -> tuple[int, int]:
    return record_of_sender(world.organisations[name].pk)


def test_the_newest_word_of_an_agency_on_a_report_counts_once(world, ask):
    report = file_report(world)
    ask(report, "ines", YES)
    ask(report, "ines", YES)
    assert of(world) == (1, 1)
    ask(report, "ines", NO)
    assert of(world) == (0, 1)
    ask(report, "ines", {"status": "ongoing"})
    assert of(world) == (0, 1)
    ask(report, "tomas", YES)
    assert of(world) == (1, 2)
    assert of(world, "Quillnet") == (0, 0)


def test_a_retry_counts_once(world):
    report = file_report(world)
    for _time in range(2):
        record_outcome(world.actor("ines"), report, check(YES), retry_key="one")
    assert of(world) == (1, 1)


def test_it_moves_usability_and_never_danger(world, ask, filed):
    report = filed()
    before = newest(report).result
    SenderRecord.objects.create(sender=world.organisations["Harborline"], useful=30, not_useful=5)
    after = assess(report).result
    assert after["danger"] == before["danger"]
    assert after["actionability"]["value"] == before["actionability"]["value"] + 4
    SenderRecord.objects.update(useful=1, not_useful=30)
    rarely = assess(report).result
    assert rarely["danger"] == before["danger"]
    assert rarely["actionability"]["value"] == before["actionability"]["value"] - 4


def test_one_row_is_read_however_many_answers_there_are(world, ask, django_assert_num_queries):
    for _number in range(3):
        ask(file_report(world), "ines", YES)
    with django_assert_num_queries(1):
        assert of(world) == (3, 3)


ANSWERS = st.lists(
    st.tuples(
        st.integers(0, 1), st.sampled_from(["ines", "tomas"]), st.sampled_from(["yes", "no", ""])
    ),
    max_size=8,
)


@few(8)
@given(answers=ANSWERS)
def test_the_sum_is_that_of_the_newest_words(world, ask, answers):
    with undone():
        reports = [file_report(world), file_report(world)]
        said: dict[tuple[int, str], bool] = {}
        for number, who, useful in answers:
            ask(reports[number], who, {"yes": YES, "no": NO, "": {"status": "ongoing"}}[useful])
            if useful:
                said[(number, who)] = useful == "yes"
        assert of(world) == (sum(said.values()), len(said))
        assert Outcome.objects.count() == len(answers)


@pytest.mark.django_db
def test_answers_from_before_the_table_are_added_up(world, ask):
    from importlib import import_module

    from django.apps import apps

    report = file_report(world)
    for who, answer in (("ines", YES), ("ines", NO), ("tomas", YES)):
        ask(report, who, answer)
    counted = of(world)
    SenderRecord.objects.all().delete()
    import_module("tipline.record.outcomes.migrations.0002_sender_record").add_up(apps, None)
    assert of(world) == counted == (1, 2)
