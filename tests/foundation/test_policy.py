"""Policy files: what a right one gives, and how a wrong one is refused."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.foundation.errors import Invalid
from tipline.ground.foundation.policy import PolicyError, Problem, Table, load, packaged, parse

RIGHT = b"""
name = "lamp"
version = "3"
jurisdiction = "XX"
colour = "red"
watts = 40
dim = true
rooms = ["hall", "attic"]
steps = [1, 5]
[shade]
height = 7
"""


@dataclass(frozen=True)
class Lamp:
    colour: str
    watts: int
    dim: bool
    rooms: tuple[str, ...]
    steps: tuple[int, ...]
    height: int


def lamp(table: Table) -> Lamp:
    return Lamp(
        colour=table.text("colour", one_of=["red", "green"]),
        watts=table.integer("watts", low=0, high=100),
        dim=table.flag("dim"),
        rooms=table.texts("rooms", one_of=["hall", "attic", "cellar"]),
        steps=table.integers("steps"),
        height=table.table("shade").integer("height", low=1),
    )


def problems(text: bytes) -> dict[str, str]:
    with pytest.raises(PolicyError) as caught:
        parse(text, "lamp.toml", lamp)
    return {problem.key: problem.fix for problem in caught.value.problems}


def test_a_right_file_gives_its_rules_and_its_names():
    policy = parse(RIGHT, "lamp.toml", lamp)
    assert policy.rules == Lamp("red", 40, True, ("hall", "attic"), (1, 5), 7)
    assert (policy.name, policy.version, policy.jurisdiction) == ("lamp", "3", "XX")
    assert policy.stamp == "lamp@3"
    assert policy.digest == sha256(RIGHT).hexdigest()


def test_the_digest_is_of_the_bytes_comments_included():
    assert parse(RIGHT + b"# a word", "f", lamp).digest != parse(RIGHT, "f", lamp).digest


def test_a_policy_cannot_be_changed():
    with pytest.raises(AttributeError):
        parse(RIGHT, "f", lamp).version = "4"


def test_all_problems_are_told_at_once_with_key_and_fix():
    wrong = (
        RIGHT.replace(b'"red"', b'"blue"')
        .replace(b"40", b"400")
        .replace(b"true", b"1")
        .replace(b'"attic"', b'"atic"')
        .replace(b"height = 7", b"height = 0")
    )
    assert problems(wrong) == {
        "colour": "'blue' is not one of red, green",
        "watts": "400 is out of bounds: give 0 to 100",
        "dim": "must be true or false",
        "rooms": "'atic' is unknown; did you mean 'attic'?",
        "shade.height": "0 is out of bounds: give at least 1",
    }


def test_the_message_names_the_file_each_key_and_the_fix():
    with pytest.raises(PolicyError) as caught:
        parse(RIGHT.replace(b"40", b'"forty"'), "lamp.toml", lamp)
    assert caught.value.message == (
        "The policy file lamp.toml cannot be used:\n  watts: must be a whole number"
    )
    assert isinstance(caught.value, Invalid)
    assert caught.value.field == "watts"


def test_a_missing_header_and_a_missing_table_are_told():
    told = problems(RIGHT.replace(b'name = "lamp"', b"").split(b"[shade]")[0])
    assert told == {
        "name": "is missing; give a text in quotes",
        "shade": "is missing; give a table",
        "shade.height": "is missing; give a whole number",
    }


def test_unknown_keys_are_refused_at_every_depth_with_a_guess():
    told = problems(RIGHT + b"heigth = 2\n[extra]\nx = 1\n")
    assert told == {
        "shade.heigth": "unknown key; remove it; did you mean 'height'?",
        "extra": "unknown key; remove it",
    }


def test_bounds_include_their_ends():
    for watts in (b"0", b"100"):
        assert parse(RIGHT.replace(b"40", watts), "f", lamp).rules.watts == int(watts)
    for watts in (b"-1", b"101"):
        assert list(problems(RIGHT.replace(b"40", watts))) == ["watts"]


def test_a_key_may_be_left_out_where_the_validator_asks_first():
    def optional(table: Table) -> int:
        return table.integer("watts") if table.has("watts") else 60

    header = b'name = "lamp"\nversion = "3"\njurisdiction = "XX"\n'
    assert parse(header, "f", optional).rules == 60
    assert parse(header + b"watts = 5", "f", optional).rules == 5


def test_true_is_no_number_and_a_number_is_no_text():
    told = problems(RIGHT.replace(b"40", b"true").replace(b'"red"', b"7"))
    assert told == {"watts": "must be a whole number", "colour": "must be a text in quotes"}
    told = problems(RIGHT.replace(b"[1, 5]", b"[1, true]"))
    assert told == {"steps": "every entry must be a whole number"}


def test_blank_texts_and_repeated_entries_are_refused():
    assert problems(RIGHT.replace(b'"3"', b'"  "')) == {"version": "must not be blank"}
    told = problems(RIGHT.replace(b'"attic"', b'"hall"'))
    assert told == {"rooms": "'hall' stands there twice; keep one"}


@pytest.mark.parametrize(
    ("data", "word"),
    [(b"\xff\xfe", "UTF-8"), (b"name = ", "not TOML"), (b"a = 1\na = 2", "not TOML")],
)
def test_what_is_no_toml_is_said_plainly(data, word):
    assert word in problems(data)[""]


def test_a_file_that_cannot_be_read_is_said_plainly(tmp_path):
    with pytest.raises(PolicyError, match=r"cannot be read \(No such file") as caught:
        load(tmp_path / "none.toml", lamp)
    assert caught.value.problems[0].key == ""


def test_a_file_of_a_folder_and_of_a_package_load_alike(tmp_path):
    file = tmp_path / "lamp.toml"
    file.write_bytes(RIGHT)
    assert load(file, lamp) == parse(RIGHT, "lamp.toml", lamp)

    def anything(table: Table) -> None:
        assert "danger" in table.keys()  # noqa: SIM118 - a Table is no mapping

    with pytest.raises(PolicyError) as caught:
        packaged("tipline.insight.triage", "policies/triage-us.toml", anything)
    assert caught.value.file == "triage-us.toml"
    assert "danger" in {problem.key for problem in caught.value.problems}


def test_a_validator_may_note_problems_of_its_own():
    def strict(table: Table) -> Lamp:
        rules = lamp(table)
        table.problem("watts", "must be less than the height")
        return rules

    with pytest.raises(PolicyError) as caught:
        parse(RIGHT, "f", strict)
    assert caught.value.problems == (Problem("watts", "must be less than the height"),)


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_refused_with_a_problem_and_never_crash(data):
    with pytest.raises(PolicyError) as caught:
        parse(data, "f", lamp)
    assert caught.value.problems


@given(st.floats(0, 1))
def test_a_number_may_be_whole_or_not(value):
    table = Table({"m": value, "n": 1})
    assert (table.number("m", low=0, high=1), table.number("n", low=0, high=1)) == (value, 1.0)
    assert table.problems() == ()


@pytest.mark.parametrize(
    ("content", "fix"),
    [
        ({}, "is missing; give a number"),
        ({"m": "1"}, "must be a number"),
        ({"m": True}, "must be a number"),
        ({"m": float("inf")}, "must be a number"),
        ({"m": 2}, "2 is out of bounds: give 0 to 1"),
        ({"m": 10**400}, f"{10**400} is out of bounds: give 0 to 1"),
    ],
)
def test_what_is_no_number_is_told(content, fix):
    table = Table(content)
    table.number("m", low=0, high=1)
    assert table.problems() == (Problem("m", fix),)


@given(st.integers() | st.floats() | st.text(max_size=3) | st.booleans() | st.none())
def test_a_validator_never_works_with_a_number_out_of_bounds(value):
    table = Table({"m": value})
    assert table.number("m", low=0.5, high=2) in (0.0, value) or table.problems()
    assert (
        table.number("m", low=0.5, high=2) == 0.0 or 0.5 <= table.number("m", low=0.5, high=2) <= 2
    )
    assert table.integer("m", low=3, high=9) == 0 or 3 <= table.integer("m", low=3, high=9) <= 9
