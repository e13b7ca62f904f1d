"""Why a match holds and how far it goes, as reasons. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tipline.ground.foundation.reasons import Reason, Source
from tipline.insight.lists.rules_entries import DIGESTS, PDQ
from tipline.insight.lists.rules_match import Layer, may_be_known
from tipline.insight.lists.rules_policy import ListRules, Part
from tipline.insight.matching.hashes import FRAME, Orientation


@dataclass(frozen=True, slots=True)
class Told:
    """One match as plain values; ``right`` and ``who``: the newest verdict, if any."""

    layer: str
    type: str
    distance: int = 0
    orientation: str = ""
    probe: str = ""
    variant: str = ""
    share: int = 0
    yes: int = 0
    no: int = 0
    right: bool | None = None
    who: str = ""
    series: str = ""
    status: str = ""


def explain(told: Told, rules: ListRules) -> list[Reason]:
    """The match's reasons: how it was found first, then what it may say, then who said what."""
    return [*_found(told, rules), *_goes_so_far(told, rules), *_said(told)]


def _found(told: Told, rules: ListRules) -> Iterator[Reason]:
    kind = {"type": told.type.upper()}
    if told.layer == Layer.DIGEST:
        yield Reason("lists.same_bytes", kind)
        if told.type != DIGESTS[0]:
            yield Reason("match.weak_digest", {"digest": told.type.upper()})
    elif told.layer == Layer.DECLARED:
        yield Reason(*_declared(told, kind), source=Source.REPORTER)
    elif told.share:
        yield Reason("lists.film", {"share": told.share, "distance": told.distance})
    else:
        same = told.distance <= rules.same_within
        yield Reason("lists.same_picture" if same else "lists.similar", {"distance": told.distance})
    if told.orientation not in ("", Orientation.UPRIGHT):
        yield Reason(f"match.{told.orientation}", {"orientation": told.orientation})
    for cut in told.probe.split():
        yield Reason(f"match.{cut}")
    if told.variant == FRAME and not told.share:
        yield Reason("lists.frame")
    elif told.variant not in ("", FRAME):
        yield Reason("lists.variant", {"variant": told.variant})


def _declared(told: Told, kind: dict[str, str]) -> tuple[str, dict[str, object]]:
    if told.type == PDQ:
        return "lists.declared_near", {"distance": told.distance}
    code = "declared_digest" if told.type in DIGESTS else "declared_equal"
    return f"lists.{code}", dict(kind)


def _goes_so_far(told: Told, rules: ListRules) -> Iterator[Reason]:
    known = may_be_known(told.layer, rules)
    yield Reason("lists.known" if known else "lists.suggests")
    if rules.part is Part.SUPPRESSES:
        yield Reason("lists.harmless")


def _said(told: Told) -> Iterator[Reason]:
    if told.yes or told.no:
        yield Reason("lists.votes", {"yes": told.yes, "no": told.no})
    if told.right is not None:
        code = "lists.confirmed" if told.right else "lists.denied"
        yield Reason(code, {"who": told.who}, source=Source.ANALYST)
    if told.series:
        yield Reason("lists.series", {"series": told.series, "status": told.status})
