"""The grid of moves and the picture of calibration: well-formed, and true to their numbers."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st
from tests.look.test_pictures import SVG, read

from tipline.doors.portals.look.parts import Calibration, Mark, Moves
from tipline.doors.portals.look.pictures.calibration import calibration, standing_alone
from tipline.doors.portals.look.pictures.moves import moves

STEPS = ("Urgent", "High", "Medium", "Low")
counts = st.lists(st.integers(0, 10**9), min_size=4, max_size=4).map(tuple)
grids = st.lists(counts, min_size=4, max_size=4).map(lambda rows: Moves(STEPS, tuple(rows)))


@given(grids)
def test_every_count_stands_in_its_cell(grid):
    root = read(moves("Moves", grid))
    cells = [node for node in root.iter(f"{SVG}g") if node.get("class") == "cell"]
    assert len(cells) == 16
    for number, cell in enumerate(cells):
        count = grid.counts[number // 4][number % 4]
        [words] = [node.text for node in cell.iter(f"{SVG}text")]
        assert words == (f"{count:,}" if count else "·")


def test_what_moves_most_is_darkest_and_what_stays_is_outlined():
    grid = Moves(STEPS[:2], ((50, 4), (1, 70)))
    boxes = list(read(moves("Moves", grid)).iter(f"{SVG}rect"))
    assert [box.get("class") for box in boxes] == ["stays", "bar", "bar", "stays"]
    shades = [float(box.get("fill-opacity")) for box in boxes]
    assert shades[1] > shades[2] > shades[0]


def test_a_count_below_zero_is_refused():
    with pytest.raises(ValueError, match="below zero"):
        moves("Moves", Moves(STEPS[:1], ((-1,),)))


def test_an_empty_grid_is_a_picture_too():
    assert read(moves("Moves", Moves((), ()))).tag == f"{SVG}svg"


shares = st.floats(0, 1)
marks = st.lists(st.builds(Mark, shares, shares, shares, shares, st.integers(0, 999)), max_size=6)


@given(marks, marks)
def test_marks_lie_where_their_shares_say(one, other):
    shown = Calibration("a <b>", tuple(one), "c", tuple(other), "axis")
    root = read(calibration("Foretold", shown))
    circles = list(root.iter(f"{SVG}circle"))
    dots = [dot for dot in circles if "legend" not in dot.get("class")]
    assert len(circles) - len(dots) == (2 if other else 0)
    assert len(dots) == len(one) + len(other)
    assert [dot.get("class") for dot in dots] == ["hollow-mark"] * len(other) + ["mark"] * len(one)
    for dot, mark in zip(dots, [*other, *one], strict=True):
        across = float(dot.get("cx").rstrip("%")) / 100
        up = float(dot.get("cy"))
        assert across == pytest.approx(0.12 + 0.82 * mark.foretold, abs=1e-3)
        assert up == pytest.approx(8 + 240 * (1 - mark.found), abs=0.02)


def test_both_come_with_their_table():
    mark = Mark(0.2, 0.25, 0.1, 0.4, 40)
    shown = Calibration("these", (mark,), "those", (), "axis")
    html = Template("{% load look %}{% calibration c 'T' %}{% moves m 'M' %}").render(
        Context({"c": shown, "m": Moves(STEPS[:2], ((5, 1), (0, 7)))})
    )
    assert ">25 %</td>" in html
    assert ">40</td>" in html
    assert ">From / to</th>" in html
    assert html.count("As a table") == 2


def test_the_picture_of_a_file_carries_its_size_and_styles():
    shown = Calibration("these", (Mark(0.2, 0.25, 0.1, 0.4, 40),), "those", (), "axis")
    alone = standing_alone("Foretold", shown)
    root = ET.fromstring(alone)
    assert root.get("width") == "560"
    assert [node.tag for node in root][:3] == [f"{SVG}style", f"{SVG}title", f"{SVG}desc"]
