"""Spark gives the pairs, points and reasons that this process gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest
from tests import parts

from benchmarks.linking.records import records
from tipline.insight.entities.history.rules import Record, all_links, keys_of
from tipline.insight.entities.scoring.in_force import InForce
from tipline.insight.entities.scoring.rules import Frequencies
from tipline.insight.entities.scoring.rules_model import shipped
from tipline.insight.entities.scoring.rules_terms import Term, terms


def counted(made: Iterable[Record]) -> Frequencies:
    """How often each term is on a subject, as a snapshot of a store would count it."""
    counts: Counter[Term] = Counter()
    subjects: Counter[tuple[str, str]] = Counter()
    for one in made:
        own = terms(one.subject.whole)
        counts.update(own)
        subjects.update({(comparison, form) for comparison, form, _term in own})
    return Frequencies(counts, subjects)


@contextmanager
def running(folder: Path, made: list[Record]):
    """Spark on this machine, with records as the engine would have written them."""
    from tipline.insight.entities.history import arrow, spark

    by = InForce(shipped(), frequencies=counted(made))
    with spark.running(folder, "local[2]", by=by) as engine:
        rest = iter(made)
        (folder / "records").mkdir()
        while some := list(islice(rest, len(made) // 3)):
            file = folder / "records" / f"{some[0].number}.parquet"
            arrow.write_records(file, [some], lambda _subjects: by.frequencies)
        yield engine
    assert not folder.exists()


def found(pages) -> dict:
    return {
        (low, high): proposal
        for page in pages
        for high, links in page.found.items()
        for low, proposal in links.items()
    }


def check(folder: Path, count: int) -> None:
    parts.need(parts.SPARK)
    made = list(records(count, first=1000))
    wanted = all_links(made, shipped(), counted(made))
    assert len(wanted) > count // 4
    upto, half = made[-1].number + 5, made[count // 2].number
    with running(folder, made) as engine:  # to start it takes longest: one start for both
        pages = list(engine.links(0, upto))
        keys = {n: some for page in engine.keys(half, upto) for n, some in page.found.items()}
    assert found(pages) == wanted
    assert keys == {one.number: keys_of(one) for one in made if one.number > half}
    ends = [(page.after, page.last) for page in pages]
    assert [after for after, _last in ends] == [0, *(last for _after, last in ends[:-1])]
    assert ends[-1][1] == upto


def test_spark_and_this_process_give_the_same(tmp_path):
    check(tmp_path / "spark", 1_500)


@pytest.mark.proof
def test_keys_and_the_rest_after_a_cursor_are_the_same(tmp_path):
    parts.need(parts.SPARK)
    made = list(records(300))
    whole = all_links(made, shipped(), counted(made))
    with running(tmp_path / "spark", made) as engine:
        keys = {n: some for page in engine.keys(120, 300) for n, some in page.found.items()}
        links = found(engine.links(120, 300))
    assert keys == {one.number: keys_of(one) for one in made if one.number > 120}
    assert links == {pair: one for pair, one in whole.items() if pair[1] > 120}


@pytest.mark.proof
def test_a_hundred_thousand_are_the_same(tmp_path):
    check(tmp_path / "spark", 100_000)
