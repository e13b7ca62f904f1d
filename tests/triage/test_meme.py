"""Closing with one key, as a meme: only on the strength of our own list, never against a child."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.personas import file_report
from tests.triage.reports import CUES, features

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation.errors import Conflict, NotAllowed
from tipline.ground.foundation.reasons import known_codes
from tipline.ground.taxonomy.incidents import IncidentType
from tipline.ground.taxonomy.levels import Level
from tipline.insight.triage import queue
from tipline.insight.triage.features import Cue, CueKind, Features
from tipline.insight.triage.models import Assessment, QueueEntry
from tipline.insight.triage.rules_meme import may_close_as_meme
from tipline.insight.triage.rules_signs import GUARDS, Limits, find
from tipline.insight.triage.services import assess

MEME = Features(
    incident_type=IncidentType.CSAM,
    all_files_on_viral_list=True,
    recipients=False,
    chat_content=False,
    escalated=False,
    files=2,
)
LIMITS = Limits(13, 365)


def codes(reasons) -> set[str]:
    return {reason.code for reason in reasons}


def test_every_file_on_our_own_list_and_nothing_else_may_be_closed():
    assert may_close_as_meme(MEME) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"all_files_on_viral_list": None}, "triage.meme.list_unknown"),
        ({"all_files_on_viral_list": False}, "triage.meme.not_on_list"),
        ({"incident_type": None}, "triage.meme.type_unknown"),
        ({"incident_type": IncidentType.ENTICEMENT}, "triage.type_enticement"),
        ({"incident_type": IncidentType.TRAFFICKING}, "triage.type_trafficking"),
        ({"incident_type": IncidentType.UNSOLICITED_OBSCENE}, "triage.type_unsolicited_obscene"),
        ({"victim_present": True}, "triage.victim"),
        ({"victim_age": 15}, "triage.victim"),
        ({"recipients": True}, "triage.meme.recipients"),
        ({"chat_content": True}, "triage.chat"),
        ({"escalated": True}, "triage.escalated"),
        ({"child_in_danger_now": True}, "triage.child_in_danger_now"),
        ({"analyst_level": Level.ONE}, "triage.level_1"),
        ({"urgent_confirmed": True}, "triage.urgent_confirmed"),
        ({"labels": frozenset({"grooming"})}, "triage.grooming"),
        ({"labels": frozenset({"planned_meeting"})}, "triage.planned_meeting"),
        ({"annotations": frozenset({"sextortion"})}, "triage.sextortion"),
        ({"minor_suspect": True}, "triage.meme.minor_suspect"),
        ({"novel_viewed": True}, "triage.novel_viewed"),
        (
            {"cues": (Cue(CueKind.TRAVEL, "on my way", "/report", "en", "incident"),)},
            "triage.cue_travel",
        ),
    ],
    ids=str,
)
def test_one_fact_against_it_is_enough_and_is_named(change, why):
    assert why in codes(may_close_as_meme(replace(MEME, **change)))


@given(features())
def test_an_esps_own_flags_never_close(found):
    """Whatever is said, without our own list there is no closing."""
    loud = replace(
        found,
        all_files_on_viral_list=None,
        all_files_flagged_viral=True,
        batched=True,
        annotations=frozenset({"spam", "informational"}),
    )
    assert may_close_as_meme(loud)


@given(features(all_files_on_viral_list=True))
def test_what_guards_a_report_against_viral_flags_guards_it_here(found):
    guarded = any(find(sign, found, LIMITS) for sign in GUARDS)
    if guarded or found.recipients or found.cues or found.victim_age is not None:
        assert may_close_as_meme(found)


@given(features(), st.lists(CUES, min_size=1, max_size=3))
def test_any_cue_of_any_kind_keeps_it(found, cues):
    reasons = may_close_as_meme(replace(found, cues=tuple(cues)))
    assert {f"triage.cue_{cue.kind}" for cue in cues} <= codes(reasons)


@given(features(), st.sampled_from(["files", "known_files", "duplicates", "bundle_size"]))
def test_size_closes_nothing_and_keeps_nothing(found, field):
    assert may_close_as_meme(replace(found, **{field: 10**6})) == may_close_as_meme(found)


@given(features())
def test_every_reason_has_words_and_no_points(found):
    reasons = may_close_as_meme(found)
    assert codes(reasons) <= known_codes()
    assert all(reason.points == 0 for reason in reasons)


class TestClosing:
    @pytest.fixture
    def listed(self, world):
        """A report whose files matching has found on our list."""
        report = file_report(world)
        assess(report)
        facts = {"incident_type": "csam", "all_files_on_viral_list": True}
        Assessment.objects.filter(report=report).update(facts=facts)
        return report.pk

    def test_it_is_done_says_how_and_comes_back(self, world, listed):
        ana = world.actor("ana")
        queue.claim(ana, listed)
        queue.close_as_meme(ana, listed)
        row = queue.entry_of(listed)
        assert (row.done_how, row.done_by.name, row.claimed_by) == ("meme", "Ana", None)
        queue.close_as_meme(ana, listed)  # a second press changes nothing
        queue.mark_done(ana, listed, done=False)
        row = queue.entry_of(listed)
        assert (row.done_how, row.done_at) == ("", None)
        entries = LedgerEntry.objects.filter(verb__in=["queue.done", "queue.reopened"])
        details = [entry.detail for entry in entries.order_by("pk")]
        assert details == [{"how": "meme"}, {}]

    def test_what_speaks_against_it_is_said(self, world, listed):
        Assessment.objects.filter(report_id=listed).update(
            facts={"incident_type": "csam", "all_files_on_viral_list": True, "chat_content": True}
        )
        with pytest.raises(Conflict, match="The conversation is there"):
            queue.close_as_meme(world.actor("ana"), listed)
        assert queue.entry_of(listed).done_at is None

    @pytest.mark.parametrize("change", [{"band_rank": 0}, {"urgency": "unconfirmed"}])
    def test_an_urgent_one_is_never_closed_so(self, world, listed, change):
        QueueEntry.objects.filter(report_id=listed).update(**change)
        with pytest.raises(Conflict, match="It is urgent"):
            queue.close_as_meme(world.actor("ana"), listed)

    def test_what_another_works_on_stays(self, world, listed):
        queue.claim(world.actor("sofia"), listed)
        with pytest.raises(Conflict, match="Somebody else"):
            queue.close_as_meme(world.actor("ana"), listed)

    def test_facts_that_were_never_kept_close_nothing(self, world, listed):
        Assessment.objects.filter(report_id=listed).update(facts={})
        with pytest.raises(Conflict, match="not compared"):
            queue.close_as_meme(world.actor("ana"), listed)

    def test_only_who_works_the_queue_closes(self, world, listed):
        with pytest.raises(NotAllowed):
            queue.close_as_meme(world.actor("ines"), listed)
