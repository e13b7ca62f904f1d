"""Somebody writes while somebody pulls, with every fault in between; in the end both are alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from tests.exchange.faulty import Faulty
from tests.exchange.made import Ours, Theirs, contents, draft, make_ours, make_theirs

from tipline.ground.foundation.actor import SYSTEM
from tipline.insight.lists import members, sharing, votes
from tipline.insight.lists.entries import remove_entries
from tipline.insight.lists.models import Entry
from tipline.insight.lists.pulling import services
from tipline.insight.lists.pulling.services import pull

T0 = datetime(2026, 11, 28, 12, 0, 0, 300_000, tzinfo=UTC)
ROOT = "/hashes/apparent"
KEYS = st.sets(st.integers(0, 11), min_size=1, max_size=6)
FAULTS = st.sampled_from(["cut_off", "their_fault", "not_xml", "timed_out", "unreachable"])


class Crashed(Exception):  # noqa: N818 - says what happened
    """The process is gone before it could commit."""


class Exchange(RuleBasedStateMachine):
    """One run in one transaction, which is undone at its end; the clock stands until told."""

    def __init__(self) -> None:
        super().__init__()
        self._undone = transaction.atomic()
        self._undone.__enter__()
        self._travel = time_machine.travel(T0, tick=False)
        self._clock = self._travel.start()
        self.ours: Ours = make_ours()
        self.voter = members.add_member(SYSTEM, "Harbor")
        self.theirs: Theirs = make_theirs("http://127.0.0.1/hashes/apparent")
        self.forgotten: set[str] = set()

    def teardown(self) -> None:
        try:
            self.tick(120)
            pulled = self._pull({})
            assert (pulled.error, pulled.more) == ("", False)
            assert contents(self.theirs.hash_list) == contents(self.ours.hash_list)
            held = Entry.objects.filter(hash_list=self.theirs.hash_list)
            assert {row.member.remote_id for row in held.select_related("member")} <= {
                self.ours.house.pk
            }
        finally:
            self._travel.stop()
            transaction.set_rollback(True)
            self._undone.__exit__(None, None, None)

    # --- who writes ----------------------------------------------------------------------------

    @rule(numbers=KEYS, said=st.sampled_from(["A1", "A2", ""]))
    def write(self, numbers, said):
        self.ours.write(*(draft(number, classification=said) for number in sorted(numbers)))

    @rule(numbers=KEYS)
    def remove(self, numbers):
        keys = [f"e{number}" for number in numbers]
        remove_entries(self.ours.hash_list.pk, self.ours.house.pk, keys)

    @rule(number=st.integers(0, 11), affirmative=st.booleans())
    def vote(self, number, affirmative):
        rows = Entry.objects.filter(hash_list=self.ours.hash_list, removed_at__isnull=True)
        row = rows.filter(key=f"e{number}").first()
        if row is not None:
            guids = sorted(sharing.reasons_of(self.ours.hash_list, "md5"))
            votes.vote(
                SYSTEM, self.voter.pk, row, "md5",
                affirmative=affirmative, reasons=() if affirmative else guids[number % 3 :][:2],
            )  # fmt: skip

    @rule(seconds=st.sampled_from([0.4, 1, 2, 31, 3600, 13 * 3600]))
    def tick(self, seconds):
        self._clock.shift(timedelta(seconds=seconds))

    # --- who pulls -----------------------------------------------------------------------------

    @rule(pages=st.integers(1, 3))
    def pull_some_pages(self, pages):
        assert self._pull({}, most_pages=pages).error == ""

    @rule(at=st.integers(1, 9), code=FAULTS)
    def pull_and_be_cut_off(self, at, code):
        assert self._pull({at: code}).error in {"", code}

    @rule(page=st.integers(1, 4))
    def pull_and_crash_before_a_commit(self, page):
        kept, left = services._move, [page]

        def move(*given):
            kept(*given)
            left[0] -= 1
            if left[0] == 0:
                raise Crashed

        services._move = move
        try:
            self._pull({})
        except Crashed:
            pass
        finally:
            services._move = kept

    @rule()
    def the_server_forgets_its_links(self):
        if link := self.theirs.source.next_link:
            self.forgotten.add(link)

    def _pull(self, faults, **how):
        wire = Faulty(ROOT, dict(faults), size=3, forgotten=self.forgotten)
        opener, services.wire_of = services.wire_of, lambda *_given: wire
        try:
            return pull(self.theirs.hash_list.pk, **how)
        finally:
            services.wire_of = opener
