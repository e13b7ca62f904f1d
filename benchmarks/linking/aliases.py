"""``bench aliases``: what levels of names and mailboxes tell, on people made up apart from them."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Final

from benchmarks.result import Result, machine
from simulator.world.aliases import Alias, aliases
from tipline.ground.foundation.rules_share import wilson
from tipline.insight.entities.forms.rules_account import displayed
from tipline.insight.entities.forms.rules_email import email
from tipline.insight.entities.scoring.rules import Frequencies, score
from tipline.insight.entities.scoring.rules_levels import ELSE, LADDERS, hits
from tipline.insight.entities.scoring.rules_model import shipped
from tipline.insight.entities.scoring.rules_subject import Subject, handle, mail
from tipline.insight.entities.scoring.rules_terms import terms

COMPARED: Final = ("screen_name", "email", "alias")
#: People, and the number that the made-up set follows from.
PEOPLE, SEED = 700, 20261129
#: Subjects of the store that scores are held against; see ``LinkModel.needed``.
STORE: Final = 1_000_000


@dataclass(slots=True)
class Levels:
    """Pairs by comparison and level: ``same``: of one person, ``others``: of two."""

    same: dict[str, Counter[str]] = field(
        default_factory=lambda: {name: Counter() for name in COMPARED}
    )
    others: dict[str, Counter[str]] = field(
        default_factory=lambda: {name: Counter() for name in COMPARED}
    )


@dataclass(slots=True)
class Told:
    """``habits``: by habit, how many names were made so, and how many of them a level above the
    last recognises beside the first one. ``scored``: of every pair that any level recognises,
    whether it is one person's, its points by the set's own frequencies, and those by the model's
    alone. ``pairs``: of one person, in all.
    """

    accounts: int
    pairs: int
    levels: Levels
    habits: dict[str, tuple[int, int]]
    scored: list[tuple[bool, int, int]]


def subject(one: Alias) -> Subject:
    """As a report would give it: name and mailbox in normal form."""
    name, address = displayed(one.name).value, email(one.mail).value if one.mail else ""
    return Subject(
        handles=(handle(name, one.service),) if name else (),
        mails=(mail(address),) if address else (),
    )


def measure(people: int, seed: int) -> Told:
    """Every pair of accounts of so many people, compared and scored."""
    made = aliases(people, seed)
    subjects = [subject(one) for one in made]
    frequencies = counted(subjects)
    told = Told(len(made), 0, Levels(), _habits(made, subjects), [])
    for (a, left), (b, right) in combinations(zip(made, subjects, strict=True), 2):
        same = a.person == b.person
        told.pairs += same
        if _compared(left, right, told.levels.same if same else told.levels.others):
            here = score(left, right, shipped(), frequencies).points
            told.scored.append((same, here, score(left, right, shipped(), Frequencies()).points))
    return told


def counted(subjects: Sequence[Subject]) -> Frequencies:
    """How often each term is on a subject of the set, as a snapshot of a store would count it."""
    counts: Counter[tuple[str, str, str]] = Counter()
    known: Counter[tuple[str, str]] = Counter()
    for one in subjects:
        found = terms(one)
        counts.update(found)
        known.update({(comparison, form) for comparison, form, _term in found})
    return Frequencies(counts, known)


def _compared(left: Subject, right: Subject, into: Mapping[str, Counter[str]]) -> bool:
    """Whether any comparison recognises anything."""
    recognised = False
    for name, some in hits(left, right):
        if name in COMPARED:
            order = [level.name for level in LADDERS[name]]
            best = min((hit.level for hit in some), key=order.index)
            into[name][best] += 1
            recognised |= best != ELSE
    return recognised


def _habits(made: Sequence[Alias], subjects: Sequence[Subject]) -> dict[str, tuple[int, int]]:
    """Each other name beside its person's first one."""
    tried, found = Counter[str](), Counter[str]()
    first: dict[int, Subject] = {}
    for one, own in zip(made, subjects, strict=True):
        beside = first.setdefault(one.person, own)
        if beside is own or not own.handles:
            continue
        tried[one.habit] += 1
        found[one.habit] += ELSE not in {
            hit.level for hit in dict(hits(beside, own))["screen_name"]
        }
    return {habit: (tried[habit], found[habit]) for habit in sorted(tried)}


def run(words: Sequence[str]) -> Result:
    """Precision and recall of each level, of each habit, and of the scores."""
    parser = argparse.ArgumentParser("bench aliases", description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE, metavar="N")
    parser.add_argument("--seed", type=int, default=SEED, metavar="S")
    options = parser.parse_args(words)
    if options.people < 2:
        raise ValueError("--people: give two at least, there is nothing to compare otherwise")
    return result(measure(options.people, options.seed), options.people)


def result(told: Told, people: int) -> Result:
    rows = [*_level_rows(told), *_habit_rows(told), *_score_rows(told)]
    names = told.levels.same["screen_name"]
    exact = names["same_name"] + names["same_at_service"]
    recognised = sum(count for level, count in names.items() if level != ELSE)
    ratios = {"names recognised, to those that are the same as written": recognised / max(exact, 1)}
    return Result("aliases", rows, ratios, {}, _text(told, people, rows))


def _level_rows(told: Told) -> Iterator[dict[str, Any]]:
    """Of a level and all nearer ones: which share of its pairs is one person's, which share of one
    person's pairs it finds, and how many of a million pairs of two people it takes for one's.
    """
    for name in COMPARED:
        same, others = told.levels.same[name], told.levels.others[name]
        mine, theirs = sum(same.values()), sum(others.values())
        yes = no = 0
        for level in LADDERS[name][:-1]:
            yes, no = yes + same[level.name], no + others[level.name]
            yield {
                "comparison": name,
                "level": level.name,
                "same": same[level.name],
                "others": others[level.name],
                **_share("precision", same[level.name], same[level.name] + others[level.name]),
                **_share("found", yes, mine),
                "wrong_per_million": round(1e6 * no / theirs, 2) if theirs else None,
            }


def _habit_rows(told: Told) -> Iterator[dict[str, Any]]:
    for habit, (tried, found) in told.habits.items():
        yield {"habit": habit, "names": tried, **_share("recognised", found, tried)}


def _score_rows(told: Told) -> Iterator[dict[str, Any]]:
    """Of pairs that would be proposed: among as many subjects as there are here, by their
    frequencies; and among a million, of whom none were counted.
    """
    for place, among in enumerate((told.accounts, STORE), 1):
        least = shipped().rules.needed(among)
        proposed = [one[0] for one in told.scored if one[place] >= least]
        yes = sum(proposed)
        no = len(proposed) - yes
        yield {
            "proposed_among": among,
            "points": least,
            "proposals": yes + no,
            **_share("precision", yes, yes + no),
            **_share("found", yes, told.pairs),
        }


def _share(name: str, hits_: int, of: int) -> dict[str, Any]:
    """A share with its Wilson interval at 95 %; null where nothing was seen."""
    if not of:
        return {name: None, f"{name}_low": 0.0, f"{name}_high": 1.0}
    low, high = wilson(hits_, of)
    return {
        name: round(hits_ / of, 4),
        f"{name}_low": round(low, 4),
        f"{name}_high": round(high, 4),
    }


def _text(told: Told, people: int, rows: Sequence[Mapping[str, Any]]) -> str:
    lines = [
        f"{people:,} made-up people, {told.accounts:,} accounts; intervals at 95 %; {machine()}",
        f"pairs of one person: {told.pairs:,}",
        "",
        f"{'level':<32}{'one':>6}{'two':>8}{'precision':>25}{'found so far':>25}{'wrong/1e6':>11}",
    ]
    for row in rows:
        if "level" in row:
            wrong = row["wrong_per_million"]
            lines.append(
                f"{row['comparison']}.{row['level']:<{31 - len(row['comparison'])}}"
                f"{row['same']:>6}{row['others']:>8}{_said(row, 'precision'):>25}"
                f"{_said(row, 'found'):>25}{'' if wrong is None else wrong:>11}"
            )
    lines += ["", f"{'habit':<20}{'names':>7}{'recognised':>25}"]
    lines += [
        f"{row['habit']:<20}{row['names']:>7}{_said(row, 'recognised'):>25}"
        for row in rows
        if "habit" in row
    ]
    lines += [""]
    lines += [
        f"proposed among {row['proposed_among']:,} subjects ({row['points'] / 100:.1f} bits):"
        f" {row['proposals']:,}; right {_said(row, 'precision')}; found {_said(row, 'found')}"
        for row in rows
        if "points" in row
    ]
    return "\n".join(lines)


def _said(row: Mapping[str, Any], name: str) -> str:
    if row[name] is None:
        return "none seen"
    return f"{row[name]:.3f} ({row[f'{name}_low']:.3f} to {row[f'{name}_high']:.3f})"
