"""What two reports are linked by. Pure.

A link is automatic where policy takes a value for one person's (an account id of one sender, a
contact that both sides verified, each of a suspect); proposed where the scorer finds enough bits
for a person to look; otherwise there is none. What only a text mentions makes nothing automatic,
and adds no more than a cap to what fields assert.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tipline.ground.foundation.policy import Policy
from tipline.ground.foundation.reasons import Reason, Source, total
from tipline.insight.entities.rules_reported import Certain, Reported
from tipline.insight.entities.scoring.rules import Frequencies, Score, score
from tipline.insight.entities.scoring.rules_model import LinkModel, points
from tipline.record.reports.facts import IdentifierKind

#: Raised when links are made otherwise: every report is read again.
VERSION = "links-3"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whether two reports should be linked. ``automatic``: policy allows it without a person."""

    automatic: bool
    reasons: tuple[Reason, ...]

    @property
    def points(self) -> int:
        """The sum of the reasons, hundredths of a bit."""
        return total(self.reasons)


def propose(
    a: Reported,
    b: Reported,
    model: Policy[LinkModel],
    frequencies: Frequencies,
) -> Proposal | None:
    """What two subjects make of a pair, or None when they say too little."""
    certain, bits = a.certain & b.certain, _bits(a, b, model, frequencies)
    enough = certain or bits.points >= least(model, frequencies)
    return _proposal(certain, bits) if enough else None


def weighed(
    a: Reported, b: Reported, model: Policy[LinkModel], frequencies: Frequencies
) -> Proposal:
    """What speaks for and against, be it enough or not. The order of the two does not matter."""
    return _proposal(a.certain & b.certain, _bits(a, b, model, frequencies))


def _proposal(certain: frozenset[Certain], bits: _Bits) -> Proposal:
    return Proposal(bool(certain), (*_by_policy(certain, bits.told.model.stamp), *bits.reasons))


def least(model: Policy[LinkModel], frequencies: Frequencies) -> int:
    """Points from which a pair is proposed.

    They go by how many subjects were counted: the rarest value of a small store is worth few
    bits, and few are needed in it.
    """
    counted = frequencies.among
    return model.rules.needed(counted) if counted else model.rules.enough


def _by_policy(certain: frozenset[Certain], stamp: str) -> Iterator[Reason]:
    """Why nobody was asked; it adds nothing to the sum."""
    for kind in sorted({one.kind for one in certain}):
        code = "same_account" if kind == IdentifierKind.ESP_USER_ID else "verified_contact"
        yield Reason(f"link.{code}", {"kind": kind}, 0, Source.SYSTEM, stamp)


class _Bits(NamedTuple):
    """The scorer's word. What texts mention may add to what fields assert, never take away.

    ``told`` and ``whole``: by what fields assert, and with what texts mention.
    """

    told: Score
    whole: Score

    @property
    def points(self) -> int:
        if self.whole is self.told:
            return self.told.points
        return self.told.points + min(max(self._more, 0), self._most)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        if self._more <= 0:
            return self.told.reasons
        if self._more <= self._most:
            return self.whole.reasons
        model, over = self.told.model, self._most - self._more
        params = {"bits": model.rules.mentioned_cap}
        cap = Reason("bits.mentioned", params, over, Source.SYSTEM, model.stamp)
        return (*self.whole.reasons, cap)

    @property
    def _more(self) -> int:
        return self.whole.points - self.told.points

    @property
    def _most(self) -> int:
        return points(self.told.model.rules.mentioned_cap)


def _bits(a: Reported, b: Reported, model: Policy[LinkModel], frequencies: Frequencies) -> _Bits:
    told = score(a.told, b.told, model, frequencies)
    plain = a.whole is a.told and b.whole is b.told
    return _Bits(told, told if plain else score(a.whole, b.whole, model, frequencies))


def proposals(
    own: Reported,
    others: Mapping[int, Reported],
    near: Collection[int],
    model: Policy[LinkModel],
    frequencies: Frequencies,
) -> Iterator[tuple[int, Proposal]]:
    """What is made of a report and those it is compared with, by the numbers of these.

    ``near``: those to which a certain value leads. Who shares one with the report and is not among
    them hangs together with it through these, and is asked about no more.
    """
    for number, other in sorted(others.items()):
        if number in near or not own.certain & other.certain:
            proposal = propose(own, other, model, frequencies)
            if proposal is not None:
                yield number, proposal
