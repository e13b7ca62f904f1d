"""The gate's table as people change it: two people, tried on history, in force at once, back."""

from __future__ import annotations

import pytest
from tests.filing import SEEN
from tests.gate.tables import table
from tests.personas import file_report

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import jobs, worker
from tipline.ground.foundation.errors import Conflict, NotAllowed, NotVisible
from tipline.ground.foundation.policy import PolicyError
from tipline.insight.annotation.queries import known_material_files
from tipline.insight.annotation.services import set_label
from tipline.pipeline import stages
from tipline.pipeline.gate_policies import AGAIN, PUBLICATION, TRIALS
from tipline.record.evidence.access import decisions, policy
from tipline.record.evidence.contents import Contents
from tipline.record.evidence.gate_policy import default_policy
from tipline.record.evidence.models import GatePolicyVersion
from tipline.record.evidence.publication.events import LANE
from tipline.record.evidence.publication.queries import READING, in_force
from tipline.record.evidence.queries import files_of


@pytest.fixture
def report(world):
    """A viewed file and one of which nothing is said, at California's desk."""
    made = file_report(world, files=[(b"one", SEEN), (b"two", {})])
    stages.run(made.pk)
    return made


@pytest.fixture
def sofia(world):
    return world.actor("sofia")


@pytest.fixture
def silas(world):
    return world.actor("silas")


def published(sofia, silas, **said):
    row = PUBLICATION.propose(sofia, table(**said))
    TRIALS.try_now(sofia, row.pk)
    return PUBLICATION.publish(silas, row.pk, "Counsel asked for it.")


def test_at_first_the_shipped_table_is_in_force(db):
    assert in_force() == default_policy()
    assert READING.text_in_force().startswith("# The legal gate")


def test_the_jurisdiction_chooses_which(db, settings):
    settings.TIPLINE_JURISDICTION = "uk"
    assert policy().stamp == "gate-uk@2026.1"


def test_what_is_published_holds_at_once_for_everybody(world, report, sofia, silas):
    file = files_of(report.pk)[0]
    assert decisions(world.actor("ana"), [file])[file.pk].open
    act = published(sofia, silas, without=("8",))

    for name in ("ana", "ines"):
        said = decisions(world.actor(name), [file])[file.pk]
        assert (said.open, said.rule, said.policy) == (False, "5", "made-up@1")
    PUBLICATION.take_back(sofia, "It closed too much.", seen=act.pk)
    assert decisions(world.actor("ana"), [file])[file.pk].open
    assert policy() == default_policy()


def test_a_trial_says_how_many_files_would_close_and_for_whom(world, report, sofia):
    row = PUBLICATION.propose(sofia, table(without=("8",)))
    found = TRIALS.try_now(sofia, row.pk).trial

    house, agency = (world.organisations[n].pk for n in ("Clearinghouse", "California ICAC"))
    assert (found["files"], found["asked"]) == (2, 4)
    assert (found["opens"], found["closes"], found["exif_closes"]) == (0, 2, 0)
    assert (found["files_open"], found["files_close"]) == (0, 1)
    assert found["askers"] == {str(house): [0, 1], str(agency): [0, 1]}
    assert {one["file"] for one in found["movers"]} == {files_of(report.pk)[0].file_id}
    assert {tuple(one["rule"]) for one in found["movers"]} == {("8", "5")}


def test_the_first_with_these_bytes_is_not_known_by_the_second(world, sofia):
    """Whatever stands beside it on a page of the trial."""
    both = [file_report(world, files=[(b"twice", {})]) for _n in range(2)]
    for made in both:
        stages.run(made.pk)
    files = [file for made in both for file in files_of(made.pk)]
    set_label(world.actor("ana"), files[0], "apparent_csam", present=True)
    assert known_material_files(files) == {files[1].pk}
    row = PUBLICATION.propose(sofia, table(without=("8",)))
    assert TRIALS.try_now(sofia, row.pk).trial["asked"] == 4


def test_an_agency_without_the_report_is_not_asked_for(world, report, sofia):
    row = PUBLICATION.propose(sofia, table(without=("8",)))
    found = TRIALS.try_now(sofia, row.pk).trial
    assert str(world.organisations["Texas ICAC"].pk) not in found["askers"]


def test_nobody_publishes_alone_nor_untried(world, report, sofia, silas):
    row = PUBLICATION.propose(sofia, table())
    with pytest.raises(Conflict, match="Try it on history"):
        PUBLICATION.publish(silas, row.pk, "why")
    TRIALS.try_now(sofia, row.pk)
    with pytest.raises(NotAllowed):
        PUBLICATION.publish(sofia, row.pk, "why")
    with pytest.raises(NotAllowed):
        PUBLICATION.publish(world.actor("ana"), row.pk, "why")
    with pytest.raises(NotVisible):
        READING.version_for(world.actor("ines"), row.pk)
    assert in_force() == default_policy()


def test_a_table_that_opens_too_much_cannot_even_be_proposed(sofia):
    wrong = table().replace(b', viewed_means = ["this_upload_by_person_before_reporting"]', b"")
    with pytest.raises(PolicyError, match="opens by too little"):
        PUBLICATION.propose(sofia, wrong)
    assert not GatePolicyVersion.objects.exists()


def test_a_table_that_can_no_longer_be_read_gives_way_to_the_shipped_one(report, sofia, silas):
    act = published(sofia, silas, without=("8",))
    rows = GatePolicyVersion.objects.filter(pk=act.policy_id)
    rows.update(content=rows.get().content.replace('pixels = "allow"', 'pixels = "ajar"', 1))
    READING.parsed.cache_clear()
    assert in_force() == default_policy()
    assert [p.key for p in READING.standing(sofia).problems] == ["rows[1].pixels"]
    READING.parsed.cache_clear()


def test_reports_with_files_are_looked_at_again_in_a_lane_of_their_own(
    world, report, sofia, silas, monkeypatch
):
    others = [file_report(world, files=[(b"x%d" % n, {})]) for n in range(3)]
    file_report(world, files=[])
    worker.run_ready("one")
    monkeypatch.setattr("tipline.pipeline.gate_policies.PAGE", 2)
    seen = []
    published(sofia, silas)
    monkeypatch.setattr(stages, "run", seen.append)
    assert jobs.waiting_in(LANE, "GatePublished>pipeline") == 1
    worker.run_ready("one")

    assert sorted(seen) == [report.pk, *sorted(one.pk for one in others)]
    assert jobs.waiting_in(LANE, AGAIN) == 0


def test_a_run_reads_the_table_once(report, django_assert_num_queries):
    held = Contents(report)
    _ = held.gate
    with django_assert_num_queries(1):  # what opens the files now
        held.gate_now()


def test_each_act_is_on_the_ledger(report, sofia, silas):
    act = published(sofia, silas)
    PUBLICATION.take_back(silas, "why", seen=act.pk)
    rows = LedgerEntry.objects.filter(subject__startswith="gate-policy:").order_by("pk")
    verbs = ["proposed", "tried", "published", "rolled-back"]
    assert [row.verb for row in rows] == [f"policy.{verb}" for verb in verbs]
    assert rows.last().subject == "gate-policy:shipped"
