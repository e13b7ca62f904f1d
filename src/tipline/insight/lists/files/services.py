"""Importing files into foreign lists, and exporting lists."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.lists.entries import MOST_AT_ONCE, Written, remove_entries, write_entries
from tipline.insight.lists.files import writing
from tipline.insight.lists.files.reading import FORMS, rows
from tipline.insight.lists.files.rules_rows import Row
from tipline.insight.lists.members import member_met
from tipline.insight.lists.models import HashList, ImportRun

#: So many problems of a file are told; all are counted.
MOST_TOLD = 100

Opener = Callable[[], AbstractContextManager[BinaryIO]]
"""Opens the file anew, from its beginning."""


@dataclass
class Checked:
    """What a file holds: entries, those left out by category, and what is wrong with it."""

    sha256: str = ""
    rows: int = 0
    left_out: int = 0
    wrong: int = 0
    told: list[str] = field(default_factory=list)

    def take(self, row: Row) -> None:
        self.rows += row.number > 0
        self.left_out += row.left_out
        self.wrong += bool(row.wrong)
        for one in row.wrong:
            if len(self.told) < MOST_TOLD:
                self.told.append(_problem(row, one.field, one.fix))


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a file is taken. ``only``: categories of VICS, all when empty; ``remove``: its entries
    are taken off the list; ``skip_wrong``: what is wrong is left out instead of refusing all.
    """

    form: str
    only: Collection[int] = ()
    remove: bool = False
    skip_wrong: bool = False


class WrongFile(Invalid):
    """Nothing was taken; ``checked`` tells why, with lines."""

    code = "invalid_file"

    def __init__(self, checked: Checked) -> None:
        self.checked = checked
        super().__init__(
            f"Nothing was taken: {checked.wrong} of {checked.rows} entries are wrong. "
            f"{checked.told[0]}",
            field="file",
        )


def check_file(opener: Opener, wanted: Wanted) -> Checked:
    """Read the whole file and write nothing."""
    if wanted.form not in FORMS:
        raise Invalid(f"Give one of {', '.join(FORMS)}.", field="form")
    found = Checked()
    with opener() as file:
        digest = hashlib.sha256()
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
        found.sha256 = digest.hexdigest()
    with opener() as file:
        for row in rows(file, wanted.form, wanted.only):
            found.take(row)
    if not found.rows and not found.wrong:
        found.wrong, found.told = 1, ["line 1: file holds no entries"]
    return found


def import_file(
    actor: Actor,
    hash_list: HashList,
    opener: Opener,
    wanted: Wanted,
    *,
    told: Callable[[int], None] = lambda _n: None,
) -> tuple[Checked, Written]:
    """Take a file into a foreign list. ``told`` hears how many rows were read so far.

    The whole file is checked first and refused where anything is wrong: :class:`WrongFile`. What
    is taken is written in turns; one that was cut off is made whole by importing the file again.
    """
    actor.require(Permission.LISTS_MANAGE)
    if hash_list.kind != "foreign":
        raise Invalid("Analysts feed our own lists; import into a foreign one.", field="list")
    checked = check_file(opener, wanted)
    run = _begin(actor, hash_list, wanted, checked)
    if checked.wrong and not (wanted.skip_wrong and checked.rows):
        _end(run, "refused", 0)
        raise WrongFile(checked)
    written = Written()
    for batch in _batches(opener, wanted):
        written.add(_write(hash_list, batch, wanted))
        told(batch[-1].number)
    _end(run, "done", written.made + written.changed + written.removed)
    detail = {"rows": checked.rows, "wrong": checked.wrong, "sha256": checked.sha256}
    with write_tx():
        record(actor, Verb.LIST_IMPORTED, f"list:{hash_list.pk}", detail=detail)
    return checked, written


def _batches(opener: Opener, wanted: Wanted) -> Iterator[list[Row]]:
    with opener() as file:
        good = (row for row in rows(file, wanted.form, wanted.only) if row.draft is not None)
        while batch := list(islice(good, MOST_AT_ONCE)):
            yield batch


def _write(hash_list: HashList, batch: Iterable[Row], wanted: Wanted) -> Written:
    """Of entries that stand in a file twice the last one counts."""
    drafts = {row.draft.key: row.draft for row in batch if row.draft is not None}
    member = member_met(hash_list, 0, hash_list.name)
    if wanted.remove:
        return Written(removed=remove_entries(hash_list.pk, member.pk, drafts))
    return write_entries(hash_list.pk, member.pk, drafts.values())


def _begin(actor: Actor, hash_list: HashList, wanted: Wanted, checked: Checked) -> ImportRun:
    return ImportRun.objects.create(
        hash_list=hash_list,
        form=wanted.form,
        sha256=checked.sha256,
        rows=checked.rows,
        wrong=checked.wrong,
        by_id=actor.person_id,
        started_at=clock.now(),
    )


def _end(run: ImportRun, state: str, written: int) -> None:
    run.state, run.written, run.ended_at = state, written, clock.now()
    run.save(update_fields=["state", "written", "ended_at"])


def export(actor: Actor, hash_list: HashList, form: str, *, cases: bool = False) -> Iterator[bytes]:
    """A list's live entries as a file, a piece at a time; the ledger says that it was asked for."""
    actor.require(Permission.LISTS_MANAGE)
    if form not in FORMS:
        raise Invalid(f"Give one of {', '.join(FORMS)}.", field="form")
    with write_tx():
        record(actor, Verb.LIST_EXPORTED, f"list:{hash_list.pk}", detail={"form": form})
    return writing.as_csv(hash_list) if form == "csv" else writing.as_vics(hash_list, cases=cases)


def _problem(row: Row, name: str, fix: str) -> str:
    where = f"line {row.line}" if row.line else "file"
    return f"{where}, entry {row.number}: {name} {fix}" if row.number else f"{where}: {name} {fix}"


def imports_into(hash_list: HashList, most: int = 20) -> list[ImportRun]:
    """The newest imports of a list. The caller has checked its actor."""
    rows_of = ImportRun.objects.select_related("by").filter(hash_list=hash_list)
    return list(rows_of.order_by("-pk")[:most])
