"""The ladders once more, in DuckDB's SQL, over lists of values: what Splink is given. Pure.

A level holds for two subjects when it holds for any of their values, as in :mod:`..scoring`.
``tests/entities/test_training.py`` holds both against each other where DuckDB is installed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tipline.insight.entities.scoring.rules_levels import ELSE, LADDERS

#: The columns of a subject and their types; a list that would be empty is null.
COLUMNS: Final[Mapping[str, str]] = {
    "accounts": "VARCHAR[]",
    "handles": (
        "STRUCT(name VARCHAR, scope VARCHAR, skeleton VARCHAR, stem VARCHAR, words VARCHAR[])[]"
    ),
    "numbers": "VARCHAR[]",
    "mails": "STRUCT(mailbox VARCHAR, mailuser VARCHAR, skeleton VARCHAR)[]",
    "aliases": "STRUCT(mails VARCHAR[], handles VARCHAR[])",
    "phones": "STRUCT(number VARCHAR, national VARCHAR)[]",
    "seen": "STRUCT(address VARCHAR, network VARCHAR, instant DOUBLE, port INTEGER)[]",
    "names": "VARCHAR[][]",
    "births": "VARCHAR[]",
    "devices": "VARCHAR[]",
    "addresses": "VARCHAR[]",
    "pages": "VARCHAR[]",
    "payments": "VARCHAR[]",
    "files": "VARCHAR[]",
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A comparison: the column that it takes, and a condition on two of its values per level but
    the last. ``absent``: when two rows cannot be compared although both have the column; the
    conditions are then on the columns themselves.
    """

    column: str
    levels: Mapping[str, str]
    absent: str = ""


ABSENT: Final = "absent"
_SAME: Final = {"same": "x = y"}
_SHORTER_NAME: Final = "least(length(x.skeleton), length(y.skeleton))"
_BOTH_ABROAD: Final = "starts_with(x.number, '+') and starts_with(y.number, '+')"
_APART: Final = (
    "x.instant is not null and y.instant is not null and x.address = y.address"
    " and abs(x.instant - y.instant)"
)
_NEAR_WORDS: Final = (
    "len(list_filter(list_zip(x, y), lambda z: not (z[1] = z[2] or (least(length(z[1]),"
    " length(z[2])) >= 4 and levenshtein(z[1], z[2]) <= 1)))) = 0"
)

RENDERED: Final[Mapping[str, Rendered]] = {
    "account": Rendered("accounts", _SAME),
    "screen_name": Rendered(
        "handles",
        {
            "same_at_service": "x.name = y.name and x.scope = y.scope",
            "same_name": "x.name = y.name",
            "same_skeleton": "x.skeleton <> '' and x.skeleton = y.skeleton",
            "same_stem": "x.stem <> '' and x.stem = y.stem",
            "same_words": (
                "(len(x.words) > 1 and x.words = y.words)"
                f" or ({_SHORTER_NAME} >= 7 and (contains(x.skeleton, y.skeleton)"
                " or contains(y.skeleton, x.skeleton)))"
            ),
            "near": (
                f"{_SHORTER_NAME} >= 6 and levenshtein(x.skeleton, y.skeleton)"
                f" <= case when {_SHORTER_NAME} >= 10 then 2 else 1 end"
            ),
        },
    ),
    "trailing_number": Rendered("numbers", _SAME),
    "email": Rendered(
        "mails",
        {
            "same_mailbox": "x.mailbox = y.mailbox",
            "same_user": "x.mailuser <> '' and x.mailuser = y.mailuser",
            "near_user": (
                "least(length(x.mailuser), length(y.mailuser)) >= 6"
                " and levenshtein(x.mailuser, y.mailuser) <= 1"
            ),
        },
    ),
    "alias": Rendered(
        "aliases",
        {"same_skeleton": "list_has_any(a.mails, b.handles) or list_has_any(b.mails, a.handles)"},
        absent=(
            "(len(a.mails) = 0 or len(b.handles) = 0) and (len(b.mails) = 0 or len(a.handles) = 0)"
        ),
    ),
    "phone": Rendered(
        "phones",
        {
            "same": "x.number = y.number",
            "same_national": (
                f"x.national <> '' and x.national = y.national and not ({_BOTH_ABROAD})"
            ),
            "one_digit": (
                "length(x.number) = length(y.number) and length(x.number) >= 8"
                " and levenshtein(x.number, y.number) = 1"
            ),
        },
    ),
    "ip": Rendered(
        "seen",
        {
            "same_port_minutes": f"{_APART} <= 300 and x.port = y.port",
            "same_hour": f"{_APART} <= 3600",
            "same_day": f"{_APART} <= 86400",
            "same_month": f"{_APART} <= 2592000",
            "same_network_week": (
                "x.instant is not null and y.instant is not null and x.address <> y.address"
                " and x.network = y.network and abs(x.instant - y.instant) <= 604800"
            ),
        },
    ),
    "name": Rendered(
        "names",
        {
            "same": "x = y",
            "near": f"len(x) = len(y) and len(x) > 1 and {_NEAR_WORDS}",
            "shared_word": "list_has_any(x, y)",
        },
    ),
    "date_of_birth": Rendered(
        "births",
        {
            "same": "x = y",
            "swapped": "x[1:4] = y[1:4] and x[6:7] = y[9:10] and x[9:10] = y[6:7]",
            "one_digit": "length(x) = length(y) and levenshtein(x, y) = 1",
            "same_year": "x[1:4] = y[1:4]",
        },
    ),
    "device": Rendered("devices", _SAME),
    "address": Rendered("addresses", _SAME),
    "page": Rendered("pages", _SAME),
    "payment": Rendered("payments", _SAME),
    "file": Rendered("files", _SAME),
}


def macros() -> Iterator[str]:
    """A statement per level that makes ``level_COMPARISON_LEVEL(a, b)``, true or false."""
    for comparison, rendered in RENDERED.items():
        for level, condition in rendered.levels.items():
            held = condition if rendered.absent else _of_any(condition)
            yield _macro(macro(comparison, level), held)
        absent = f"a is null or b is null or ({rendered.absent or 'false'})"
        yield _macro(macro(comparison, ABSENT), absent)


def _macro(name: str, condition: str) -> str:
    return f"create or replace macro {name}(a, b) as ({condition})"


def macro(comparison: str, level: str) -> str:
    return f"level_{comparison}_{level}"


def condition(comparison: str, level: str) -> str:
    """What Splink asks of two rows. :data:`ABSENT`: whether there is nothing to compare."""
    column = RENDERED[comparison].column
    return f"{macro(comparison, level)}({column}_l, {column}_r)"


def level_of(comparison: str) -> str:
    """The level that two rows ``l`` and ``r`` reach, null where either has no value."""
    column = RENDERED[comparison].column
    steps = " ".join(
        f"when {macro(comparison, level.name)}(l.{column}, r.{column}) then '{level.name}'"
        for level in LADDERS[comparison][:-1]
    )
    absent = f"{macro(comparison, ABSENT)}(l.{column}, r.{column})"
    return f"case when {absent} then null {steps} else '{ELSE}' end"


def _of_any(condition: str) -> str:
    inner = f"len(list_filter(b, lambda y: {condition})) > 0"
    return f"len(list_filter(a, lambda x: {inner})) > 0"
