"""The gate's policy files: what they may say, and what no file may open."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from importlib.resources import files
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.foundation.policy import PolicyError, parse
from tipline.record.evidence.gate_policy import (
    MAY_OPEN,
    MOST_ROWS,
    Jurisdiction,
    Match,
    default_policy,
    validate,
    values,
)

TEXT = files("tipline.record.evidence").joinpath("policies/gate-us.toml").read_text()
HEAD = 'name = "gate-x"\nversion = "1"\njurisdiction = "X"\nfingerprint_blocked_files = true\n'
VIEWED = {"viewed_by_esp": ["yes"], "viewed_means": ["this_upload_by_person_before_reporting"]}
PUBLIC = {"publicly_available": ["yes"], "counsel_enabled_public": ["yes"]}
CONFIRM = {"match": ["exact"], "viewer": ["agency"], "allow_hash_confirm": ["yes"]}
ASSESSES = {"receives_and_assesses": ["yes"]}
PAPER = {"opening": ["warrant"]}


def row(when, **changes) -> str:
    """One row of a file; None leaves a line out."""
    reason = None if "opening" in when else "gate.viewed"
    said = {"rule": "x", "pixels": "allow", "exif": "block", "fingerprint": "allow"}
    said |= {"reason": reason, **changes}
    asked = ", ".join(f"{name} = {values}" for name, values in when.items()).replace("'", '"')
    lines = [f'{name} = "{value}"' for name, value in said.items() if value is not None]
    return "\n".join(["[[rows]]", *lines, f"when = {{ {asked} }}", ""])


def read(text):
    return parse((HEAD + text).encode(), "gate.toml", validate).rules


def problems(text) -> dict[str, str]:
    with pytest.raises(PolicyError) as caught:
        read(text)
    return {problem.key: problem.fix for problem in caught.value.problems}


def test_the_shipped_tables():
    assert [row.rule for row in default_policy().rules.rows] == ["1", "6", "7", "8", "2", "4"]
    assert [row.rule for row in default_policy("uk").rules.rows] == ["A1", "1", "6", "7", "8"]
    for jurisdiction in Jurisdiction:
        policy = default_policy(jurisdiction)
        assert policy.jurisdiction == jurisdiction.upper()
        assert policy.stamp.startswith(f"gate-{jurisdiction}@2026.")
        assert policy.rules.fingerprint_blocked_files is True
    assert default_policy().stamp == "gate-us@2026.2"
    assert default_policy("uk").rules.asks("receives_and_assesses")
    assert not default_policy().rules.asks("receives_and_assesses")


@pytest.mark.parametrize("when", [VIEWED, PUBLIC, CONFIRM, ASSESSES, PAPER])
def test_each_ground_may_open(when):
    [made] = read(row(when)).rows
    assert {name: sorted(values) for name, values in made.when.items()} == when
    assert not made.exif
    assert made.reason == ("" if when is PAPER else "gate.viewed")


def parts(when):
    names = list(when)
    for some in chain.from_iterable(combinations(names, n) for n in range(len(names))):
        yield {name: when[name] for name in some}


@pytest.mark.parametrize("when", [VIEWED, PUBLIC, CONFIRM])
def test_a_part_of_a_ground_opens_nothing(when):
    for part in parts(when):
        told = problems(row({**part, "circuit": ["5"]}))
        assert set(told) == {"rows[1].when"}
        assert "opens by too little" in told["rows[1].when"]


def test_a_match_never_opens_without_the_recipients_counsel():
    for when in (
        {"match": ["exact"]},
        {"match": ["exact"], "viewer": ["agency"], "circuit": ["5"]},
        {"match": ["exact"], "allow_hash_confirm": ["yes"]},
        {**CONFIRM, "viewer": ["clearinghouse"]},
        {**CONFIRM, "viewer": ["agency", "clearinghouse"]},
    ):
        assert "rows[1].when" in problems(row(when))
    for kind in (Match.PERCEPTUAL, Match.NONE):
        assert set(problems(row({**CONFIRM, "match": ["exact", kind.value]}))) == {
            "rows[1].when.match"
        }


NEVER = {
    "viewed_by_esp": ["no", "unknown"],
    "viewed_means": ["other", "unknown"],
    "exif_viewed": ["no", "unknown"],
    "publicly_available": ["no", "unknown"],
    "counsel_enabled_public": ["no"],
    "match": ["none", "perceptual"],
    "circuit": ["none", "0", "12"],
    "allow_hash_confirm": ["no"],
    "receives_and_assesses": ["no"],
    "opening": ["none", "subpoena"],
    "viewer": ["public"],
}


@pytest.mark.parametrize("name", MAY_OPEN)
def test_nothing_opens_by_what_is_unknown_or_denied(name):
    for value in NEVER[name]:
        told = problems(row({**VIEWED, **PAPER, name: [*map(str, MAY_OPEN[name]), value]}))
        assert set(told) == {f"rows[1].when.{name}"}
    assert set(problems(row({**VIEWED, name: []}, reason="gate.viewed"))) >= {
        f"rows[1].when.{name}"
    }


def test_exif_is_never_wider_than_what_is_known_of_it():
    for when in (VIEWED, PUBLIC, CONFIRM):
        assert set(problems(row(when, exif="allow"))) == {"rows[1].exif"}
    for when in ({**VIEWED, "exif_viewed": ["yes"]}, PAPER, ASSESSES):
        assert read(row(when, exif="allow")).rows[0].exif
    assert "rows[1].pixels" in problems(row(PAPER, pixels="block", exif="allow"))
    assert "rows[1].pixels" in problems(row(PAPER, pixels=None))


def test_rows_that_open_exif_stand_first():
    """Else knowing more would close what knowing less opens."""
    narrow, wide = row(VIEWED), row(PAPER, rule="y", exif="allow")
    assert [made.rule for made in read(wide + narrow).rows] == ["y", "x"]
    assert set(problems(narrow + wide)) == {"rows[2].exif"}


def test_the_last_word_is_the_programs():
    for name in ("3", "5"):
        assert "what the program says" in problems(row(PAPER, rule=name))["rows[1].rule"]
    assert read("rows = []\n").rows == ()
    assert problems("")["rows"].startswith("is missing")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (row(PAPER) + row(PAPER), "rows[2].rule"),
        (row(PAPER, rule="much too long"), "rows[1].rule"),
        (row(PAPER, rule=""), "rows[1].rule"),
        (row(PAPER, reason="gate.viewed"), "rows[1].reason"),
        (row(VIEWED, reason="gate.warrant"), "rows[1].reason"),
        (row(VIEWED, reason=None), "rows[1].reason"),
        (row(VIEWED, fingerprint="perhaps"), "rows[1].fingerprint"),
        (row({**VIEWED, "weather": ["fine"]}), "rows[1].when.weather"),
        (row(VIEWED, note="x"), "rows[1].note"),
        ("rows = 3\n", "rows"),
        ("rows = [3]\n", "rows"),
        ("".join(row(PAPER, rule=f"r{n}") for n in range(MOST_ROWS + 1)), "rows"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text, key):
    assert key in problems(text)


def test_a_switch_left_out_is_refused_not_guessed():
    with pytest.raises(PolicyError) as caught:
        parse(TEXT.replace("fingerprint_blocked_files = true", "").encode(), "g", validate)
    [problem] = caught.value.problems
    assert (problem.key, problem.fix) == (
        "fingerprint_blocked_files",
        "is missing; give true or false",
    )


WHEN = st.fixed_dictionaries(
    {},
    optional={
        name: st.lists(
            st.sampled_from([*allowed, *NEVER[name]]), min_size=1, max_size=3, unique=True
        )
        for name, allowed in MAY_OPEN.items()
    },
)


@given(st.lists(st.tuples(WHEN, st.booleans()), max_size=4))
def test_whatever_file_is_read_opens_by_a_ground_of_the_law(rows):
    text = "".join(
        row(when, rule=f"r{n}", exif="allow" if exif else "block")
        for n, (when, exif) in enumerate(rows)
    )
    try:
        made = read(text or "rows = []\n")
    except PolicyError:
        return
    for one in made.rows:
        for name, said in one.when.items():
            assert not said & set(NEVER[name])
        assert any(
            ground.keys() <= one.when.keys()
            for ground in (VIEWED, PUBLIC, CONFIRM, ASSESSES, PAPER)
        )
        if one.exif:
            assert {"exif_viewed", "opening", "receives_and_assesses"} & set(one.when)


def test_circuits_are_those_of_the_statute():
    every = [*(str(number) for number in range(1, 12)), "DC"]
    assert len(every) == 12
    [made] = read(row({**CONFIRM, "circuit": every})).rows
    assert made.when["circuit"] == set(every)
    for none in ("0", "12", "13", "dc"):
        assert set(problems(row({**CONFIRM, "circuit": ["5", none]}))) == {"rows[1].when.circuit"}


def test_a_table_is_read_and_never_changed():
    rules = default_policy().rules
    for one, name in ((rules, "rows"), (rules.rows[0], "exif")):
        with pytest.raises(FrozenInstanceError):
            setattr(one, name, None)


def test_a_table_has_at_most_forty_rows():
    rows = [row(PAPER, rule=f"r{n}") for n in range(41)]
    assert MOST_ROWS == 40
    assert len(read("".join(rows[:40])).rows) == 40
    assert problems("".join(rows)) == {"rows": "has 41 entries; give at most 40"}


def test_two_tables_can_be_compared_value_by_value():
    us, uk = (dict(values(default_policy(one).rules)) for one in Jurisdiction)
    assert us["rows.order"] == "1, 6, 7, 8, 2, 4"
    assert us["rows.4.match"] == "exact, photodna"
    assert us["rows.7.reason"] == "by the paper's kind"
    assert uk["rows.A1.exif"] == "allow"
    told = dict(values(read(row(VIEWED, fingerprint="block"))))
    assert told == {
        "fingerprint_blocked_files": "yes",
        "rows.order": "x",
        "rows.x.viewed_by_esp": "yes",
        "rows.x.viewed_means": "this_upload_by_person_before_reporting",
        "rows.x.exif": "block",
        "rows.x.fingerprint": "block",
        "rows.x.reason": "gate.viewed",
    }
