"""A table tried on history adds up what moved, for whom, within bounds."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.gate.test_gate import BASE, POLICY, decisions, without

from tipline.record.evidence.gate import decide
from tipline.record.evidence.publication import rules
from tipline.record.evidence.publication.rules import Asked, add, empty

TRIED = without(POLICY, "8")
FILES = st.lists(
    st.lists(st.tuples(st.integers(1, 4), decisions()), max_size=3).map(
        lambda file: tuple(Asked(asker, 7, inputs) for asker, inputs in file)
    ),
    max_size=6,
)


@given(files=FILES)
def test_the_sums_are_those_of_the_single_decisions(files):
    found = add(empty(), files, POLICY, TRIED)
    pairs = [
        (one, decide(one.inputs, POLICY), decide(one.inputs, TRIED))
        for file in files
        for one in file
    ]
    assert (found["files"], found["asked"]) == (len(files), len(pairs))
    assert found["opens"] == sum(new.open and not old.open for _one, old, new in pairs)
    assert found["closes"] == sum(old.open and not new.open for _one, old, new in pairs)
    assert found["other_rule"] == sum(old.rule != new.rule for _one, old, new in pairs)
    assert found["closes"] == sum(closes for _opens, closes in found["askers"].values())
    assert found["files_close"] <= min(found["closes"], len(files))


@given(files=FILES, cut=st.integers(0, 6))
def test_it_can_be_put_down_after_any_page(files, cut):
    whole = add(empty(), files, POLICY, TRIED)
    assert add(add(empty(), files[:cut], POLICY, TRIED), files[cut:], POLICY, TRIED) == whole


def test_the_same_table_moves_nothing():
    found = add(empty(), [(Asked(1, 7, BASE),)], POLICY, POLICY)
    assert (found["opens"], found["closes"], found["movers"], found["askers"]) == (0, 0, [], {})


def test_what_is_listed_is_bounded_and_what_is_counted_is_not(monkeypatch):
    monkeypatch.setattr(rules, "MOST_MOVERS", 3)
    monkeypatch.setattr(rules, "MOST_ASKERS", 2)
    seen = replace(
        BASE,
        viewed_by_esp=True,
        viewed_means=next(iter(type(BASE.viewed_means))),
    )
    files = [tuple(Asked(asker, 7, seen) for asker in range(5)) for _n in range(2)]
    found = add(empty(), files, POLICY, TRIED)
    assert (found["closes"], found["files_close"]) == (10, 2)
    assert len(found["movers"]) == 3
    assert found["askers"] == {"0": [0, 2], "1": [0, 2]}
    back = add(empty(), files, TRIED, POLICY)
    assert (back["opens"], back["files_open"], back["exif_opens"]) == (10, 2, 0)
