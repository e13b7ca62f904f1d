"""Fills the store of the browser tests; run as a process of its own on that TIPLINE_HOME.

``python -m tests.browser.world`` reads a deed a line and answers each with a line of JSON:
``["make"]`` makes the personas and the reports that the journeys tell of, ``["work"]`` does the
jobs that wait, ``["studio"]`` files what its journey labels, ``["links"]`` the
pairs of its own, ``["listed", NUMBER…]`` has the files
of these reports stand on our own viral list, ``["tired", USERNAME, NUMBER]`` has somebody look at
a file of this report until a break is due.
"""

from __future__ import annotations

import copy
import io
import json
import sys
import traceback
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image, ImageDraw

from tipline.doors.terminal.starting import load, migrate

SEEN = {"fileViewedByEsp": True, "originalFileName": "kite.png"}
UNSEEN = {"originalFileName": "boat.png"}
RITA = {"firstName": "Rita", "email": [{"value": "rita@public.example"}]}
CHAT = "A synthetic chat: nothing in it is real."


def picture(seed: int, size: int = 640) -> bytes:
    """A harmless picture in strong colours, so that grey and small can be told from it."""
    image = Image.new("RGB", (size, size), (seed * 37 % 256, seed * 91 % 256, 220))
    draw = ImageDraw.Draw(image)
    for step in range(9):
        x, y = (seed * 53 + step * 97) % size, (seed * 29 + step * 61) % size
        draw.ellipse((x, y, x + 160, y + 120), fill=(255, step * 28, seed * 11 % 256))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def at(hours_ago: int) -> str:
    """A time of the last days, as an ESP writes it."""
    instant = datetime.now(UTC) - timedelta(hours=hours_ago)
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def story(document: dict[str, Any], user: str, hours_ago: int) -> dict[str, Any]:
    """The personas' report, about another account and of these days."""
    told = copy.deepcopy(document)
    told["incidentSummary"]["incidentDateTime"] = at(hours_ago)
    reported = told["personOrUserReported"][0]
    reported["espIdentifier"] = user
    reported["screenName"] = user
    reported["personOrUserReportedPerson"]["email"][0]["value"] = f"{user}@example.org"
    reported["ipCaptureEvent"][0]["dateTime"] = at(hours_ago)
    return told


def urgent(document: dict[str, Any], user: str) -> dict[str, Any]:
    """What an ESP escalates: a child at risk now, in California."""
    told = story(document, user, 5)
    told["incidentSummary"]["incidentType"] = "Online Enticement of Children for Sexual Acts"
    told["incidentSummary"]["escalateToHighPriority"] = "Possible immediate risk to a child."
    told["incidentSummary"]["reportAnnotations"] = {"sextortion": True}
    told["internetDetails"] = [
        {"chatImIncident": {"chatClient": "Harborline Messenger", "content": CHAT}}
    ]
    return told


def alike(document: dict[str, Any], user: str, screen_name: str) -> dict[str, Any]:
    """One of two accounts that share a screen name only: a link that waits for a person."""
    told = story(document, user, 30)
    reported = told["personOrUserReported"][0]
    reported["screenName"] = screen_name
    reported["ipCaptureEvent"] = []
    return told


def by_public(document: dict[str, Any]) -> int:
    """A report of a member of the public who said who they are; its number."""
    from tipline.ground.foundation.actor import PUBLIC
    from tipline.record.intake import services as intake
    from tipline.record.intake.services import Arrival
    from tipline.record.reports.doors import Door

    told = {**story(document, "user-1009", 40), "reporter": {"reportingPerson": RITA}}
    return intake.submit_whole(PUBLIC, Arrival(Door.PUBLIC, b"told"), told).number


def make() -> dict[str, Any]:
    """Everybody and the reports of the journeys, by the names that the tests use."""
    from tests.personas import DOCUMENT, PASSWORD, SECRET, file_report, make_world

    world = make_world()
    shared = picture(7)

    def filed(document: dict[str, Any], *files: Any) -> int:
        return file_report(world, document=document, files=files).pk

    reports = {
        "earlier": filed(story(DOCUMENT, "user-1001", 60), (shared, SEEN)),
        "urgent": filed(urgent(DOCUMENT, "user-1002"), (picture(1), SEEN), (picture(2), UNSEEN)),
        "calling": filed(urgent(DOCUMENT, "user-1003"), (shared, SEEN), (picture(3), SEEN)),
        "alike": filed(alike(DOCUMENT, "user-1004", "grey.heron"), (picture(4), SEEN)),
        "twin": filed(alike(DOCUMENT, "user-1005", "grey.heron")),
        "plain": filed(alike(DOCUMENT, "user-1006", "white.stork"), (picture(5), SEEN)),
        "plain-twin": filed(alike(DOCUMENT, "user-1007", "white.stork")),
        "meme": filed(alike(DOCUMENT, "user-1009", "brown.owl"), (picture(8), SEEN)),
        "looked-at": filed(story(DOCUMENT, "user-1008", 20), (picture(6), SEEN)),
        "told": by_public(DOCUMENT),
    }
    return {"reports": reports, "password": PASSWORD, "secret": SECRET}


def work() -> dict[str, Any]:
    """All jobs that can be done now, and those that they ask for; later ones wait."""
    from tipline.ground.foundation import clock, jobs
    from tipline.ground.foundation.worker import run_ready

    run_ready("browser-tests")
    return {"waiting": len(jobs.ready_lanes(clock.now())), "dead": jobs.dead()}


def tired(username: str, number: str) -> dict[str, Any]:
    """This person has looked at a file so often that a break is due."""
    from tipline.ground.accounts.queries import actor_for, person_called
    from tipline.insight.care.queries import policy
    from tipline.insight.care.services import looked
    from tipline.record.evidence.queries import files_of
    from tipline.record.evidence.rules_passes import Kind

    person, [file, *_others] = person_called(username), files_of(int(number))
    assert person is not None
    for _ in range(policy().breaks.after_looks):
        looked(actor_for(person), file, Kind.PREVIEW, "to compare")
    return {}


def listed(*numbers: str) -> dict[str, Any]:
    """As matching will say it: every file of these is on the list that three people keep."""
    from tipline.insight.triage.models import Assessment

    for row in Assessment.objects.filter(report_id__in=map(int, numbers)):
        row.facts = {**row.facts, "all_files_on_viral_list": True, "novel_viewed": False}
        row.save(update_fields=["facts"])
    return {}


def _harborline() -> Any:
    """What ``file_report`` needs of a world that was made by another deed."""
    from types import SimpleNamespace

    from tipline.ground.accounts.models import EspCredential
    from tipline.ground.accounts.queries import actor_for_credential

    credential = EspCredential.objects.select_related("organisation").get(username="harborline")
    return SimpleNamespace(
        machine=lambda _esp: actor_for_credential(credential),
        credentials={"harborline": credential},
    )


def one_more_urgent() -> dict[str, Any]:
    """An urgent report that comes while somebody works, and what a worker makes of it."""
    from tests.personas import DOCUMENT, file_report

    world = _harborline()
    number = file_report(world, document=urgent(DOCUMENT, "user-1100")).pk
    work()
    return {"number": number}


#: Files of the studio's journey, and how many stand in one report.
TO_LABEL, IN_ONE = 32, 8


def studio() -> dict[str, Any]:
    """Reports with many files that nobody knows, urgent ones, and what a worker makes of them."""
    from tests.personas import DOCUMENT, file_report

    world = _harborline()
    for first in range(0, TO_LABEL, IN_ONE):
        files = [(picture(100 + first + n, size=400), SEEN) for n in range(IN_ONE)]
        file_report(world, document=urgent(DOCUMENT, f"user-12{first:02}"), files=files)
    work()
    return {}


#: Screen names of which each is that of two accounts, as they write it.
BIRDS = (
    "teal.wader", "snow.bunting", "rock.pipit", "sand.martin", "reed.warbler",
    "tree.sparrow", "barn.swallow", "marsh.harrier", "little.egret", "corn.crake", "jack.snipe",
)  # fmt: skip


def links() -> dict[str, Any]:
    """Pairs of accounts that may be one person, their proposals before all others."""
    from tests.personas import DOCUMENT, file_report

    from tipline.insight.entities.models import Link
    from tipline.insight.entities.proposals.services import set_effects

    world, pairs = _harborline(), []
    for n, bird in enumerate(BIRDS):
        told = [
            alike(DOCUMENT, f"user-13{n:02}{end}", written)
            for end, written in (("a", bird), ("b", f"xX_{bird}_Xx"))
        ]
        for document in told:  # both moved house and kept their number
            person = document["personOrUserReported"][0]["personOrUserReportedPerson"]
            person["phone"] = [{"value": f"+1 415 555 01{n:02}"}]
        pairs.append([file_report(world, document=document).pk for document in told])
    work()
    made = [Link.objects.get(low=low, high=high) for low, high in pairs]
    set_effects({link.pk: 9_000 - n for n, link in enumerate(made)})
    return {"links": [link.pk for link in made], "states": [link.state for link in made]}


DEEDS = {
    "make": make,
    "work": work,
    "listed": listed,
    "urgent": one_more_urgent,
    "studio": studio,
    "links": links,
    "tired": tired,
}


def main() -> None:
    """Do what each line asks for, a JSON list of a deed and its words, and answer with a line."""
    load()
    migrate()
    for line in sys.stdin:
        deed, *words = json.loads(line)
        try:
            answer = DEEDS[deed](*words)
        except Exception:  # noqa: BLE001 - whoever asked is told, and may ask for something else
            answer = {"trouble": traceback.format_exc()}
        print(json.dumps(answer), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
