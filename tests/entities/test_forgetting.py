"""A destroyed report leaves nothing that identified anybody, and no link that was not judged."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from tests.entities.related import about, between, verified

from tipline.ground.foundation import worker
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.enrichment.models import Whereabouts
from tipline.insight.entities.judging import services as judging
from tipline.insight.entities.models import Judgement, Link, RoleConflict
from tipline.insight.entities.roles.services import answer_conflict
from tipline.pipeline.models import StageRun
from tipline.record.reports.events import ReportDestroyed
from tipline.record.reports.models import Report

#: What names or places somebody, by table.
TABLES = ("identifier", "blockingkey", "passage", "victimvalue")
LINE = "A long line of text that somebody wrote about kite@example.org and about nobody else."


def destroy(report: Report) -> None:
    with write_tx():
        announce(ReportDestroyed(report.pk), dedup_key=str(report.pk))
    worker.run_ready("one")


def left(report: Report) -> dict[str, int]:
    found: dict[str, type[models.Model]] = {
        name: apps.get_model("entities", name) for name in TABLES
    }
    counts = {n: m._default_manager.filter(report=report).count() for n, m in found.items()}
    return {**counts, "whereabouts": Whereabouts.objects.filter(report=report).count()}


@pytest.fixture
def made(filed):
    """Three reports of one account, in which a child is named, too, and a text."""
    child = {"victimPerson": verified("child@example.org"), "espIdentifier": "child-1"}
    return [
        filed(
            document={
                **about(name, espIdentifier="u-7"),
                "victim": [child],
                "additionalInfo": f"{name}: {LINE}",
            }
        )
        for name in ("one", "two", "three")
    ]


def test_nothing_that_identified_anybody_is_left(made):
    gone, kept, _third = made
    before = left(kept)
    assert all(left(gone).values()), left(gone)
    destroy(gone)
    assert not any(left(gone).values()), left(gone)
    assert left(kept) == before


def test_links_go_unless_somebody_judged_them(world, made):
    gone, second, third = made
    link = between(gone, second)
    assert link.reasons
    judging.judge(world.actor("ana"), link, "yes", "kite@example.org in both")
    destroy(gone)
    assert between(gone, third) is None
    assert between(second, third).state == Link.State.AUTOMATIC
    link.refresh_from_db()
    assert (link.machine, link.state) == ("gone", "confirmed")
    [row] = Judgement.objects.all()
    assert (row.verdict, row.note, row.author.pk) == ("yes", "", world.actor("ana").person_key)
    assert "example.org" not in str(row.reasons)


def test_again_is_as_once(made):
    gone, *_others = made
    destroy(gone)
    pairs = list(Link.objects.values_list("low", "high", "state"))
    destroy(gone)
    assert list(Link.objects.values_list("low", "high", "state")) == pairs
    assert StageRun.objects.exists()


def test_a_conflict_of_roles_keeps_its_answer_and_loses_its_words(world, filed):
    child = {"victimPerson": verified("one@example.org")}
    victims = filed(document={**about("two"), "victim": [child]})
    suspects = filed(document=about("one", personOrUserReportedPerson=verified("one@example.org")))
    [conflict] = RoleConflict.objects.all()
    answer_conflict(world.actor("sofia"), conflict.pk, "same_person", "one@example.org, a child")
    destroy(victims)
    conflict.refresh_from_db()
    assert conflict.key == f"gone:{conflict.pk}"
    assert not any("example" in str(row) for row in conflict.__dict__.values())
    assert suspects.pk == conflict.suspect_id
