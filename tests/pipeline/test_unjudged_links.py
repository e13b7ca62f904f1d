"""A link that no policy made and no person confirmed moves nothing, wherever reports go."""

from __future__ import annotations

import pytest
from tests.entities.linked import link_of, machine_says
from tests.filing import document, suspect
from tests.personas import file_report

from tipline.delivery.cases.downloads import download_report
from tipline.delivery.routing.models import Referral
from tipline.delivery.routing.queries import referral_for
from tipline.insight.entities.judging import seconds, services
from tipline.insight.entities.models import Link, SecondLook
from tipline.insight.triage.models import Assessment, QueueEntry
from tipline.pipeline import stages

PROPOSED = ("proposed", ["email"])


@pytest.fixture
def three(world):
    """Three reports of people with nothing in common; the first two at California's desk."""
    numbers = []
    for name in ("one", "two", "three"):
        person = {
            "email": [{"value": f"{name}@example.org"}],
            "address": [{"city": "Fresno", "state": "CA", "country": "US"}],
        }
        about = suspect(
            personOrUserReportedPerson=person, espIdentifier=name, screenName=name,
            ipCaptureEvent=None,
        )  # fmt: skip
        report = file_report(
            world,
            esp="quillnet" if name == "two" else "harborline",
            document=document(personOrUserReported=about),
        )
        stages.run(report.pk)
        numbers.append(report.pk)
    assert not Link.objects.exists()
    return numbers


def outcome(world, numbers) -> list:
    """What triage, the queue, routing and a download make of the reports, worked out again."""
    for number in numbers:
        stages.run(number)
    found = []
    for number in numbers:
        result = Assessment.objects.filter(report=number).order_by("-pk").first().result
        ines = world.actor("ines")
        download = download_report(ines, referral_for(ines, number))
        found += [
            {key: result[key] for key in result if key != "at"},
            QueueEntry.objects.filter(report=number).values_list(
                "band_rank", "danger", "actionability", "disposition", "links", "lane"
            ).get(),
            list(Referral.objects.filter(report=number).values_list("agency", "disposition")),
            download["tipline"]["linkedReports"],
        ]  # fmt: skip
    return found


def proposed(world, a, b, c):
    machine_says(b, {a: PROPOSED})


def unsure(world, a, b, c):
    machine_says(b, {a: PROPOSED})
    services.judge(world.actor("ana"), link_of(a, b), "unsure")


def rejected(world, a, b, c):
    machine_says(b, {a: PROPOSED})
    services.judge(world.actor("ana"), link_of(a, b), "no")


def reopened(world, a, b, c):
    rejected(world, a, b, c)
    machine_says(b, {a: ("automatic", ["email", "device"])})


def taken_back(world, a, b, c):
    machine_says(b, {a: PROPOSED})
    row = services.judge(world.actor("ana"), link_of(a, b), "yes")
    services.undo(world.actor("ana"), row.pk)


def waiting(world, a, b, c):
    machine_says(b, {a: PROPOSED})
    row = services.judge(world.actor("ana"), link_of(a, b), "yes")
    assert row.needs_second


def differing(world, a, b, c):
    waiting(world, a, b, c)
    seconds.second(world.actor("sofia"), SecondLook.objects.get().pk, "no")


@pytest.mark.parametrize(
    ("made", "state"),
    [
        (proposed, "proposed"),
        (unsure, "unsure"),
        (rejected, "rejected"),
        (reopened, "proposed"),
        (taken_back, "proposed"),
        (waiting, "waiting"),
        (differing, "unsure"),
    ],
)
def test_it_moves_nothing(world, three, monkeypatch, made, state):
    if made in (waiting, differing):
        monkeypatch.setattr(services, "_large", lambda _reports: True)
    before = outcome(world, three)
    made(world, *three)
    assert link_of(*three[:2]).state == state
    assert outcome(world, three) == before


def test_confirmed_it_moves_all_of_them(world, three):
    """So that the test above looks where something would be seen."""
    before = outcome(world, three)
    machine_says(three[1], {three[0]: PROPOSED})
    services.judge(world.actor("ana"), link_of(*three[:2]), "yes")
    after = outcome(world, three)
    assert after[3] == [three[1]]
    assert after[1] != before[1]
    assert after[0] != before[0]
