"""A subject as a row of the table that is learned from, and the keys by which rows meet. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from tipline.insight.entities.scoring.rules_levels import (
    MOST_VALUES,
    SHORTEST_ALIAS,
    compared,
    same,
)
from tipline.insight.entities.scoring.rules_subject import Subject
from tipline.insight.entities.scoring.rules_terms import terms

#: Each pass of EM takes pairs that share this key, and learns all comparisons but these.
PASSES: Final = {
    "by_name": ("screen_name", "trailing_number", "alias"),
    "by_mail": ("email", "alias"),
    "by_phone": ("phone",),
    "by_person": ("name", "date_of_birth"),
    "by_machine": ("device", "ip"),
}


def row(number: int, subject: Subject) -> dict[str, Any]:
    """Every column of :data:`.rules_sql.COLUMNS`, ``unique_id``, ``terms`` and each of PASSES."""
    handles, mails = subject.handles[:MOST_VALUES], subject.mails[:MOST_VALUES]
    values: dict[str, Any] = {
        "accounts": _terms_of("account", subject),
        "handles": [
            {
                "name": one.name,
                "scope": one.scope,
                "skeleton": one.skeleton,
                "stem": one.stem,
                "words": sorted(one.words),
            }
            for one in handles
        ],
        "numbers": list(compared("trailing_number", subject)),
        "mails": [
            {"mailbox": one.mailbox, "mailuser": one.user, "skeleton": one.skeleton}
            for one in mails
        ],
        "aliases": _aliases([one.skeleton for one in mails], [one.skeleton for one in handles]),
        "phones": [
            {"number": one.number, "national": one.national} for one in subject.phones[:MOST_VALUES]
        ],
        "seen": [
            {
                "address": one.address,
                "network": one.network,
                "instant": one.at.timestamp() if one.at else None,
                "port": one.port,
            }
            for one in subject.seen[:MOST_VALUES]
        ],
        "names": [name.split() for name in compared("name", subject)],
        "births": list(compared("date_of_birth", subject)),
        "devices": _terms_of("device", subject),
        "addresses": _terms_of("address", subject),
        "pages": _terms_of("page", subject),
        "payments": _terms_of("payment", subject),
        "files": _terms_of("file", subject),
    }
    keyed = {name: key or None for name, key in _keys(subject).items()}
    told = {name: value or None for name, value in values.items()}
    found = [" ".join(term) for term in sorted(terms(subject))]
    return {"unique_id": number, **told, **keyed, "terms": found}


def _terms_of(comparison: str, subject: Subject) -> list[str]:
    return [same(one, one).term for one in compared(comparison, subject)]


def _aliases(mails: Iterable[str], handles: Iterable[str]) -> dict[str, list[str]] | None:
    """A form that is too short is there, and the same as none."""
    ours = [one if len(one) >= SHORTEST_ALIAS else "-" for one in mails]
    theirs = [one if len(one) >= SHORTEST_ALIAS else "+" for one in handles]
    return {"mails": ours, "handles": theirs} if ours or theirs else None


def _keys(subject: Subject) -> dict[str, str]:
    """One key a pass: the first value that has one."""
    names, births = compared("name", subject), compared("date_of_birth", subject)
    dated = next((one for one in subject.seen if one.at), None)
    return {
        "by_name": next((one.skeleton for one in subject.handles if one.skeleton), ""),
        "by_mail": next((one.mailbox for one in subject.mails), ""),
        "by_phone": next((one.number for one in subject.phones), ""),
        "by_person": f"{names[0]} {births[0]}" if names and births else "",
        "by_machine": next(iter(compared("device", subject)), "")
        or (dated.address if dated else ""),
    }
