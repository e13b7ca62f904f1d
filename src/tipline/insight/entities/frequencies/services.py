"""Freezing frequencies: the only writer of snapshots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid
from tipline.ground.foundation.keys import destroy_data_key, new_data_key
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.entities.frequencies.counting import Counting
from tipline.insight.entities.frequencies.reading import pages
from tipline.insight.entities.models import FrequencySnapshot, TermCount
from tipline.insight.entities.scoring.in_force import in_force
from tipline.insight.entities.scoring.rules_subject import Subject

#: Counts written in one transaction: a tenth of a second during which nobody else writes.
_TOGETHER = 5_000
#: Of fewer subjects nothing is frozen: who has a value then says more of them than of the value.
LEAST_SUBJECTS = 1_000
Tell = Callable[[str, int], None]


def freeze_store(actor: Actor, tell: Tell) -> FrequencySnapshot:
    """Freeze the frequencies of this store, for the model in force; see :func:`freeze`.

    Links that are there stay as they are until history is linked again. Raises Invalid where
    there are fewer than :data:`LEAST_SUBJECTS`.
    """
    actor.require(Permission.JOBS_MANAGE)
    model = in_force().model.stamp
    made = freeze(pages(), model, tell, LEAST_SUBJECTS)
    with write_tx():
        detail = {"model": model, "subjects": made.subjects}
        record(actor, Verb.LINK_FREQUENCIES_FROZEN, f"frequencies:{made.pk}", detail=detail)
    return made


def freeze(
    read: Iterable[Sequence[Subject]], model: str, tell: Tell, least: int = 0
) -> FrequencySnapshot:
    """Count the terms of all subjects and put the counts in force. ``model``: the stamp.

    One pass over the subjects, in memory that does not grow with them; ``tell`` hears of each
    page and of each part that is written. What an interrupted freezing left is removed first, so
    that one which is still running ends with :class:`Conflict`.
    """
    _clear_unfinished()
    with write_tx():
        row, key = new_data_key()
        snapshot = FrequencySnapshot.objects.create(model=model, started_at=clock.now(), key=row)
    with Counting(key) as counting:
        for page in read:
            counting.add(page)
            tell("counted", counting.subjects)
        if counting.subjects < least:
            _clear_unfinished()
            raise Invalid(
                f"There are {counting.subjects:,} subjects; freeze when there are {least:,}.",
                field="subjects",
            )
        written = 0
        for part in counting.shared():
            _write(snapshot, part)
            written += len(part)
            tell("written", written)
    _finish(snapshot, counting)
    return snapshot


def _write(snapshot: FrequencySnapshot, part: Sequence[tuple[int, int]]) -> None:
    for at in range(0, len(part), _TOGETHER):
        rows = [
            TermCount(snapshot=snapshot, digest=digest, count=count)
            for digest, count in part[at : at + _TOGETHER]
        ]
        with write_tx():
            _hold(snapshot)
            TermCount.objects.bulk_create(rows)


def _hold(snapshot: FrequencySnapshot) -> None:
    """Nobody clears it meanwhile; Conflict when somebody has."""
    if not FrequencySnapshot.objects.select_for_update().filter(pk=snapshot.pk).exists():
        raise Conflict("Another freezing began meanwhile and removed this one's counts.")


def _finish(snapshot: FrequencySnapshot, counting: Counting) -> None:
    known: dict[str, dict[str, int]] = defaultdict(dict)
    for (comparison, form), count in sorted(counting.known.items()):
        known[comparison][form] = count
    snapshot.subjects, snapshot.known = counting.subjects, known
    snapshot.finished_at = clock.now()
    with write_tx():
        _hold(snapshot)
        snapshot.save(update_fields=["subjects", "known", "finished_at"])


def _clear_unfinished() -> None:
    """Remove what was begun and not finished, by somebody who stopped or is still at it."""
    for row in FrequencySnapshot.objects.filter(finished_at__isnull=True):
        counts = TermCount.objects.filter(snapshot=row)
        while keys := list(counts.values_list("pk", flat=True)[:_TOGETHER]):
            with write_tx():
                TermCount.objects.filter(pk__in=keys).delete()
        with write_tx():
            held = FrequencySnapshot.objects.select_for_update().filter(pk=row.pk)
            if held.filter(finished_at__isnull=True).exists():
                counts.delete()
                held.delete()
                destroy_data_key(row.key_id)
