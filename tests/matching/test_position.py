"""Every row is seen once, in whatever order rows commit, and holes are given up in the end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tipline.insight.matching.index.position import Position


class Ledger:
    """A table whose rows are written by transactions that end when the test says so."""

    def __init__(self) -> None:
        self.next_key = 1
        self.rows: dict[int, bytes] = {}
        self.open: dict[str, list[int]] = {}
        self.asked = 0

    def begin(self) -> str:
        name = f"t{self.next_key}-{len(self.open)}-{len(self.rows)}"
        self.open[name] = []
        return name

    def insert(self, name: str) -> int:
        self.open[name].append(self.next_key)
        self.next_key += 1
        return self.next_key - 1

    def end(self, name: str, *, commit: bool) -> None:
        for key in self.open.pop(name):
            if commit:
                self.rows[key] = key.to_bytes(32)

    def read(self, after):
        return [(key, self.rows[key]) for key in sorted(self.rows) if key > after][:3]

    def read_among(self, ranges):
        self.asked += 1
        within = [key for key in self.rows if any(a <= key <= b for a, b in ranges)]
        return [(key, self.rows[key]) for key in sorted(within)]

    def top(self):
        return max(self.rows, default=0)

    def writers(self):
        return frozenset(self.open)


def look(position, ledger):
    return [key for rows in position.look(ledger) for key, _value in rows]


STEPS = st.lists(
    st.sampled_from(["begin", "insert", "insert", "commit", "roll back", "look"]), max_size=60
)


@given(STEPS, st.randoms(use_true_random=False))
def test_each_row_is_seen_once_by_the_first_look_after_its_commit(steps, dice):
    ledger, position, seen = Ledger(), Position(), []
    for step in steps:
        some = dice.choice(sorted(ledger.open)) if ledger.open else None
        if step == "begin" or some is None:
            ledger.begin()
        elif step == "insert":
            ledger.insert(some)
        elif step == "look":
            seen += look(position, ledger)
            assert sorted(seen) == sorted(ledger.rows)
        else:
            ledger.end(some, commit=step == "commit")
    seen += look(position, ledger)
    assert sorted(seen) == sorted(ledger.rows)


def test_a_row_that_commits_after_thousands_of_younger_ones_is_seen():
    ledger, position = Ledger(), Position()
    slow = ledger.begin()
    ledger.insert(slow)
    for _turn in range(2_000):
        quick = ledger.begin()
        ledger.insert(quick)
        ledger.end(quick, commit=True)
    assert len(look(position, ledger)) == 2_000
    ledger.end(slow, commit=True)
    assert look(position, ledger) == [1]


def test_holes_are_left_alone_while_those_who_may_fill_them_go_on():
    ledger, position = Ledger(), Position()
    slow, quick = ledger.begin(), ledger.begin()
    ledger.insert(slow)
    ledger.insert(quick)
    ledger.end(quick, commit=True)
    look(position, ledger)
    look(position, ledger)
    asked = ledger.asked
    look(position, ledger)
    assert ledger.asked == asked
    assert position.holes == [(1, 1)]
    ledger.end(slow, commit=False)
    look(position, ledger)
    assert position.holes == []


def test_holes_of_a_quiet_past_are_none():
    ledger, position = Ledger(), Position()
    ledger.rows = {key: key.to_bytes(32) for key in (5, 9, 1_000)}
    assert look(position, ledger) == [5, 9, 1_000]
    assert position.holes == []


@given(STEPS, st.randoms(use_true_random=False))
def test_who_takes_over_what_another_saw_misses_nothing_and_sees_nothing_twice(steps, dice):
    """Two followers; now and then one takes over the other's rows, as from a file."""
    ledger = Ledger()
    ours, theirs = Position(), Position()
    we, they = set[int](), set[int]()
    for step in steps:
        some = dice.choice(sorted(ledger.open)) if ledger.open else None
        if step == "begin" or some is None:
            ledger.begin()
        elif step == "insert":
            ledger.insert(some)
        elif step == "look":
            if dice.random() < 0.5:
                they |= set(look(theirs, ledger))
            else:
                found = look(ours, ledger)
                assert not we & set(found)
                we |= set(found)
                assert we == set(ledger.rows)
            if dice.random() < 0.3:
                ours, we = ours.covered_by(theirs), we | they
        else:
            ledger.end(some, commit=step == "commit")
    assert we | set(look(ours, ledger)) == set(ledger.rows)
