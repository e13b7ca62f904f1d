"""Made-up subjects put into a store as reports with identifiers, and nothing else of a report."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import islice

from benchmarks.linking.records import records
from tipline.insight.entities.history.rules import Record


def fill(made: Iterable[Record], at_once: int = 2_000) -> int:
    """Reports and identifiers of these records, with their numbers; how many reports.

    Senders are made where they are missing. Nothing is linked yet, and no report has a document.
    """
    from tipline.ground.foundation import clock  # noqa: PLC0415 - the rooms are loaded by now
    from tipline.ground.foundation.adding import add_missing  # noqa: PLC0415
    from tipline.ground.foundation.keys import new_data_key  # noqa: PLC0415
    from tipline.ground.foundation.transactions import write_tx  # noqa: PLC0415
    from tipline.insight.entities.models import Identifier  # noqa: PLC0415
    from tipline.record.reports.doors import Door  # noqa: PLC0415
    from tipline.record.reports.models import Report  # noqa: PLC0415

    now, rest, filed = clock.now(), iter(made), 0
    with write_tx():
        key, _plain = new_data_key()
    while some := list(islice(rest, at_once)):
        _need_senders({one.sender for one in some if one.sender is not None})
        reports = [
            Report(
                number=one.number,
                door=Door.ISPWS,
                sender_id=one.sender,
                key=key,
                state=Report.State.FINISHED,
                opened_at=now,
                modified_at=now,
                expires_at=now,
                ended_at=now,
            )
            for one in some
        ]
        rows = [
            Identifier(
                report_id=one.number,
                kind=value.kind,
                scope=value.scope,
                normal=value.value,
                role=value.role,
                path="/personOrUserReported[1]",
                verified=value.verified,
                origin=value.origin,
                sightings=list(value.sightings),
            )
            for one in some
            for value in one.values
        ]
        with write_tx():
            add_missing(reports)
            add_missing(rows)
        filed += len(some)
    return filed


def _need_senders(keys: set[int]) -> None:
    from tipline.ground.accounts.models import Organisation  # noqa: PLC0415
    from tipline.ground.foundation import clock  # noqa: PLC0415
    from tipline.ground.foundation.actor import OrganisationKind  # noqa: PLC0415

    there = set(Organisation.objects.filter(pk__in=keys).values_list("pk", flat=True))
    for key in sorted(keys - there):
        Organisation.objects.create(
            pk=key, kind=OrganisationKind.ESP, name=f"Sender {key}", created_at=clock.now()
        )


def main(count: int, seed: int = 1) -> None:
    """Fill the store of the environment, which was migrated."""
    import django  # noqa: PLC0415 - a process of its own

    django.setup()
    print(fill(records(count, seed)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
