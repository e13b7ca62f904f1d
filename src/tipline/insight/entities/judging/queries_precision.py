"""How often people found the machine right, over the judgements in force."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from tipline.ground.foundation.actor import Actor, Permission
from tipline.insight.entities.judging.rules import Verdict
from tipline.insight.entities.judging.rules_precision import Judged, Precision, precision
from tipline.insight.entities.models import Judgement

#: The figures are those of the newest judgements: a page must not grow with the years.
MOST = 5_000
_UNDONE = Judgement.objects.filter(undoes=OuterRef("pk"))
_STANDING = Judgement.objects.filter(undoes__isnull=True, seconds__isnull=True).exclude(
    Exists(_UNDONE)
)
_DIFFERS = (
    Judgement.objects.filter(seconds=OuterRef("pk"))
    .exclude(verdict=OuterRef("verdict"))
    .exclude(Exists(_UNDONE))
)
_NEWER = _STANDING.filter(link=OuterRef("link"), pk__gt=OuterRef("pk"))


def precision_of_judged(actor: Actor) -> Precision:
    """By level and by band of points. Of a pair the judgement in force counts, once; of two people
    who say different things neither does.
    """
    actor.require(Permission.FIGURES_READ)
    return precision(_judged())


def _judged() -> Iterator[Judged]:
    """With reasons and points as they stood when it was judged, whatever the pair is worth now."""
    rows = _STANDING.exclude(Exists(_NEWER)).exclude(Exists(_DIFFERS)).order_by("-pk")
    for verdict, points, reasons in rows.values_list("verdict", "points", "reasons")[:MOST]:
        yield Judged(Verdict(verdict), points, tuple(reasons))
