"""A summary in a person's words: kept beside the draft, never lost, taken back in one act."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.personas import file_report

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed
from tipline.ground.foundation.reasons import Source
from tipline.insight.triage import queue, summaries
from tipline.insight.triage.models import SummaryText
from tipline.insight.triage.services import assess


@pytest.fixture
def ana(world):
    return world.actor("ana")


@pytest.fixture
def report(world):
    made = file_report(world)
    assess(made)
    return made


def shown(report) -> tuple[str, Source]:
    result = queue.entry_of(report.pk).assessment.result
    return summaries.told(result, summaries.written_for([report.pk]).get(report.pk, ""))


def test_a_persons_words_stand_in_the_drafts_place_and_say_so(ana, report):
    draft, source = shown(report)
    assert source is Source.SYSTEM
    summaries.write_summary(ana, report, "  One picture,\n sent twice.  ")
    assert shown(report) == ("One picture, sent twice.", Source.ANALYST)
    summaries.write_summary(ana, report, "")
    assert shown(report) == (draft, Source.SYSTEM)
    assert [row.text for row in summaries.history_of(report.pk)] == ["", "One picture, sent twice."]


def test_the_same_words_again_change_nothing(ana, report):
    first = summaries.write_summary(ana, report, "Words.")
    assert summaries.write_summary(ana, report, "Words.", seen=0) == first
    assert summaries.write_summary(ana, report, "  Words. ") == first
    assert SummaryText.objects.count() == 1
    [entry] = LedgerEntry.objects.filter(verb="summary.written")
    assert entry.detail == {"summary": first}  # no word of it


def test_who_has_not_seen_the_newest_does_not_overwrite_it(world, ana, report):
    first = summaries.write_summary(ana, report, "Ana's.", seen=0)
    with pytest.raises(Conflict):
        summaries.write_summary(world.actor("sofia"), report, "Sofia's.", seen=0)
    summaries.write_summary(world.actor("sofia"), report, "Sofia's.", seen=first)
    assert shown(report)[0] == "Sofia's."


def test_undo_brings_back_what_stood_before(ana, report):
    summaries.write_summary(ana, report, "First.")
    second = summaries.write_summary(ana, report, "Second.")
    summaries.take_back(ana, report, second)
    assert shown(report)[0] == "First."
    summaries.take_back(ana, report, second)  # pressed twice
    assert SummaryText.objects.count() == 3
    summaries.write_summary(ana, report, "Third.")
    with pytest.raises(Conflict):
        summaries.take_back(ana, report, second)  # something newer stands: its own undo
    assert shown(report)[0] == "Third."


def test_undo_of_the_first_brings_the_draft_back(ana, report):
    summaries.take_back(ana, report, summaries.write_summary(ana, report, "First."))
    assert shown(report)[1] is Source.SYSTEM


@pytest.mark.parametrize("text", ["x" * 301, "hidden\N{RIGHT-TO-LEFT OVERRIDE}words", "a\x00b"])
def test_what_cannot_be_read_is_refused_and_named(ana, report, text):
    with pytest.raises(Invalid) as caught:
        summaries.write_summary(ana, report, text)
    assert caught.value.field == "summary"
    assert SummaryText.objects.count() == 0


def test_joiners_that_scripts_need_are_words(ana, report):
    summaries.write_summary(ana, report, "می\N{ZERO WIDTH NON-JOINER}خواهد")
    assert shown(report)[1] is Source.ANALYST


def test_a_page_of_summaries_is_one_query(ana, world):
    made = [file_report(world) for _ in range(3)]
    for report in made:
        summaries.write_summary(ana, report, f"Of {report.pk}.")
        summaries.write_summary(ana, report, f"Now of {report.pk}.")
    with CaptureQueriesContext(connection) as caught:
        found = summaries.written_for([report.pk for report in made])
    assert found == {report.pk: f"Now of {report.pk}." for report in made}
    assert len(caught) == 1


def test_only_who_works_the_queue_writes(world, report):
    with pytest.raises(NotAllowed):
        summaries.write_summary(world.actor("ines"), report, "Mine.")
