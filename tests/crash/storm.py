"""A storm: a stream of reports while web and worker are killed again and again.

Three loops run side by side, each a list of lives. A life is a process that is started, is
ready, and dies at its named point or at a random moment; then the next one is started.
"""

from __future__ import annotations

import base64
import json
import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from tests.crash.canary import Canary, search
from tests.crash.client import Stream
from tests.crash.office import Office
from tests.crash.processes import PATIENCE, Process, wait_until

from tipline.ground.foundation.killpoints import KILL_POINTS

RANDOM = "random"
TERM = "term"
_WORKERS = ("job.", "stage.", "seal.", "expiry.", "destroy.", "rewrap.", "vault.")
WORKER_POINTS = frozenset(name for name in KILL_POINTS if name.startswith(_WORKERS))
ANSWER_POINTS = frozenset({"outcome.committed"})
# Passed only where thousands of hashes are joined: see tests/matching/test_index_kills.py.
INDEX_POINTS = frozenset(name for name in KILL_POINTS if name.startswith("index."))
STORM_POINTS = KILL_POINTS - INDEX_POINTS
WEB_POINTS = STORM_POINTS - WORKER_POINTS - ANSWER_POINTS
ENDINGS = frozenset({"expiry.before_commit", "destroy.deleted"})  # passed by what expires
ROTATIONS = frozenset({"rewrap.before_commit"})  # passed after a rotation
CHECKS = frozenset({"vault.before_commit"})  # passed by a check of the vault
# Most passes that are waited for.
RARE = {"expiry.before_commit": 2, "retract.committed": 2, "destroy.deleted": 2} | dict.fromkeys(
    ROTATIONS | CHECKS, 2
)
SENDERS = 3
LOOPS = 3
REPORTS_PER_HIT = 5  # among so many each ending comes up once


@dataclass(frozen=True, slots=True)
class Life:
    """How a process ends: at a named point passed ``hits`` times, at random, or by SIGTERM.

    ``kills``: of a web server, so many children die before the whole server does.
    """

    point: str
    hits: int = 1
    kills: int = 1

    @property
    def kill_at(self) -> str:
        return "" if self.point in (RANDOM, TERM) else f"{self.point}:{self.hits}"


@dataclass(frozen=True, slots=True)
class Plan:
    """The lives of the three kinds of process."""

    web: Sequence[Life]
    worker: Sequence[Life]
    answers: Sequence[Life]

    @property
    def kills(self) -> int:
        return sum(life.kills for life in (*self.web, *self.worker, *self.answers))


#: Every other point of each kind of process: the two together are all of them.
HALVES = tuple(
    frozenset(
        name
        for points in (WEB_POINTS, WORKER_POINTS, ANSWER_POINTS)
        for name in sorted(points)[first::2]
    )
    for first in (0, 1)
)


def plan_of(rounds: int, randoms: int, seed: int, *, points: frozenset[str] = STORM_POINTS) -> Plan:
    """Every one of ``points`` ``rounds`` times, in an order of its own, random kills between.

    In each round a point is passed more often before it kills.
    """
    dice = random.Random(seed)

    def lives(passed: frozenset[str], extra: Sequence[Life]) -> list[Life]:
        whole = [
            Life(point, min(dice.randint(1, 1 + n), RARE.get(point, rounds)))
            for point in sorted(passed & points)
            for n in range(rounds)
        ]
        whole += extra
        dice.shuffle(whole)
        return whole

    pairs, rest = divmod(randoms // 2, 2)
    return Plan(
        web=lives(WEB_POINTS, [Life(RANDOM, kills=2)] * pairs + [Life(RANDOM)] * rest),
        worker=lives(WORKER_POINTS, [Life(RANDOM)] * (randoms - randoms // 2)),
        answers=lives(ANSWER_POINTS, []),
    )


@dataclass(slots=True)
class Told:
    """What a storm did: kills by point, effects by call, and how long it took."""

    kills: dict[str, int] = field(default_factory=dict)
    acknowledged: dict[str, int] = field(default_factory=dict)
    findings: dict[str, Any] = field(default_factory=dict)
    books: dict[str, Any] = field(default_factory=dict)
    ledger: dict[str, Any] = field(default_factory=dict)
    canary_hits: list[str] = field(default_factory=list)
    searched: int = 0
    seconds: float = 0.0


class Storm:
    """One storm over one deployment."""

    def __init__(self, office: Office, plan: Plan, *, seed: int, most: int) -> None:
        self.office, self.deployment, self.journal = office, office.deployment, office.journal
        self.plan, self.canary, self.told = plan, Canary(), Told()
        self._dice, self._lock = random.Random(seed), threading.Lock()
        self._errors: list[BaseException] = []
        self._overdue: set[int] = set()
        self._over, self._settled, self._loops_done = threading.Event(), threading.Event(), 0
        self.stream = Stream(office.sender, self.canary.text, seed=seed, most=most)

    def run(self) -> Told:
        """The whole storm, the calm after it, and what is found then."""
        started = time.monotonic()
        loops = (self._web_lives, self._worker_lives, self._answer_lives)
        web, *others = (threading.Thread(target=self._guarded, args=[loop]) for loop in loops)
        self.stream.start(SENDERS)
        for thread in (web, *others):
            thread.start()
        try:
            wait_until(self._lived, "the storm to end", patience=PATIENCE * (2 + self.plan.kills))
            self._settle(others)
        finally:  # also when somebody presses Ctrl-C
            self._over.set()
            self._settled.set()
            self.stream.stop(give_up=True)
            for thread in (web, *others):
                thread.join()
        self._look()
        self.told.acknowledged = dict(sorted(self.journal.counts.items()))
        self.told.seconds = round(time.monotonic() - started, 1)
        return self.told

    def _settle(self, others: Sequence[threading.Thread]) -> None:
        """Send what was begun to its end, end all but the web, and do all that waits."""
        self.stream.stop(give_up=bool(self._errors))
        self._over.set()
        for thread in others:
            thread.join()
        for error in (*self._errors, *self.stream.errors):
            raise error
        if self.stream.ran_dry:
            raise AssertionError("the stream ended before the storm: plan more reports")
        self.deployment.settle()

    def _lived(self) -> bool:
        """All lives have been lived, or something went wrong."""
        return self._loops_done == LOOPS or bool(self._errors) or bool(self.stream.errors)

    # -- the lives ---------------------------------------------------------------------

    def _guarded(self, loop: Callable[[], None]) -> None:
        try:
            loop()
        except BaseException as error:  # noqa: BLE001 - raised again by the main thread
            self._errors.append(error)
            self._over.set()

    def _done(self) -> None:
        with self._lock:
            self._loops_done += 1

    def _web_lives(self) -> None:
        for life in self.plan.web:
            if self._over.is_set():
                return
            self.stream.allow(REPORTS_PER_HIT * life.hits)
            if life.kill_at:
                with self.deployment.web_again(life.kill_at) as process:
                    self._dies(life, process)
            else:
                with self.deployment.web() as process:
                    self._end_web(life, process)
        with self.deployment.web():  # the other loops and the stream still need one
            self._done()
            self._settled.wait()

    def _end_web(self, life: Life, process: Process) -> None:
        """Kill the child that serves, so many times less one; then end the whole server."""
        process.wait_until_ready(self.deployment)
        for _child in range(life.kills - 1):
            self._any_moment(0.5)
            process.kill_child()
            self._count(life.point)
            process.wait_until_ready(self.deployment)
        self._any_moment(0.5)
        self._end(life, process)

    def _end(self, life: Life, process: Process) -> None:
        """End it from outside, by SIGKILL or politely."""
        if life.point == RANDOM:
            process.kill()
        else:
            process.terminate()
            assert process.code() == 0, process.said()[-2000:]
        self._count(life.point)

    def _worker_lives(self) -> None:
        for life in self.plan.worker:
            if self._over.is_set():
                return
            if life.point in ENDINGS:
                self._make_some_overdue(life.hits)
            if life.point in ROTATIONS:
                self._rotate()
            if life.point in CHECKS:
                self._check_vault()
            with self.deployment.worker(life.kill_at) as process:
                if life.kill_at:
                    self._dies(life, process)
                else:
                    process.wait_for_word("worker started")
                    self._any_moment(1.0)
                    self._end(life, process)
        with self.deployment.worker():
            self._done()
            self._over.wait()

    def _answer_lives(self) -> None:
        for life in self.plan.answers:
            if self._over.is_set():
                return
            self._answer(life.hits + 1, life)
        self._answer(2, None)
        self._done()

    def _answer(self, wanted: int, life: Life | None) -> None:
        """Have referrals answered; those that were acknowledged are not asked again."""
        known = [outcome["key"] for outcome in self.journal.outcomes]
        kill_at = life.kill_at if life else ""
        words = ("answer", str(wanted))
        with self.deployment.product(*words, kill_at=kill_at, given=known) as process:
            if life:
                self._dies(life, process)
            else:
                assert process.code() == 0, process.said()[-2000:]
            for line in process.out.read_text().splitlines():
                self.journal.outcomes.append(json.loads(line))
                self.journal.note("answer")

    def _dies(self, life: Life, process: Process) -> None:
        """Wait until it has died at its point so many times; a web server's child each time."""

        def died() -> bool:
            if self._over.is_set():
                return True
            if len(process.killed_at()) >= life.kills:
                return True
            assert process.alive(), process.said()[-2000:]
            return False

        wait_until(died, f"{process.log.name} to die at {life.kill_at}")
        for point in process.killed_at():
            self._count(point)

    def _make_some_overdue(self, wanted: int) -> None:
        """Have so many abandoned reports expire, so that there is one to be killed in or after."""

        def left() -> list[int]:
            return [n for n in self.journal.abandoned() if n not in self._overdue]

        wait_until(lambda: len(left()) >= wanted or self._over.is_set(), "abandoned reports")
        numbers = left()[:wanted]
        self._overdue.update(numbers)
        with self.deployment.product("overdue", given=numbers) as process:
            assert process.answer() == len(numbers)

    def _rotate(self) -> None:
        """Another master key, under everything that runs."""
        with self.deployment.tipline("keys", "rotate") as process:
            assert len(process.answer()["older"]) > 0

    def _check_vault(self) -> None:
        """A whole check of the vault, for the worker to do."""
        with self.deployment.product("check") as process:
            assert process.answer()

    def _any_moment(self, longest: float) -> None:
        """A random pause: it chooses the victim's moment, nothing depends on its length."""
        self._over.wait(self._dice.uniform(0, longest))

    def _count(self, point: str) -> None:
        with self._lock:
            self.told.kills[point] = self.told.kills.get(point, 0) + 1

    def _look(self) -> None:
        deployment, told = self.deployment, self.told
        with ExitStack() as stack:
            books = stack.enter_context(deployment.tipline("books", "--json", "--files"))
            ledger = stack.enter_context(deployment.tipline("audit", "verify"))
            told.findings = self.office.findings()
            told.books, told.ledger = books.answer(), ledger.answer()
        told.canary_hits, told.searched = self.canary.found_below(*deployment.on_disk())
        told.canary_hits += self._master_keys_found()

    def _master_keys_found(self) -> list[str]:
        """The files that hold a master key of any time, as bytes, hex or base64, but their own."""
        folders = self.deployment.on_disk()
        text = (self.deployment.home / "keys" / "master.key").read_text()
        lines = [line.split()[0] for line in text.splitlines() if not line.startswith("#")]
        secrets = [bytes.fromhex(line) for line in lines]
        forms = [(one, one.hex().encode(), base64.b64encode(one)[:40]) for one in secrets]
        hits, _count = search(tuple(form for three in forms for form in three), *folders)
        assert "master.key" in hits  # the search bites
        return [hit for hit in hits if hit != "master.key"]
