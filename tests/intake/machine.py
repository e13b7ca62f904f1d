"""Everything that can arrive, in any order, held against a model."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import time_machine
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule
from tests.intake.model import COUNTED, EXPIRED, FINISHED, OPEN, RETRACTED, Model
from tests.personas import World

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import PUBLIC, SYSTEM
from tipline.ground.foundation.errors import Conflict, TiplineError
from tipline.ground.foundation.keys import store
from tipline.ground.foundation.models import Job
from tipline.record.evidence.models import EvidenceFile, FileDetails
from tipline.record.intake import services as intake
from tipline.record.intake.queries import books
from tipline.record.intake.services import Arrival, Incoming
from tipline.record.reports.doors import PUBLIC_DOORS, Door
from tipline.record.reports.models import Report, ReportDocument, SealedReporter

T0 = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)  # so that midnight passes between calls
BODIES = st.sampled_from([b"<report>1</report>", b"<report>2</report>", b""])
CONTENTS = st.sampled_from([b"", b"one", b"two" * 1000])
KEYS = st.sampled_from(["", "key-1", "key-2"])
DOORS = st.sampled_from([Door.ISPWS, Door.ESP_DESK, Door.PUBLIC, Door.PHONE])


def attempt(call, *given):
    """What a call returns, and why it was refused: one of them is None."""
    try:
        return call(*given), None
    except TiplineError as error:
        return None, error


def code_of(error: TiplineError | None) -> str | None:
    return None if error is None else error.code


class Intake(RuleBasedStateMachine):
    """One run in one transaction, which is undone at its end."""

    numbers = Bundle("numbers")
    world: World  # set by the test

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self._before = set(store().names())
        self._undone = transaction.atomic()
        self._undone.__enter__()
        self._travel = time_machine.travel(T0, tick=False)
        self._clock = self._travel.start()

    def teardown(self) -> None:
        try:
            objects = len(set(store().names()) - self._before)
            assert objects == sum(len(each.files) for each in self.model.reports.values())
        finally:
            self._travel.stop()
            transaction.set_rollback(True)
            self._undone.__exit__(None, None, None)

    # --- who ---------------------------------------------------------------------------------

    def _sender(self, door: Door):
        return self.world.organisations["Harborline"] if "esp" in door or "isp" in door else None

    def _actor(self, door: Door):
        return {
            Door.ISPWS: self.world.machine("harborline"),
            Door.ESP_DESK: self.world.actor("enzo"),
            Door.PUBLIC: PUBLIC,
            Door.PHONE: self.world.actor("ana"),
        }[door]

    def _line(self, door: str):
        return clock.now().date(), str(door)

    def _report(self, number: int) -> Report:
        return Report.objects.select_related("key").get(pk=number)

    def _incomparable(self, door: Door, number: int) -> bool:
        """What the public told is known by a digest under its key, and gone with it."""
        return door in PUBLIC_DOORS and self.model.reports[number].state in (RETRACTED, EXPIRED)

    # --- submissions -------------------------------------------------------------------------

    @rule(target=numbers, door=DOORS, body=BODIES, key=KEYS)
    def submit(self, door, body, key):
        line = self._line(door)
        known = self.model.retries.get((door, key)) if key else None
        arrival = Arrival(door, body, self._sender(door), key)
        told = {"said": len(body), "reporter": {"reportingPerson": {"firstName": "Rita"}}}
        submitted, error = attempt(intake.submit, self._actor(door), arrival, told)
        if known is not None and (known[1] != body or self._incomparable(door, known[0])):
            assert isinstance(error, Conflict)
            intake.refuse_submission(Arrival(door, body, self._sender(door)), "4000")
            self.model.counts[line]["refused"] += 1
            return known[0]
        assert error is None
        if known is not None:
            assert (submitted.number, submitted.duplicate) == (known[0], True)
            self.model.counts[line]["duplicate"] += 1
            return submitted.number
        assert not submitted.duplicate
        self.model.opened(submitted.number, line, clock.now())
        if key:
            self.model.retries[door, key] = (submitted.number, body)
        return submitted.number

    @rule(door=DOORS, body=BODIES)
    def refuse(self, door, body):
        intake.refuse_submission(Arrival(door, body, self._sender(door)), "4110", [{"code": "x"}])
        self.model.counts[self._line(door)]["refused"] += 1

    @rule(door=DOORS)
    def refuse_call(self, door):
        intake.refuse_call(door, self._sender(door), "upload", ("5001", "7"))
        self.model.refused_calls[self._line(door)] += 1

    # --- an open report ----------------------------------------------------------------------

    @rule(number=numbers, content=CONTENTS, key=KEYS)
    def upload(self, number, content, key):
        report, modelled = self._report(number), self.model.reports[number]
        known = self.model.file_retries.get((number, key)) if key else None
        refusal = modelled.refusal(clock.now())
        incoming = Incoming([content], "a")
        deposited = intake.deposit(incoming)
        actor = self._actor(Door(report.door))
        file, error = attempt(intake.receive_file, actor, report, incoming, deposited, key)
        if known is not None:  # a retry: the same file again, or a conflict
            assert isinstance(error, Conflict) == (known[1] != content)
            assert error is not None or (file.file_id, content) == known
            return
        assert code_of(error) == refusal
        if error is None:
            assert file.sha256 == hashlib.sha256(content).hexdigest()
            assert file.file_id not in modelled.files
            modelled.files.append(file.file_id)
            modelled.changed = clock.now()
            if key:
                self.model.file_retries[number, key] = (file.file_id, content)

    @rule(number=numbers, contents=st.lists(CONTENTS, min_size=2, max_size=3))
    def upload_again(self, number, contents):
        """With one key: the first counts, an equal one is the same file, another a conflict."""
        for content in contents:
            self.upload(number, content, "key-of-a-file")

    @rule(number=numbers, viewed=st.booleans(), exists=st.booleans())
    def describe(self, number, viewed, exists):
        report, modelled = self._report(number), self.model.reports[number]
        refusal = modelled.refusal(clock.now())
        file_id = modelled.files[-1] if exists and modelled.files else "ab" * 16
        actor, said = self._actor(Door(report.door)), {"fileViewedByEsp": viewed}
        _file, error = attempt(intake.file_details, actor, report, file_id, said)
        assert code_of(error) == (refusal or (None if file_id in modelled.files else "5002"))
        if error is None:
            modelled.changed = clock.now()
            modelled.details[file_id] += 1

    @rule(number=numbers)
    def finish(self, number):
        self._end(number, intake.finish, FINISHED)

    @rule(number=consumes(numbers))
    def finish_twice(self, number):
        self._end(number, intake.finish, FINISHED)
        self._end(number, intake.finish, FINISHED)

    @rule(number=numbers)
    def retract(self, number):
        self._end(number, intake.retract, RETRACTED)

    def _end(self, number, verb, state):
        report, modelled = self._report(number), self.model.reports[number]
        refusal = modelled.refusal(clock.now())
        answer, error = attempt(verb, self._actor(Door(report.door)), report)
        assert code_of(error) == refusal
        if error is None:
            modelled.state = state
            assert answer == (modelled.files if state == FINISHED else None)

    # --- time --------------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 29, 60, 61, 8 * 60, 23 * 60, 24 * 60]))
    def time_passes(self, minutes):
        self._clock.shift(timedelta(minutes=minutes))

    @rule(number=numbers, content=CONTENTS)
    def shortly_before_its_end(self, number, content):
        """A change in the last minutes of a report's life, which lengthens it."""
        modelled = self.model.reports[number]
        if modelled.refusal(clock.now()) is None:
            self._clock.move_to(modelled.ends() - timedelta(minutes=1))
            self.upload(number, content, "")
            assert modelled.ends() - clock.now() == timedelta(hours=1)

    @rule()
    def expire(self):
        due = [
            modelled
            for modelled in self.model.reports.values()
            if modelled.state == OPEN and modelled.ends() <= clock.now()
        ]
        assert intake.expire_due() == len(due)
        for modelled in due:
            modelled.state = EXPIRED

    # --- what must always hold ---------------------------------------------------------------

    @invariant()
    def the_lines_add_up(self):
        found = books(SYSTEM)
        assert found.balanced, found.as_json()
        lines = {(line.day, line.door): line for line in found.lines}
        expected = self.model.lines()
        assert lines.keys() == expected.keys()
        for key, line in lines.items():
            assert {name: getattr(line, name) for name in COUNTED} == {
                name: expected[key][name] for name in COUNTED
            }
            assert line.received == expected[key].total()
            assert line.refused_calls == self.model.refused_calls[key]

    @invariant()
    def every_report_is_what_its_sender_thinks(self):
        rows = {row.pk: row for row in Report.objects.all()}
        assert rows.keys() == self.model.reports.keys()
        files = EvidenceFile.objects.order_by("pk").values_list("report_id", "file_id")
        kept = {number: [] for number in rows}
        for number, file_id in files:
            kept[number].append(file_id)
        for number, modelled in self.model.reports.items():
            row = rows[number]
            assert (row.state, kept[number]) == (modelled.state, modelled.files)
            if modelled.state == OPEN:
                assert row.expires_at == modelled.ends()

    @invariant()
    def what_was_finished_was_announced_once(self):
        announced = Job.objects.filter(kind__startswith="ReportFinished>")
        numbers = sorted(
            payload["report"] for payload in announced.values_list("payload", flat=True)
        )
        finished = [n for n, each in self.model.reports.items() if each.state == FINISHED]
        assert numbers == sorted(finished)

    @invariant()
    def what_ended_otherwise_is_forgotten(self):
        gone = Report.objects.filter(state__in=[RETRACTED, EXPIRED])
        assert not gone.filter(key__destroyed_at__isnull=True).exists()
        alive = Report.objects.exclude(state__in=[RETRACTED, EXPIRED])
        assert not alive.filter(key__destroyed_at__isnull=False).exists()

    @invariant()
    def whoever_of_the_public_reports_is_sealed_as_long_as_there_is_a_report(self):
        public = Report.objects.filter(door__in=PUBLIC_DOORS)
        told = public.exclude(state__in=[RETRACTED, EXPIRED]).order_by("pk")
        sealed = SealedReporter.objects.order_by("pk").values_list("pk", flat=True)
        assert list(sealed) == list(told.values_list("pk", flat=True))
        assert "Rita" not in str(ReportDocument.objects.filter(report__in=public).values())

    @invariant()
    def each_change_stands_on_the_ledger_once(self):
        received = LedgerEntry.objects.filter(verb="file.received").count()
        assert received == sum(len(each.files) for each in self.model.reports.values())
        versions = FileDetails.objects.count()
        assert versions <= sum(each.details.total() for each in self.model.reports.values())
