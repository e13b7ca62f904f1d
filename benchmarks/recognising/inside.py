"""The stream inside a store: run as a process of its own, with the store's environment.

``python -m benchmarks.recognising.inside FILES SEED`` prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from benchmarks.recognising.counting import Arrival, counted
from simulator.media.stream import FileStream, Passed

if TYPE_CHECKING:
    from tipline.ground.foundation.actor import Actor
    from tipline.record.evidence.models import EvidenceFile

#: What a look finds, by drawing: apparent abuse, exploitative, widely spread, nothing pertinent.
TRUTH = ("apparent_csam", "apparent_csam", "exploitative", "viral", "harmless")
PEOPLE = ("ana", "sofia", "silas")
_TELL_EVERY = 100


def run(files: int, seed: int) -> dict[str, Any]:
    """File after file: in, recognised or not, and looked at when not."""
    from tipline.doors.terminal import demo_accounts  # noqa: PLC0415 - needs the settings
    from tipline.ground.accounts.models import Person  # noqa: PLC0415
    from tipline.ground.accounts.queries import actor_for  # noqa: PLC0415

    profile = demo_accounts.demo_profile()
    demo_accounts.make_accounts(profile)
    people = [actor_for(Person.objects.get(username=name)) for name in PEOPLE]
    stream, arrivals = FileStream(seed, files), []
    for passed in stream:
        arrivals.append(_arrival(stream, passed, people, profile))
        if len(arrivals) % _TELL_EVERY == 0:
            print(f"{len(arrivals)} of {files}", file=sys.stderr, flush=True)
    return {**counted(arrivals), "page": _figures_page()}


def _arrival(stream: FileStream, passed: Passed, people: Sequence[Actor], profile: Any) -> Arrival:
    from tipline.insight.annotation.queries import labels_of  # noqa: PLC0415 - needs the settings

    file = _file(stream, passed, profile)
    truth = TRUTH[passed.drawing % len(TRUTH)]
    labelled = labels_of([file.sha256]).get(file.sha256, frozenset())
    matched = _matched(file)
    if not matched:
        _look(file, truth, people)
    _ARRIVED[file.sha256] = passed.drawing
    return Arrival(
        edit=passed.edit,
        again=passed.again,
        first=passed.first,
        labels=sorted(labelled),
        truth=truth,
        layers=sorted({layer for layer, _drawing in matched}),
        mistaken=sum(drawing != passed.drawing for _layer, drawing in matched),
    )


#: Which drawing each content of the stream shows, by SHA-256.
_ARRIVED: dict[str, int] = {}


def _file(stream: FileStream, passed: Passed, profile: Any) -> EvidenceFile:
    """The file, after its report went through every stage."""
    from simulator.world.esps import fictional_esps  # noqa: PLC0415 - needs the settings
    from tipline.pipeline.loading.services import Packed, PackedFile, file_pack  # noqa: PLC0415
    from tipline.record.evidence.models import EvidenceFile  # noqa: PLC0415

    senders = fictional_esps(profile)
    data = stream.content(passed)
    kind = "image/webp" if passed.edit == "other_format" else "image/jpeg"
    sent = PackedFile(data, f"{passed.number}.jpg", kind, {})
    document = {
        "incidentSummary": {
            "incidentType": _TYPE,
            "incidentDateTime": "2026-01-01T00:00:00Z",
        },
        "reporter": {"reportingPerson": {"firstName": "Synthetic"}},
    }
    file_pack([Packed(senders[passed.number % len(senders)].name, document, [sent])])
    found = EvidenceFile.objects.order_by("-pk").first()
    if found is None:
        raise RuntimeError("the file of the stream did not arrive")
    return found


_TYPE = "Child Pornography (possession, manufacture, and distribution)"


def _matched(file: EvidenceFile) -> list[tuple[str, int | None]]:
    """(layer, drawing) of every entry of a list that the file matches."""
    from tipline.insight.lists.models import ListMatch  # noqa: PLC0415 - needs the settings

    rows = ListMatch.objects.filter(file=file, withdrawn_at__isnull=True)
    return [(layer, _ARRIVED.get(key)) for layer, key in rows.values_list("layer", "entry__key")]


def _look(file: EvidenceFile, label: str, people: Sequence[Actor]) -> None:
    """Three people say the same of it, and what follows from that is done."""
    from tipline.ground.foundation.worker import run_ready  # noqa: PLC0415 - needs the settings
    from tipline.insight.annotation.services import confirm_label, set_labels  # noqa: PLC0415

    first, *others = people
    set_labels(first, file, [label])
    for person in others:
        confirm_label(person, file, label)
    run_ready("bench")


def _figures_page() -> dict[str, int]:
    """What the figures' page says of the same stream."""
    from tipline.insight.lists.queries import (  # noqa: PLC0415 - needs the settings
        files_known_by_lists,
        looks_saved,
    )

    return {"known": files_known_by_lists(), "looks_saved": looks_saved()}


def main(words: Sequence[str]) -> None:
    from tipline.doors.terminal.starting import load, migrate  # noqa: PLC0415 - first thing to load

    load()
    migrate()
    files, seed = map(int, words)
    print(json.dumps(run(files, seed)))


if __name__ == "__main__":
    main(sys.argv[1:])
