"""The stream and its analysts inside a store: run as a process of its own, with its environment.

``python -m benchmarks.annotating.inside FILES SEED VIEWED`` prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from benchmarks.annotating.counting import Came, Shown, counted
from simulator.dice import dice
from simulator.media.stream import FileStream, Passed

if TYPE_CHECKING:
    from tipline.ground.foundation.actor import Actor
    from tipline.insight.review.models import Content

#: What a look finds, by drawing: apparent abuse, exploitative, widely spread, nothing pertinent.
TRUTH = ("apparent_csam", "apparent_csam", "exploitative", "viral", "harmless")
PEOPLE = ("ana", "sofia", "silas")
#: Files that come in between two turns at the queue.
ROUND = 50
#: Of a hundred second answers so many are wrong, so that there is something to settle.
WRONG = 4
_TYPE = "Child Pornography (possession, manufacture, and distribution)"


class Stream:
    """What comes, what each content shows, and who was shown it."""

    def __init__(self, files: int, seed: int, viewed: float) -> None:
        self.stream = FileStream(seed, files)
        self.seed, self.viewed = seed, viewed
        self.drawing: dict[str, int] = {}
        self.came: list[Came] = []
        self.looks: list[Shown] = []
        self.settled = 0

    def truth(self, sha256: str) -> str:
        return TRUTH[self.drawing[sha256] % len(TRUTH)]

    def shown(self, actor: Actor, sha256: str, *, again: bool, drawn: bool = False) -> None:
        self.looks.append(Shown(sha256, actor.person_key, again, drawn))


def run(files: int, seed: int, viewed: float) -> dict[str, Any]:
    """Round after round: files in, the queue worked empty, second looks answered and settled."""
    from tipline.doors.terminal import demo_accounts  # noqa: PLC0415 - needs the settings
    from tipline.ground.accounts.models import Person  # noqa: PLC0415
    from tipline.ground.accounts.queries import actor_for  # noqa: PLC0415
    from tipline.insight.review.models import WAITING, Content  # noqa: PLC0415

    profile = demo_accounts.demo_profile()
    demo_accounts.make_accounts(profile)
    people = [actor_for(Person.objects.get(username=name)) for name in PEOPLE]
    kept, began = Stream(files, seed, viewed), time.monotonic()
    sender = _sender(profile)
    for passed in kept.stream:
        _arrive(kept, passed, sender)
        if len(kept.came) % ROUND == 0 or len(kept.came) == files:
            _work(kept, people)
            print(f"{len(kept.came)} of {files}", file=sys.stderr, flush=True)
    opened = {one.sha256 for one in kept.came if one.open}
    return {
        **counted(kept.came, kept.looks),
        "settled": kept.settled,
        "waiting": Content.objects.filter(WAITING, open=True).count(),
        "closed_waiting": Content.objects.filter(WAITING, open=False).count(),
        "closed_shown": sum(one.sha256 not in opened for one in kept.looks),
        "seconds": round(time.monotonic() - began, 1),
    }


def _sender(profile: Any) -> str:
    """A provider whose flag "viewed" means this upload, seen by a person, before reporting."""
    from simulator.world.esps import fictional_esps  # noqa: PLC0415 - needs the settings

    senders = fictional_esps(profile)
    return next(esp.name for esp in senders if _means_this_upload(esp))


def _means_this_upload(esp: Any) -> bool:
    return bool(esp.stated()["viewed_means"] == "this_upload_by_person_before_reporting")


def _arrive(kept: Stream, passed: Passed, sender: str) -> None:
    """The file in a report of its own, through every stage."""
    from tipline.pipeline.loading.services import Packed, PackedFile, file_pack  # noqa: PLC0415
    from tipline.record.evidence.access import decisions_for_house  # noqa: PLC0415
    from tipline.record.evidence.models import EvidenceFile  # noqa: PLC0415

    kind = "image/webp" if passed.edit == "other_format" else "image/jpeg"
    seen = dice(kept.seed, "viewed", passed.number).random() < kept.viewed
    details = {"fileViewedByEsp": True} if seen else {}
    sent = PackedFile(kept.stream.content(passed), f"{passed.number}.jpg", kind, details)
    document = {
        "incidentSummary": {"incidentType": _TYPE, "incidentDateTime": "2026-01-01T00:00:00Z"},
        "reporter": {"reportingPerson": {"firstName": "Synthetic"}},
    }
    file_pack([Packed(sender, document, [sent])])
    rows = EvidenceFile.objects.select_related("report__key", "report__profile")
    file = rows.order_by("-pk")[0]
    kept.drawing[file.sha256] = passed.drawing
    kept.came.append(Came(file.sha256, decisions_for_house([file])[file.pk].open))


def _work(kept: Stream, people: Sequence[Actor]) -> None:
    """The queue worked empty by turns; then what follows from it; then the second looks."""
    from tipline.ground.foundation.worker import run_ready  # noqa: PLC0415 - needs the settings
    from tipline.insight.review import services  # noqa: PLC0415

    resting = 0
    while resting < len(people):
        resting = 0
        for person in people:
            row = services.take(person)
            if row is None:
                resting += 1
            else:
                _judge(kept, person, row)
    run_ready("bench")
    _look_again(kept, people)
    run_ready("bench")


def _judge(kept: Stream, person: Actor, row: Content) -> None:
    """A small grey look, counted; what it shows, and the age of a child where there is one."""
    from tipline.insight.care.services import looked  # noqa: PLC0415 - needs the settings
    from tipline.insight.review import services  # noqa: PLC0415
    from tipline.insight.review.rules import Said  # noqa: PLC0415
    from tipline.record.evidence.rules_passes import Kind  # noqa: PLC0415

    looked(person, row.file, Kind.PREVIEW, "bench")
    kept.shown(person, row.sha256, again=False)
    label = kept.truth(row.sha256)
    children = {1: frozenset({"age_7_11"})} if label == "apparent_csam" else {}
    services.judge(person, row, Said(frozenset({label}), children), 0)


def _look_again(kept: Stream, people: Sequence[Actor]) -> None:
    """Second looks, blind, until nobody is offered one; what differs is settled."""
    from tipline.insight.annotation.looks import queries, services  # noqa: PLC0415
    from tipline.insight.annotation.looks.rules import Answer  # noqa: PLC0415

    resting = 0
    while resting < len(people):
        resting = 0
        for person in people:
            look = services.take(person)
            if look is None:
                resting += 1
                continue
            kept.shown(person, look.sha256, again=True, drawn=look.drawn)
            services.answer(person, look.pk, _answer(kept, look.sha256))
    for senior in people:
        for disputed in queries.disputed(senior):
            right = Answer(frozenset({kept.truth(disputed.sha256)}))
            services.settle(senior, disputed.pk, right, "As the drawing shows.")
            kept.settled += 1


def _answer(kept: Stream, sha256: str) -> Any:
    """What the second person says: mostly the truth."""
    from tipline.insight.annotation.looks.rules import Answer  # noqa: PLC0415

    label = kept.truth(sha256)
    if dice(kept.seed, "answer", sha256, len(kept.looks)).randrange(100) < WRONG:
        return Answer(frozenset({"generated"}))
    ages = (frozenset({"age_7_11"}),) if label == "apparent_csam" else ()
    return Answer(frozenset({label}), ages)


def main(words: Sequence[str]) -> None:
    from tipline.doors.terminal.starting import load, migrate  # noqa: PLC0415 - first thing to load

    load()
    migrate()
    files, seed, viewed = words
    print(json.dumps(run(int(files), int(seed), float(viewed))))


if __name__ == "__main__":
    main(sys.argv[1:])
