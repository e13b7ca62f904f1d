"""What has come into a list since somebody looked at it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.personas import file_report

from tipline.insight.triage import news, queue
from tipline.insight.triage.models import Assessment, QueueEntry
from tipline.insight.triage.news import News
from tipline.insight.triage.queue_filter import QueueFilter
from tipline.insight.triage.services import assess


@pytest.fixture
def ana(world):
    return world.actor("ana")


@pytest.fixture
def ranked(world):
    def make():
        report = file_report(world)
        assess(report)
        return report

    return make


def since(actor, mark, **wanted) -> News:
    return news.news_since(queue.queue_for(actor, QueueFilter(**wanted)), mark)


def test_nothing_is_new_to_who_has_just_looked(ana, ranked):
    ranked()
    assert since(ana, news.mark()) == News()
    assert not since(ana, news.mark()).any


def test_what_came_and_what_was_assessed_anew_are_told_apart(ana, ranked):
    old = ranked()
    mark = news.mark()
    new = ranked()
    QueueEntry.objects.filter(report=new).update(band_rank=0)
    assert since(ana, mark) == News(new=1, urgent=1)

    Assessment.objects.filter(report=old).update(input_digest="")
    assess(old)
    assert since(ana, mark) == News(new=1, changed=1, urgent=1)


def test_only_what_the_list_shows_is_news_to_it(ana, ranked):
    mark = news.mark()
    new = ranked()
    assert since(ana, mark, lane="minor_suspect") == News()
    queue.mark_done(ana, new.pk, done=True)
    assert since(ana, mark) == News()


def test_an_empty_house_has_no_mark_and_everything_is_new(ana, ranked):
    assert news.mark() == 0
    ranked()
    assert since(ana, 0) == News(new=1)


def test_it_is_two_reads_and_one_for_the_rows(ana, ranked):
    made = [ranked().pk for _ in range(3)]
    with CaptureQueriesContext(connection) as caught:
        since(ana, 1)
        rows = news.rows_now(ana, made)
    assert len(caught) == 3
    assert [row.report_id for row in rows] == made


def test_others_hear_nothing(world, ranked):
    made = ranked().pk
    assert news.rows_now(world.actor("ines"), [made]) == []
    assert since(world.actor("ines"), 0) == News()
