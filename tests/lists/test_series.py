"""A file of a series of an unidentified child: its holder is told once, and it is a reason."""

from __future__ import annotations

import pytest
from tests.filing import SEEN, document, newest, picture
from tests.lists.made import foreign, put, worked
from tests.lists.test_matching import file_in, pdq_of

from tipline.delivery.routing.models import Referral
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.errors import Invalid, NotAllowed, NotVisible
from tipline.insight.lists.models import ListMatch, SeriesAlert
from tipline.insight.lists.series import alerts
from tipline.insight.lists.series.services import put_in_series, set_series
from tipline.insight.lists.verdicts import judge_match

CONTENT = picture(1)


@pytest.fixture
def texas(world):
    return world.organisations["Texas ICAC"]


def in_series(hash_list, **prints):
    entry = put(hash_list, **prints)
    put_in_series(SYSTEM, entry, "Blue lantern")
    return entry


def has_reason(report) -> bool:
    reasons = newest(report).result["danger"]["reasons"]
    return "triage.unidentified_series" in [reason["code"] for reason in reasons]


def test_the_holder_is_told_once_gets_the_report_and_it_is_a_reason(filed, world, texas):
    set_series(SYSTEM, "Blue lantern", status="unidentified", agency=texas)
    report = filed(files=[(CONTENT, SEEN)])
    assert not has_reason(report)
    in_series(foreign(trust="known"), sha256=file_in(report).sha256)
    worked()

    assert has_reason(report)
    tomas = world.actor("tomas")
    [alert] = alerts.alerts_for(tomas)
    assert (alert.report_id, alert.series.name) == (report.pk, "Blue lantern")
    assert not alerts.alerts_for(world.actor("ines"))
    referral = Referral.objects.get(report=report, agency=texas)
    assert [reason["code"] for reason in referral.reasons] == ["routing.holds_series"]

    worked()
    assert SeriesAlert.objects.count() == 1
    with pytest.raises(NotVisible):
        alerts.acknowledge(world.actor("ines"), alert.pk)
    assert alerts.acknowledge(tomas, alert.pk)
    assert not alerts.acknowledge(tomas, alert.pk)
    assert not alerts.alerts_for(tomas)


def test_what_only_looks_like_it_waits_for_a_person(filed, world, texas):
    set_series(SYSTEM, "Blue lantern", status="unidentified", agency=texas)
    report = filed(files=[(CONTENT, SEEN)])
    in_series(foreign(trust="known"), pdq=pdq_of(file_in(report)))
    worked()
    assert not has_reason(report)
    assert SeriesAlert.objects.count() == 0

    [match] = ListMatch.objects.all()
    judge_match(world.actor("ana"), match, right=True)
    worked()
    assert has_reason(report)
    assert SeriesAlert.objects.count() == 1


@pytest.mark.parametrize("status", ["identified", "safeguarded"])
def test_an_identified_child_alerts_nobody(filed, texas, status):
    set_series(SYSTEM, "Blue lantern", status=status, agency=texas)
    report = filed(files=[(CONTENT, SEEN)])
    in_series(foreign(trust="known"), sha256=file_in(report).sha256)
    worked()
    assert not has_reason(report)
    assert SeriesAlert.objects.count() == 0


def test_a_holder_who_comes_later_is_told_then(filed, texas):
    report = filed(files=[(CONTENT, SEEN)])
    in_series(foreign(trust="known"), sha256=file_in(report).sha256)
    worked()
    assert has_reason(report)
    assert SeriesAlert.objects.count() == 0
    set_series(SYSTEM, "Blue lantern", status="unidentified", agency=texas)
    worked()
    assert SeriesAlert.objects.count() == 1
    set_series(SYSTEM, "Blue lantern", status="identified", agency=texas)
    worked()
    assert not has_reason(report)


def test_a_test_report_alerts_nobody(filed, world, texas):
    from tipline.ground.accounts.models import Organisation

    Organisation.objects.filter(name="Harborline").update(test_only=True)
    world.credentials["harborline"].refresh_from_db()
    set_series(SYSTEM, "Blue lantern", status="unidentified", agency=texas)
    report = filed(files=[(CONTENT, SEEN)], document=document())
    in_series(foreign(trust="known"), sha256=file_in(report).sha256)
    worked()
    assert SeriesAlert.objects.count() == 0


def test_only_agencies_hold_and_only_those_who_may_say_so(world, texas):
    with pytest.raises(Invalid):
        set_series(SYSTEM, "Blue", status="lost")
    esp = world.organisations["Harborline"]
    with pytest.raises(Invalid):
        set_series(SYSTEM, "Blue", status="unidentified", agency=esp)
    with pytest.raises(NotAllowed):
        set_series(world.actor("ana"), "Blue", status="unidentified", agency=texas)
