"""What people decide about links."""

from __future__ import annotations

import pytest
from tests.entities.related import about, between

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation.errors import Invalid, NotAllowed
from tipline.ground.foundation.models import Job
from tipline.insight.entities import linking
from tipline.insight.entities.blocking.rules import key_of
from tipline.insight.entities.judging import services as judging
from tipline.insight.entities.models import BlockingKey, Identifier, Judgement, Link
from tipline.insight.entities.queries import counted_neighbours, judgements_of
from tipline.pipeline import stages
from tipline.pipeline.models import StageRun
from tipline.record.reports.models import Report


class TestJudgements:
    @pytest.fixture
    def link(self, filed):
        first = filed(document=about("one", screenName="kite"))
        second = filed(document=about("two", screenName="kite"))
        return between(first, second)

    def test_a_verdict_is_in_force_at_once_and_both_reports_are_told(self, world, link):
        Job.objects.all().delete()
        judging.judge(world.actor("ana"), link, "yes", " the same style ")

        link.refresh_from_db()
        assert link.state == Link.State.CONFIRMED
        assert counted_neighbours(link.low_id) == [link.high_id]
        told = Job.objects.filter(kind="LinkChanged>pipeline").values_list("payload", flat=True)
        assert sorted(one["report"] for one in told) == [link.low_id, link.high_id]
        verbs = LedgerEntry.objects.filter(verb="link.judged")
        assert {entry.subject for entry in verbs} == {
            f"report:{link.low_id}",
            f"report:{link.high_id}",
        }

    def test_judgements_are_added_and_the_newest_holds(self, world, link):
        for who, verdict in (("ana", "yes"), ("sofia", "no"), ("ana", "unsure"), ("ana", "yes")):
            judging.judge(world.actor(who), link, verdict)
        link.refresh_from_db()
        assert link.state == Link.State.CONFIRMED
        told = judgements_of([link])[link.pk]
        assert [one.verdict for one in told] == ["yes", "no", "unsure", "yes"]
        assert told[0].reasons == link.reasons

    @pytest.mark.parametrize(
        ("verdict", "state"), [("yes", "confirmed"), ("no", "rejected"), ("unsure", "unsure")]
    )
    def test_what_is_judged_is_not_asked_again(self, world, link, verdict, state):
        judging.judge(world.actor("ana"), link, verdict)
        StageRun.objects.all().delete()  # every stage again, as under new forms
        for number in (link.low_id, link.high_id):
            stages.run(number)
        link.refresh_from_db()
        assert link.state == state
        assert Judgement.objects.count() == 1
        assert Link.objects.count() == 1

    def test_only_some_verdicts_and_only_by_those_who_may(self, world, link):
        with pytest.raises(Invalid):
            judging.judge(world.actor("ana"), link, "perhaps")
        for name in ("adam", "enzo", "ines"):
            with pytest.raises(NotAllowed):
                judging.judge(world.actor(name), link, "yes")
        assert not Judgement.objects.exists()

    def test_a_link_that_came_to_count_by_more_is_told_to_the_other_side(self, filed, link):
        """The link was a proposal; when the forms change it becomes automatic."""
        Link.objects.filter(pk=link.pk).update(state=Link.State.PROPOSED)
        Identifier.objects.filter(kind="email").update(normal="kite@example.org", verified=True)
        certain = key_of("certain", "email", "", "kite@example.org", certain=True)
        BlockingKey.objects.create(report_id=link.low_id, key=certain)
        Job.objects.all().delete()
        changed = linking.link(Report.objects.get(pk=link.high_id))
        assert changed == [link.low_id]
        link.refresh_from_db()
        assert link.state == Link.State.AUTOMATIC
        assert Job.objects.filter(kind="LinkChanged>pipeline").count() == 1
