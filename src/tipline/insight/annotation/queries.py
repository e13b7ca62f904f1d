"""Reads of labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Count, Max

from tipline.insight.annotation import rules
from tipline.insight.annotation.models import LabelEvent
from tipline.insight.annotation.vocabulary import KNOWN_MATERIAL, VIRAL
from tipline.insight.lists.own import on_own_list
from tipline.insight.matching.queries import known_digests
from tipline.record.evidence.models import EvidenceFile


def labels_of(digests: Iterable[str]) -> dict[str, frozenset[str]]:
    """The labels in force per digest; digests without any are absent."""
    state: dict[str, dict[str, bool]] = {}
    events = LabelEvent.objects.filter(sha256__in=list(digests)).order_by("pk")
    for sha256, code, present in events.values_list("sha256", "code", "present"):
        state.setdefault(sha256, {})[code] = present
    found = {
        sha256: frozenset(code for code, present in codes.items() if present)
        for sha256, codes in state.items()
    }
    return {sha256: codes for sha256, codes in found.items() if codes}


def reports_with(sha256: str) -> list[int]:
    """Numbers of the reports that have these bytes."""
    rows = EvidenceFile.objects.filter(sha256=sha256).order_by("report_id")
    return list(rows.values_list("report_id", flat=True).distinct())


def label_history(digests: Iterable[str]) -> list[LabelEvent]:
    """Every label set on or withdrawn from these digests, with its author, oldest first."""
    rows = LabelEvent.objects.select_related("author").filter(sha256__in=list(digests))
    return list(rows.order_by("pk"))


def known_material(files: Sequence[EvidenceFile]) -> frozenset[str]:
    """Digests that came in an earlier report, too, and that our analysts call known material."""
    labels = labels_of(file.sha256 for file in files)
    earlier = known_digests(files)
    return frozenset(d for d in earlier if KNOWN_MATERIAL in labels.get(d, ()))


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
    """Per label code when it was last set on any of these digests."""
    rows = LabelEvent.objects.filter(sha256__in=set(digests), present=True).order_by()
    return dict(rows.values_list("code").annotate(last=Max("at")))
