"""A new report on the subject of an open case is told to who works it, and gets there."""

from __future__ import annotations

import pytest
from tests.filing import document, suspect
from tests.portals_agency.conftest import referred
from tests.portals_agency.pages import text

from tipline.delivery.cases import services, tips
from tipline.delivery.cases.models import Case, CaseTip
from tipline.delivery.routing.models import Referral
from tipline.delivery.routing.queries import referral_for
from tipline.ground.foundation import worker
from tipline.insight.entities.judging.services import judge
from tipline.insight.entities.models import Link

pytestmark = pytest.mark.django_db
CALIFORNIA = {"address": [{"city": "Oakland", "state": "CA", "country": "US"}]}
NOWHERE = {"address": [{"city": "Lyon", "country": "FR"}]}


def about(name: str, place: dict, account: str = "u-7") -> dict:
    """A report about an account, its person somewhere."""
    return document(
        personOrUserReported=suspect(
            personOrUserReportedPerson={"email": [{"value": f"{name}@example.org"}], **place},
            espIdentifier=account,
            screenName=name,
            ipCaptureEvent=None,
        )
    )


@pytest.fixture
def case(world):
    """Ines works the report about account u-7 in a case."""
    report = referred(world, document=about("one", CALIFORNIA))
    ines = world.actor("ines")
    return services.open_case(ines, referral_for(ines, report.pk), "Kite")


def member(case: Case) -> int:
    return services.CaseReport.objects.get(case=case).referral.report_id


def come(world, **more) -> int:
    number = referred(world, document=about("two", NOWHERE, **more)).pk
    worker.run_ready("one")
    return number


def test_a_new_tip_is_told_and_delivered_with_its_reason(world, ines, tomas, case):
    number = come(world)

    said = text(ines, "/agency/")
    assert "New tips on your open cases" in said
    assert f"Report {number} is linked to report {member(case)} in your case Kite" in said
    assert "New tips" not in text(tomas, "/agency/")
    assert "New tips on this case" in text(ines, f"/agency/cases/{case.pk}/")
    referral = Referral.objects.get(report=number, agency=case.agency)
    [reason] = referral.reasons
    assert (reason["code"], reason["params"]) == ("routing.open_case", {"report": member(case)})
    report_page = text(ines, f"/agency/reports/{number}/")
    assert f"It works report {member(case)}, which is linked to this one" in report_page

    url = f"/agency/tips/{CaseTip.objects.get().pk}/seen/"
    assert tomas.post(url).status_code == 404
    assert ines.get(url).status_code == 405
    assert ines.post(url).status_code == 303
    assert "New tips" not in text(ines, "/agency/")
    assert f"Report {number}" in text(ines, f"/agency/cases/{case.pk}/")
    assert tips.tell(number) == 0


def test_a_case_opened_on_a_linked_report_is_told_what_is_linked_already(world, ines):
    first = referred(world, document=about("one", CALIFORNIA)).pk
    number = come(world)
    assert CaseTip.objects.count() == 0
    actor = world.actor("ines")

    case = services.open_case(actor, referral_for(actor, first), "Kite")
    worker.run_ready("one")
    assert [tip.report_id for tip in tips.tips_for(actor)] == [number]
    assert Referral.objects.filter(report=number, agency=case.agency).exists()

    services.add_to_case(actor, case, referral_for(actor, number))
    worker.run_ready("one")
    assert not tips.tips_for(actor)


def test_a_report_added_to_a_case_tells_what_is_linked_to_it(world, ines):
    actor = world.actor("ines")
    alone = referred(world, document=about("one", CALIFORNIA)).pk
    case = services.open_case(actor, referral_for(actor, alone), "Kite")
    linked = referred(world, document=about("two", CALIFORNIA, account="u-9")).pk
    number = referred(world, document=about("three", NOWHERE, account="u-9")).pk
    worker.run_ready("one")
    assert CaseTip.objects.count() == 0

    services.add_to_case(actor, case, referral_for(actor, linked))
    worker.run_ready("one")
    assert [(tip.report_id, tip.member_id) for tip in tips.tips_for(actor)] == [(number, linked)]


def test_the_desk_reads_of_it_on_the_report(world, client, case):
    number = come(world)
    client.force_login(world.people["ana"], backend="django.contrib.auth.backends.ModelBackend")
    said = text(client, f"/desk/reports/{number}/")
    assert "A new tip on an open case: California ICAC works" in said
    assert f"works report {member(case)} , which is linked" in said
    assert "works it in an open case" in text(client, f"/desk/reports/{member(case)}/")


def test_what_joins_the_case_is_no_tip_on_it_any_more(world, ines, case):
    number = come(world)
    actor = world.actor("ines")
    services.add_to_case(actor, case, referral_for(actor, number))
    assert "New tips" not in text(ines, f"/agency/cases/{case.pk}/")
    tips.tell(number)
    assert CaseTip.objects.count() == 0


def test_a_link_that_waits_for_a_person_tells_nobody_until_it_is_confirmed(world, case):
    other = referred(world, document=about("one", NOWHERE, account="u-8"), esp="quillnet")
    worker.run_ready("one")
    link = Link.objects.get(low=member(case), high=other)
    assert link.state == Link.State.PROPOSED
    assert tips.tell(other.pk) == 0
    assert not Referral.objects.filter(report=other, agency=case.agency).exists()

    judge(world.actor("ana"), link, "yes")
    worker.run_ready("one")
    assert [tip.report_id for tip in tips.tips_for(world.actor("ines"))] == [other.pk]
    assert Referral.objects.filter(report=other, agency=case.agency).exists()

    judge(world.actor("ana"), link, "no")
    worker.run_ready("one")
    assert not tips.tips_for(world.actor("ines"))


def test_a_closed_case_is_told_nothing(world, case):
    Case.objects.update(state=Case.State.CLOSED)
    come(world)
    assert CaseTip.objects.count() == 0


def test_either_end_of_a_link_tells_the_same(world, case):
    number = come(world)
    CaseTip.objects.all().delete()
    assert tips.tell(member(case)) == 1
    [tip] = CaseTip.objects.all()
    assert (tip.report_id, tip.member_id) == (number, member(case))
    assert tips.tell(number) == 0
