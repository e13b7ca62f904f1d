"""The only writer of identifiers and of the lines by which standing text is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.db import connection

from tipline.ground.foundation.adding import add_missing
from tipline.ground.foundation.events import announce
from tipline.ground.foundation.transactions import derived_tx
from tipline.insight.entities.blocking.rules import keys
from tipline.insight.entities.events import TextForgotten
from tipline.insight.entities.forms.rules import Reading
from tipline.insight.entities.mining.rules_standing import MANY, accounts
from tipline.insight.entities.models import BlockingKey, Identifier, Passage
from tipline.insight.entities.queries import lines_seen
from tipline.insight.entities.rules_reported import Reported, Value, reported
from tipline.record.reports.models import Report
from tipline.record.reports.queries import lanes_of

# Django takes ten times as long to write this statement as the database to run it.
_ADD_KEYS: Final = f"INSERT INTO {BlockingKey._meta.db_table} (report_id, key) VALUES"  # noqa: SLF001 - our own table's name
#: Keys of one statement.
_TOGETHER: Final = 1_000


def keep_identifiers(report: Report, readings: Sequence[Reading]) -> None:
    """Make these the identifiers of the report, and its keys theirs. The same changes nothing."""
    rows = [
        Identifier(
            report=report,
            kind=one.kind.value,
            scope=one.scope,
            normal=one.value,
            role=one.role.value,
            path=one.path,
            verified=one.verified,
            origin=one.origin.value,
            problem=one.problem.value if one.problem else "",
            passage=one.passage,
            sightings=list(one.sightings),
        )
        for one in readings
    ]
    found = _keys(report, readings)
    with derived_tx():
        Identifier.objects.filter(report=report).delete()
        BlockingKey.objects.filter(report=report).delete()
        # Another worker may be at the same report: it writes the same.
        add_missing(rows)
        add_keys({report.pk: found})


def keep_keys(report: Report, subject: Reported) -> None:
    """Make the keys of the subject those of the report; the caller holds it."""
    found = keys(subject, test=report.is_test).all
    BlockingKey.objects.filter(report=report).exclude(key__in=found).delete()
    add_keys({report.pk: found})


def add_keys(keys: Mapping[int, Iterable[str]]) -> None:
    """Keys of reports, by their numbers, beside those that they have; others may write the same."""
    rows = [(number, key) for number, found in keys.items() for key in found]
    with connection.cursor() as cursor:
        for at in range(0, len(rows), _TOGETHER):
            some = rows[at : at + _TOGETHER]
            marks = ", ".join(["(%s, %s)"] * len(some))
            values: list[int | str] = [value for row in some for value in row]
            cursor.execute(f"{_ADD_KEYS} {marks} ON CONFLICT DO NOTHING", values)


def _keys(report: Report, readings: Sequence[Reading]) -> tuple[str, ...]:
    values = [
        Value(
            one.kind.value,
            one.scope,
            one.value,
            one.role.value,
            one.verified,
            one.origin.value,
            one.sightings,
        )
        for one in readings
    ]
    return keys(reported(values, report.sender_id), test=report.is_test).all


def standing_texts(report: Report, digests: Sequence[str], about: str) -> frozenset[str]:
    """Which of these lines of a report are its sender's standing text; the others are counted.

    ``about``: the account that the report is about, empty when it names none. A line counts
    once for each account, so that many reports of one person make nothing standing text. Once
    it is, no more is written of it, and what was mined from it before is forgotten.
    """
    if not digests or report.sender_id is None:
        return frozenset()
    seen = lines_seen(report, digests)
    counted = {digest: accounts(seen[digest], (report.pk, about)) for digest in digests}
    standing = frozenset(digest for digest in digests if counted[digest] >= MANY)
    new = [digest for digest in digests if _adds(seen[digest], report.pk, about)]
    if new:
        _count(report, new, about, [one for one in new if one in standing])
    return standing


def _adds(rows: Sequence[tuple[int, str]], number: int, about: str) -> bool:
    """Whether this report is another account's, while that is still counted."""
    same = any(other == number or (about and account == about) for other, account in rows)
    return not same and accounts(rows) < MANY


def _count(report: Report, new: Sequence[str], about: str, ripe: Sequence[str]) -> None:
    rows = [Passage(report=report, sender=report.sender, digest=one, about=about) for one in new]
    with derived_tx():
        Passage.objects.bulk_create(rows, ignore_conflicts=True)
        if ripe:
            _forget_mined(report, ripe)


def _forget_mined(report: Report, lines: Sequence[str]) -> None:
    """Forget what was mined from these lines of a sender; links that rested on it are made anew."""
    mined = Identifier.objects.filter(passage__in=lines, report__sender=report.sender_id)
    numbers = set(mined.order_by().values_list("report_id", flat=True).distinct())
    mined.delete()
    for number, lane in lanes_of(numbers - {report.pk}).items():
        announce(TextForgotten(number), lane=f"again:{lane}", dedup_key=str(number))
