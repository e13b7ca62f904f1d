"""Spark gives the pairs, points and reasons that this process gives."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
from tests import parts

from benchmarks.linking.records import records
from tipline.insight.entities.history.rules import all_links, keys_of
from tipline.insight.entities.scoring.rules import Frequencies
from tipline.insight.entities.scoring.rules_model import shipped

BY = (shipped(), Frequencies())


@pytest.fixture
def spark(tmp_path: Path):
    """Spark on this machine, its folder given."""
    parts.need(parts.SPARK)
    from tipline.insight.entities.history import spark

    with spark.running(tmp_path / "spark", "local[2]") as engine:
        yield engine
    assert not (tmp_path / "spark").exists()


def put(engine, made, a_file: int) -> None:
    """Records as the engine would have written them, in several files."""
    from tipline.insight.entities.history import arrow

    folder, rest = engine.folder / "records", iter(made)
    folder.mkdir()
    while some := list(islice(rest, a_file)):
        arrow.write_records(folder / f"{some[0].number}.parquet", [some])


def found(pages) -> dict:
    return {
        (low, high): proposal
        for page in pages
        for high, links in page.found.items()
        for low, proposal in links.items()
    }


def check(engine, count: int) -> None:
    made = list(records(count, first=1000))
    put(engine, made, count // 3)
    upto = made[-1].number + 5
    wanted = all_links(made, *BY)
    assert len(wanted) > count // 4
    pages = list(engine.links(0, upto))
    assert found(pages) == wanted
    ends = [(page.after, page.last) for page in pages]
    assert [after for after, _last in ends] == [0, *(last for _after, last in ends[:-1])]
    assert ends[-1][1] == upto


def test_spark_and_this_process_give_the_same(spark):
    check(spark, 1_500)


def test_keys_and_the_rest_after_a_cursor_are_the_same(spark):
    made = list(records(300))
    put(spark, made, 100)
    keys = {n: some for page in spark.keys(120, 300) for n, some in page.found.items()}
    assert keys == {one.number: keys_of(one) for one in made if one.number > 120}
    wanted = {pair: one for pair, one in all_links(made, *BY).items() if pair[1] > 120}
    assert found(spark.links(120, 300)) == wanted


@pytest.mark.proof
def test_a_hundred_thousand_are_the_same(spark):
    check(spark, 100_000)
