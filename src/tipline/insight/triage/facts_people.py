"""What a report says of its people, as triage sees it. Pure.

What nobody said is unknown, which is never no.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any

from tipline.ground.foundation.times import read_time
from tipline.record.reports import facts
from tipline.record.reports.facts import Party, Role

_ADULT = 18
#: Two ages this far apart are told of two people; a year may be a birthday or a guess.
_AGES_APART = 2
_NAMES = ("firstName", "middleName", "lastName")
_TOLD = (*_NAMES, "age", "approximateAge", "dateOfBirth")
_MOST_COMPARED = 100


def of_people(document: Mapping[str, Any], at: date) -> dict[str, Any]:
    """The features about people. ``at``: the day of the incident, or of the report."""
    parties = facts.parties(document)
    victims = [party for party in parties if party.role is Role.VICTIM]
    suspects = [party for party in parties if party.role is Role.SUSPECT]
    compromised = [
        p.element["compromisedAccount"] for p in suspects if "compromisedAccount" in p.element
    ]
    suspect_ages = _ages(suspects, at)
    return {
        "victim_present": True if victims else None,
        "victim_age": min(_ages(victims, at), default=None),
        "several_children": _several_children(victims, at),
        "recipients": any(party.role is Role.RECIPIENT for party in parties),
        "minor_suspect": min(suspect_ages) < _ADULT if suspect_ages else None,
        "compromised_account": any(compromised) if compromised else None,
        "prior_reports": any(party.element.get("priorCTReports") for party in suspects),
        "person_named": any(
            party.person.get(name)
            for party in suspects
            for name in ("firstName", "lastName", "dateOfBirth")
        ),
        "with_police": _with_police(document),
    }


def _with_police(document: Mapping[str, Any]) -> bool | None:
    """Whether police know: said by a flag, or by naming them; "not reported" is a no."""
    block = document.get("lawEnforcement")
    if not isinstance(block, Mapping):
        return None
    served = block.get("servedLegalProcessInternational")
    flags = (
        block.get("reportedToLe"),
        block.get("servedLegalProcessDomestic"),
        served.get("value") if isinstance(served, Mapping) else served,
    )
    said = [flag for flag in flags if isinstance(flag, bool)]
    return any(said) if said else True


def _several_children(victims: Sequence[Party], at: date) -> bool | None:
    """True when two victims cannot be one child, None when that cannot be told.

    One child may stand in a report twice, with two accounts: other identifiers say nothing.
    """
    if not victims:
        return None
    children = [v for v in victims if (age := age_at(v.person, at)) is None or age < _ADULT]
    if len(children) < 2:
        return False
    told = {tuple(v.person.get(name) for name in _TOLD): v.person for v in children}
    # A hundred different descriptions are enough: more would only cost time, by their square.
    some = list(told.values())[:_MOST_COMPARED]
    differing = any(_differ(one, other, at) for one, other in combinations(some, 2))
    return True if differing else None


def _differ(one: Mapping[str, Any], other: Mapping[str, Any], at: date) -> bool:
    """Whether two descriptions contradict each other: in birth, in age or in name."""
    births = one.get("dateOfBirth"), other.get("dateOfBirth")
    if all(births):
        return births[0] != births[1]
    ages = age_at(one, at), age_at(other, at)
    if ages[0] is not None and ages[1] is not None and abs(ages[0] - ages[1]) >= _AGES_APART:
        return True
    return any(_other_name(one, other, name) for name in _NAMES)


def _other_name(one: Mapping[str, Any], other: Mapping[str, Any], name: str) -> bool:
    names = [str(person.get(name, "")).strip().casefold() for person in (one, other)]
    return all(names) and names[0] != names[1]


def _ages(people: Sequence[Party], at: date) -> list[int]:
    return [age for party in people if (age := age_at(party.person, at)) is not None]


def age_at(person: Mapping[str, Any], at: date) -> int | None:
    """Years, from the age as told or the date of birth; None when neither is usable."""
    told = person.get("age", person.get("approximateAge"))
    if isinstance(told, int):
        return told
    born = read_time(str(person.get("dateOfBirth", ""))).day
    if born is None or born > at:
        return None
    had_birthday = (at.month, at.day) >= (born.month, born.day)
    return at.year - born.year - (0 if had_birthday else 1)
