"""Asking for second looks, in the transaction that writes a label."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tipline.ground.foundation import clock
from tipline.insight.annotation import rules, vocabulary
from tipline.insight.annotation.looks.policy import look_policy
from tipline.insight.annotation.looks.rules import sampled
from tipline.insight.annotation.models import LabelEvent, Look
from tipline.insight.annotation.queries import events_on
from tipline.insight.lists.own import LABELS as LISTED


def ask(sha256: str, events: Sequence[LabelEvent]) -> None:
    """A look, if a label that was set now is drawn or waits for a list of ours.

    Call it while the content is held. One look is open at a time; a content is drawn once.
    """
    by_sample = _is_drawn(sha256, events)
    for_list = any(event.code in LISTED for event in events) and waits_for_list(sha256)
    open_look = Look.objects.filter(sha256=sha256, state__in=Look.OPEN).first()
    if open_look is None:
        if by_sample or for_list:
            make(sha256, drawn=by_sample, for_list=for_list)
    elif open_look.state == Look.State.WAITING:
        _now_for(open_look, by_sample=by_sample, for_list=waits_for_list(sha256))


def _is_drawn(sha256: str, events: Iterable[LabelEvent]) -> bool:
    own, policy = vocabulary.own().by_code, look_policy()
    groups = {own[e.code].group for e in events if e.present and e.code in own}
    if not sampled(sha256, groups, policy.version, policy.rules.percent):
        return False
    return not Look.objects.filter(sha256=sha256, drawn=True).exists()


def waits_for_list(sha256: str) -> bool:
    """Somebody, but too few, stand behind a label that feeds a list of ours."""
    said: dict[str, list[rules.Said]] = {}
    for event in events_on(sha256):
        if event.code in LISTED:
            said.setdefault(event.code, []).append((event.author, event.present))
    people = (len(rules.agreeing(events)) for events in said.values())
    return any(0 < number < rules.PEOPLE_NEEDED for number in people)


def make(sha256: str, *, drawn: bool = False, for_list: bool = False, audit: bool = False) -> Look:
    """Store a look that waits."""
    return Look.objects.create(
        sha256=sha256,
        drawn=drawn,
        for_list=for_list,
        audit=audit,
        policy=look_policy().stamp,
        asked_at=clock.now(),
    )


def _now_for(look: Look, *, by_sample: bool, for_list: bool) -> None:
    """More, or less, reason for a look that waits; without any it is dropped."""
    look.drawn, look.for_list = look.drawn or by_sample, for_list
    if not (look.drawn or look.for_list or look.audit):
        look.state = Look.State.DROPPED
    look.save(update_fields=["drawn", "for_list", "state"])
