"""Reads of labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from tipline.insight.annotation import rules, vocabulary
from tipline.insight.annotation.models import LabelEvent
from tipline.insight.annotation.rules_standing import CHILD_EVENT, Event, Standing, standing
from tipline.insight.annotation.vocabulary import KNOWN_MATERIAL, VIRAL
from tipline.insight.lists.own import on_own_list
from tipline.insight.matching.queries import files_seen_earlier, known_digests
from tipline.record.evidence.models import EvidenceFile

_COLUMNS = ("pk", "code", "child", "present", "author_id", "act")


def labels_of(digests: Iterable[str]) -> dict[str, frozenset[str]]:
    """The labels in force per digest, of the content or of a child in it; without any: absent."""
    found = {sha256: said.labels for sha256, said in standings(digests).items()}
    return {sha256: codes for sha256, codes in found.items() if codes}


def standings(digests: Iterable[str]) -> dict[str, Standing]:
    """What holds per digest: of the content and of each child; without any event: absent."""
    return {sha256: standing(events) for sha256, events in events_by_digest(digests).items()}


def events_by_digest(digests: Iterable[str]) -> dict[str, list[Event]]:
    """Every event per digest, as plain values, oldest first; without any: absent."""
    found: dict[str, list[Event]] = {}
    rows = LabelEvent.objects.filter(sha256__in=set(digests)).order_by("pk")
    for sha256, *values in rows.values_list("sha256", *_COLUMNS):
        found.setdefault(sha256, []).append(Event(*values))
    return found


def position_at(sha256: str, instant: datetime) -> int:
    """The id of the newest event about these bytes at a moment; 0: there was none."""
    rows = LabelEvent.objects.filter(sha256=sha256, at__lte=instant)
    return rows.aggregate(last=Max("pk"))["last"] or 0


@dataclass(frozen=True, slots=True)
class Statement:
    """The newest word of one label, of the content or of a child (``child`` from 1).

    ``vocabulary``: under which it was said. ``in_force``: false when it was withdrawn, or with
    the child of which it was said.
    """

    code: str
    vocabulary: str
    child: int
    in_force: bool
    at: datetime


def statements_by(digests: Iterable[str]) -> dict[str, list[Statement]]:
    """Per digest the newest word of every label, by child; withdrawn ones too."""
    newest: dict[str, dict[tuple[int, str], LabelEvent]] = {}
    rows = LabelEvent.objects.filter(sha256__in=set(digests)).order_by("pk")
    for row in rows:
        newest.setdefault(row.sha256, {})[row.child, row.code] = row
    return {sha256: _statements(said) for sha256, said in newest.items()}


def _statements(said: Mapping[tuple[int, str], LabelEvent]) -> list[Statement]:
    gone = {child for (child, code), row in said.items() if code == CHILD_EVENT and not row.present}
    return [
        Statement(code, row.vocabulary, child, row.present and child not in gone, row.at)
        for (child, code), row in sorted(said.items())
        if code != CHILD_EVENT
    ]


def signs_on(digests: Iterable[str]) -> frozenset[str]:
    """What triage reads of these contents: the sign of each label, old and new alike."""
    own = vocabulary.own()
    return frozenset(own.sign(code) for codes in labels_of(digests).values() for code in codes)


def events_on(sha256: str) -> list[Event]:
    """Every event about these bytes, as plain values, oldest first."""
    return events_by_digest([sha256]).get(sha256, [])


def event_rows(keys: Iterable[int]) -> list[LabelEvent]:
    """These events with their authors, oldest first."""
    rows = LabelEvent.objects.select_related("author").filter(pk__in=list(keys))
    return list(rows.order_by("pk"))


def events_after(sha256: str, seen: int, author: int) -> list[LabelEvent]:
    """What others have said of these bytes since a form was made, oldest first."""
    rows = LabelEvent.objects.select_related("author").filter(sha256=sha256, pk__gt=seen)
    return list(rows.exclude(author=author).order_by("pk"))


def reports_with(sha256: str) -> list[int]:
    """Numbers of the reports that have these bytes."""
    rows = EvidenceFile.objects.filter(sha256=sha256).order_by("report_id")
    return list(rows.values_list("report_id", flat=True).distinct())


def label_history(digests: Iterable[str]) -> list[LabelEvent]:
    """Every label set on or withdrawn from these digests, with its author, oldest first."""
    rows = LabelEvent.objects.select_related("author").filter(sha256__in=list(digests))
    return list(rows.order_by("pk"))


def known_material(files: Sequence[EvidenceFile]) -> frozenset[str]:
    """Digests that came in an earlier report, too, and that our analysts call known material.

    For files of one report. Of several, the first with these bytes is not known by the second.
    """
    labels = labels_of(file.sha256 for file in files)
    earlier = known_digests(files)
    return frozenset(d for d in earlier if KNOWN_MATERIAL in labels.get(d, ()))


def known_material_files(files: Sequence[EvidenceFile]) -> frozenset[int]:
    """The same for files of any reports, by their keys: each by what came before it."""
    earlier = files_seen_earlier(files)
    found = [file for file in files if file.pk in earlier]
    labels = labels_of(file.sha256 for file in found)
    return frozenset(file.pk for file in found if KNOWN_MATERIAL in labels.get(file.sha256, ()))


def agreeing_on(digests: Iterable[str], code: str = VIRAL) -> dict[str, tuple[int, ...]]:
    """Per digest the ids of the people who stand behind this label; without any it is absent."""
    events: dict[str, list[rules.Said]] = {}
    rows = LabelEvent.objects.filter(sha256__in=set(digests), code=code).order_by("pk")
    for sha256, author, present in rows.values_list("sha256", "author_id", "present"):
        events.setdefault(sha256, []).append((author, present))
    found = {sha256: rules.agreeing(said) for sha256, said in events.items()}
    return {sha256: people for sha256, people in found.items() if people}


def viral_list(digests: Iterable[str]) -> frozenset[str]:
    """Those of these SHA-256 digests that are on our own viral list: three people agree."""
    return frozenset(on_own_list(VIRAL, set(digests)))


def said_by_enough(code: str) -> frozenset[str]:
    """All contents of which enough people say this for our own list of it."""
    rows = LabelEvent.objects.filter(code=code, present=True).order_by()
    people = rows.values_list("sha256").annotate(n=Count("author", distinct=True))
    perhaps = [sha256 for sha256, n in people if n >= rules.PEOPLE_NEEDED]
    agreed = agreeing_on(perhaps, code)
    return frozenset(d for d, who in agreed.items() if len(who) >= rules.PEOPLE_NEEDED)


def waiting_for(code: str, most: int) -> dict[str, tuple[int, ...]]:
    """Contents of which too few people say this for our own list, the newest first: who does."""
    rows = LabelEvent.objects.filter(code=code).order_by().values_list("sha256")
    newest = rows.annotate(last=Max("pk")).order_by("-last")[: most * 10]
    digests = [sha256 for sha256, _last in newest]
    agreed = agreeing_on(digests, code)
    few = [d for d in digests if 0 < len(agreed.get(d, ())) < rules.PEOPLE_NEEDED]
    return {digest: agreed[digest] for digest in few[:most]}


def statements_on(sha256: str, code: str) -> list[LabelEvent]:
    """Who set this label on these bytes or withdrew it, oldest first."""
    rows = LabelEvent.objects.select_related("author").filter(sha256=sha256, code=code)
    return list(rows.order_by("pk"))


def last_set(digests: Iterable[str]) -> dict[str, datetime]:
    """Per sign that triage reads when it was last set on any of these digests."""
    rows = LabelEvent.objects.filter(sha256__in=set(digests), present=True).order_by()
    own, found = vocabulary.own(), dict[str, datetime]()
    for code, last in rows.values_list("code").annotate(last=Max("at")):
        sign = own.sign(code)
        found[sign] = max(last, found.get(sign, last))
    return found
