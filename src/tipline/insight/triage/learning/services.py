"""Learning a proposal from what people found; keeping it as a version, for two people to judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.triage.learning import queries
from tipline.insight.triage.learning.rules import LEARNED, Case, Enough, enough
from tipline.insight.triage.learning.rules_calibration import judge
from tipline.insight.triage.learning.rules_fit import PRIOR, SCALE, Minimise, data_of, fit, whole
from tipline.insight.triage.learning.solver import minimise_with_scipy
from tipline.insight.triage.models import PolicyVersion
from tipline.insight.triage.policy import TriagePolicy
from tipline.insight.triage.publication import services as publication
from tipline.insight.triage.publication.queries import in_force, text_in_force
from tipline.insight.triage.rules_text import with_danger

_REMARK = "Points for danger learned on"
NO_BETTER = "The learned points foretell no better than those in force. Nothing is proposed."
NO_CHANGE = "The answers speak for the points in force. Nothing is proposed."


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learned. ``text``: the proposed file; empty when ``sentence`` says why not.

    ``learned`` is the record that goes with the version: answers, sampling, loss, calibration.
    """

    policy: TriagePolicy
    enough: Enough
    sentence: str
    text: str = ""
    changes: tuple[dict[str, Any], ...] = ()
    learned: Mapping[str, Any] = field(default_factory=dict)


def learn(actor: Actor) -> Lesson:
    """Learn from all answers so far. Nothing is written.

    Raises Unavailable where the library is not installed, with what to install.
    """
    actor.require(Permission.POLICY_PROPOSE)
    minimise = minimise_with_scipy()
    policy = in_force()
    some = queries.cases(queries.found_by_people(), policy)
    count = enough(some)
    if count.sentence:
        return Lesson(policy, count, count.sentence)
    return _lesson(policy, some, count, minimise)


def _lesson(
    policy: TriagePolicy, some: Sequence[Case], count: Enough, minimise: Minimise
) -> Lesson:
    present = policy.rules.danger.points
    points = whole(fit(data_of(some, present), present, minimise).points, present)
    changes = tuple(_changes(some, points, present))
    learned = {
        "answers": count.answers,
        "positives": count.positives,
        "negatives": count.negatives,
        "sampling": _sampling(some),
        "prior_points": PRIOR,
        "log_odds_per_point": SCALE,
        **judge(some, present, minimise),
    }
    sentence = _why_not(changes, learned["loss"])
    text = "" if sentence else _file(policy, points, count)
    return Lesson(policy, count, sentence, text, changes, learned)


def _why_not(changes: Sequence[Any], loss: Mapping[str, float]) -> str:
    if not changes:
        return NO_CHANGE
    return NO_BETTER if loss["proposed"] >= loss["present"] else ""


def _changes(
    some: Sequence[Case], points: Mapping[str, int], present: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    """The points that move, each with the answers that show its sign."""
    for sign in LEARNED:
        if points[sign] != present[sign]:
            shown = [case.found for case in some if sign in case.signs]
            yield {
                "sign": sign,
                "before": present[sign],
                "after": points[sign],
                "answers": len(shown),
                "found": sum(shown),
            }


def _sampling(some: Sequence[Case]) -> dict[str, Any]:
    """How the answered reports were chosen: by chance, or because somebody sent them on."""
    drawn = [case for case in some if case.drawn]
    return {
        "drawn": len(drawn),
        "chosen_by_people": len(some) - len(drawn),
        "largest_weight": max((case.weight for case in some), default=1.0),
        "answered_of_ranked": queries.by_band(case.number for case in some),
    }


def _file(policy: TriagePolicy, points: Mapping[str, int], count: Enough) -> str:
    """The file in force with the learned points, under a version that is free."""
    today = clock.now().date()
    remark = f"{_REMARK} {today:%Y-%m-%d} from {count.answers} answers, on {policy.stamp}."
    before = [line for line in text_in_force().splitlines() if not line.startswith(f"# {_REMARK}")]
    text = "\n".join(before) + "\n"
    for version in _versions(today):
        made, _rules = with_danger(text, version, points, remark=remark)
        known = PolicyVersion.objects.filter(name=policy.name, version=version).first()
        if known is None or known.content == made:
            return made
    raise AssertionError("there is always one more number")


def _versions(today: date) -> Iterator[str]:
    number = 1
    while True:
        yield f"{today:%Y.%m.%d}-l{number}"
        number += 1


def propose(actor: Actor, lesson: Lesson, note: str) -> PolicyVersion:
    """Keep what was learned as a version, with the record of how. It changes nothing else."""
    with write_tx():
        row: PolicyVersion = publication.propose(actor, lesson.text.encode(), note)
        if "learned" not in row.trial:
            row.trial = {**row.trial, "learned": dict(lesson.learned)}
            row.save(update_fields=["trial"])
    return row
