"""The generative model of a population, once to draw from and once turned round.

A report is (day, case, sender) and then its signs, each by itself given case and sender.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from simulator.dice import Cut
from simulator.population import signs_files, signs_people, signs_report, signs_words
from simulator.population.cases import Case
from simulator.population.population import Flood, Population
from simulator.population.senders import Sender, of_case, of_flood
from simulator.population.signs import Given, Sign

Values = Mapping[str, str]
REPORT_SIGNS: tuple[Sign, ...] = (
    *signs_report.SIGNS,
    *signs_people.SIGNS,
    *signs_words.SIGNS,
    signs_files.COUNT,
)
FILE_SIGNS = signs_files.SIGNS
CASES = tuple(Case)
#: Files whose signs are sent, by the value of the sign that counts them.
FILES = {"0": 0, "hash": 0, "1": 1, "2": 2, "4": 4}


@dataclass(frozen=True, slots=True)
class Sent:
    """What a report sends, as values of signs. Nothing of the case but what they give away.

    ``day``: of the period, from 0. ``files``: the values of each file.
    """

    number: int
    day: int
    sender: Sender
    values: Values
    files: tuple[Values, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The truth and what is sent of it."""

    case: Case
    sent: Sent


class Model:
    """Draws reports of a population, and says how likely each case is behind what was sent."""

    def __init__(self, population: Population) -> None:
        self.population = population
        self._cuts: dict[tuple[str, Case, str], Cut[str]] = {}
        self._logs: dict[tuple[str, str], dict[str, list[float]]] = {}
        self._days: dict[int, dict[tuple[Case, Sender], float]] = {}

    # -- drawing -----------------------------------------------------------------------

    def draw(self, number: int, day: int, pick: Random) -> Drawn:
        """The ``number``-th report, which comes on this day."""
        case, sender = self._origin(day, pick)
        values = self._values(REPORT_SIGNS, case, sender, pick)
        files = tuple(
            self._values(FILE_SIGNS, case, sender, pick) for _ in range(FILES[values["files"]])
        )
        return Drawn(case, Sent(number, day, sender, values, files))

    def _origin(self, day: int, pick: Random) -> tuple[Case, Sender]:
        parts = self.population.parts(day)
        part = Cut([(place, weight) for place, (weight, _) in enumerate(parts)])
        cause = parts[part.at(pick.random())][1]
        if isinstance(cause, Flood):
            return Case[cause.case.upper()], of_flood(self.population, cause)
        usual = Cut([(case, self.population.share(case, day)) for case in Case])
        case = usual.at(pick.random()) if cause is None else Case.VIRAL
        return case, of_case(self.population, case).at(pick.random())

    def _values(
        self, signs: tuple[Sign, ...], case: Case, sender: Sender, pick: Random
    ) -> dict[str, str]:
        values: dict[str, str] = {}
        for sign in signs:
            if sign.is_sent(values):
                values[sign.name] = self._cut(sign, case, sender).at(pick.random())
        return values

    def _cut(self, sign: Sign, case: Case, sender: Sender) -> Cut[str]:
        key = (sign.name, case, sender.name)
        if key not in self._cuts:
            self._cuts[key] = Cut(list(self.shares(sign, case, sender).items()))
        return self._cuts[key]

    # -- turned round ------------------------------------------------------------------

    def shares(self, sign: Sign, case: Case, sender: Sender) -> dict[str, float]:
        """How likely each value of a sign is; they sum to 1."""
        raw = sign.shares(Given(case, sender, self.population))
        total = sum(raw.values())
        return {value: share / total for value, share in raw.items()}

    def prior(self, day: int) -> dict[tuple[Case, Sender], float]:
        """How likely each case and sender is on a day, before anything is read. Sums to 1."""
        if day not in self._days:
            self._days[day] = self._prior(day)
        return self._days[day]

    def _prior(self, day: int) -> dict[tuple[Case, Sender], float]:
        parts = self.population.parts(day)
        whole = sum(weight for weight, _ in parts)
        found: dict[tuple[Case, Sender], float] = {}
        for weight, cause in parts:
            if isinstance(cause, Flood):
                key = (Case[cause.case.upper()], of_flood(self.population, cause))
                found[key] = found.get(key, 0.0) + weight / whole
                continue
            for case in Case:
                share = self.population.share(case, day) if cause is None else case is Case.VIRAL
                for sender, part in self._sent_by(case):
                    key = (case, sender)
                    found[key] = found.get(key, 0.0) + weight / whole * share * part
        return found

    def _sent_by(self, case: Case) -> list[tuple[Sender, float]]:
        cut = of_case(self.population, case)
        ends = [*(cut.start(number) for number in range(len(cut.options))), 1.0]
        return [(one, ends[i + 1] - ends[i]) for i, one in enumerate(cut.options)]

    def posterior(self, sent: Sent) -> dict[Case, float]:
        """How likely each case is, given all that was sent. Exact; sums to 1."""
        prior = self.prior(sent.day)
        logs = [_log(prior.get((case, sent.sender), 0.0)) for case in CASES]
        for row in self._evidence(sent):
            logs = [one + other for one, other in zip(logs, row, strict=True)]
        most = max(logs)
        weights = [math.exp(value - most) for value in logs]
        total = sum(weights)
        return {case: weight / total for case, weight in zip(CASES, weights, strict=True)}

    def danger(self, sent: Sent) -> float:
        """How likely it is that a child is in danger, given all that was sent."""
        found = self.posterior(sent)
        return sum(share for case, share in found.items() if case.endangered)

    def _evidence(self, sent: Sent) -> Iterator[list[float]]:
        """For each value that was sent, the logarithm of its share in each case."""
        for signs, values in (
            (REPORT_SIGNS, sent.values),
            *((FILE_SIGNS, one) for one in sent.files),
        ):
            for sign in signs:
                if sign.name in values:
                    yield self._rows(sign, sent.sender)[values[sign.name]]

    def _rows(self, sign: Sign, sender: Sender) -> dict[str, list[float]]:
        key = (sign.name, sender.name)
        if key not in self._logs:
            shares = [self.shares(sign, case, sender) for case in CASES]
            values = dict.fromkeys(value for one in shares for value in one)
            self._logs[key] = {
                value: [_log(one.get(value, 0.0)) for one in shares] for value in values
            }
        return self._logs[key]


def _log(likely: float) -> float:
    return math.log(likely) if likely > 0 else -math.inf
