"""The same model gives the same weights as Splink's, before any cap."""

from __future__ import annotations

import json
import math
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from tests.entities.golden.worth import worth_digest

from tipline.insight.entities.scoring.rules import Evidence, Frequencies, score
from tipline.insight.entities.scoring.rules_model import shipped
from tipline.insight.entities.scoring.rules_subject import Subject, handle, mail, phone

#: Made by ``golden/make_splink_golden.py``, which needs Splink and DuckDB.
GOLDEN = json.loads((Path(__file__).parent / "golden" / "splink.json").read_text())
COMPARED = ("screen_name", "email", "phone", "date_of_birth")


def subject(one: dict[str, Any]) -> Subject:
    return Subject(
        handles=(handle(one["name"], one["service"]),) if one["name"] else (),
        mails=(mail(one["mail"]),) if one["mail"] else (),
        phones=(phone(one["phone"]),) if one["phone"] else (),
        births=frozenset({one["birth"]} if one["birth"] else ()),
    )


def frequencies(subjects: list[Subject]) -> Frequencies:
    """Counted once over all records, as Splink counts them."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for one in subjects:
        for name in one.handles:
            for form in ("name", "skeleton", "stem"):
                counts["screen_name", form, getattr(name, form)] += 1
        for address in one.mails:
            counts["email", "mailbox", address.mailbox] += 1
            counts["email", "user", address.user] += 1
        for number in one.phones:
            counts["phone", "value", number.number] += 1
    told = {key: value for key, value in counts.items() if key[2]}
    known: Counter[tuple[str, str]] = Counter()
    for (comparison, form, _term), value in told.items():
        known[comparison, form] += value
    return Frequencies(told, known)


@pytest.fixture(scope="module")
def subjects() -> list[Subject]:
    return [subject(one) for one in GOLDEN["records"]]


def bits(evidence: tuple[Evidence, ...]) -> float:
    return sum(one.bits for one in evidence if one.comparison in COMPARED)


def test_the_golden_file_is_of_the_model_that_ships():
    assert GOLDEN["model"] == shipped().stamp
    assert GOLDEN["worth"] == worth_digest(shipped().rules), (
        "the model changed: run golden/make_splink_golden.py again"
    )


def test_every_weight_is_splinks_to_a_millionth(subjects):
    counted = frequencies(subjects)
    seen = set()
    for left, right, weight in GOLDEN["pairs"]:
        found = score(subjects[left], subjects[right], shipped(), counted)
        assert math.isclose(bits(found.evidence), weight, abs_tol=1e-6), (left, right)
        seen |= {(one.comparison, one.level) for one in found.evidence}
    wanted = {
        (name, level) for name in COMPARED for level in shipped().rules.comparisons[name].weights
    }
    assert wanted <= seen, f"no pair reaches {wanted - seen}"


def test_every_pair_that_splink_finds_is_found_and_no_other(subjects):
    counted = frequencies(subjects)
    theirs = {(left, right) for left, right, weight in GOLDEN["pairs"] if weight > 0}
    ours = {
        pair
        for pair in combinations(range(len(subjects)), 2)
        if bits(score(subjects[pair[0]], subjects[pair[1]], shipped(), counted).evidence) > 0
    }
    assert len(theirs) == GOLDEN["above_zero"]
    assert ours == theirs
