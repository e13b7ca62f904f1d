"""Asking for second looks, in the transaction that writes a link or a judgement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tipline.ground.foundation import clock
from tipline.insight.entities.judging.policy import judging_policy
from tipline.insight.entities.judging.rules import Verdict
from tipline.insight.entities.judging.rules_draw import Sample, drawn
from tipline.insight.entities.models import Judgement, Link, SecondLook

_SAMPLES = {Verdict.YES: Sample.CONFIRMED, Verdict.NO: Sample.REJECTED}


class Pair(NamedTuple):
    """What of a link decides whether it is drawn, and its key."""

    pk: int
    low_id: int
    high_id: int


def draw_automatic(links: Sequence[Link | Pair]) -> None:
    """A look at each of these links that the sample draws; one link is drawn once."""
    rows = [
        _look(link, SecondLook.Why.SAMPLE) for link in links if _is_drawn(link, Sample.AUTOMATIC)
    ]
    if rows:
        SecondLook.objects.bulk_create(rows, ignore_conflicts=True)


def ask(link: Link, judgement: Judgement) -> None:
    """A look at a judgement that needs one, or that the sample draws."""
    sample = _SAMPLES.get(Verdict(judgement.verdict))
    if judgement.needs_second:
        _look(link, SecondLook.Why.MERGE, judgement).save()
    elif sample is not None and _is_drawn(link, sample):
        _look(link, SecondLook.Why.SAMPLE, judgement).save()


def forget(links: Sequence[Link]) -> None:
    """Links that were never judged go, and with them the looks that nobody took."""
    SecondLook.objects.filter(link__in=[link.pk for link in links]).delete()


def _is_drawn(link: Link | Pair, sample: Sample) -> bool:
    policy = judging_policy()
    share = policy.rules.percent[sample]
    return drawn(link.low_id, link.high_id, sample, policy.version, share)


def _look(link: Link | Pair, why: SecondLook.Why, judgement: Judgement | None = None) -> SecondLook:
    return SecondLook(
        link_id=link.pk,
        judgement=judgement,
        why=why,
        policy=judging_policy().stamp,
        asked_at=clock.now(),
    )
