"""Pictures: well-formed, escaped, and true to the numbers they show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.look.gallery import (
    EIGHT,
    LONG,
    MANY,
    NEGATIVE,
    NOW,
    ONE,
    RIGHT_TO_LEFT,
    ZERO,
    moments,
    said,
)

from tipline.doors.portals.look.parts import (
    TIES,
    Bar,
    Event,
    Moment,
    Node,
    Series,
    Tie,
    Weighed,
    Weight,
)
from tipline.doors.portals.look.pictures.bars import bars
from tipline.doors.portals.look.pictures.bits import bits, in_bits
from tipline.doors.portals.look.pictures.clocks import clock, share_left, small_bar
from tipline.doors.portals.look.pictures.events import events
from tipline.doors.portals.look.pictures.events import share as share_of_time
from tipline.doors.portals.look.pictures.lifeline import gaps, lifeline
from tipline.doors.portals.look.pictures.multiples import multiple, scale_of
from tipline.doors.portals.look.pictures.svg import element, is_right_to_left, width_of, wrap
from tipline.doors.portals.look.pictures.ties import ties
from tipline.doors.portals.look.pictures.waterfall import (
    WORDS_WIDTH,
    explaining,
    moving,
    signed,
    steps,
    waterfall,
)
from tipline.ground.foundation.reasons import Reason, Source, total

SVG = "{http://www.w3.org/2000/svg}"

texts = st.text(max_size=60)
reasons = st.lists(
    st.builds(
        Reason,
        code=st.just("gallery.plain"),
        params=st.fixed_dictionaries({"words": texts}),
        points=st.integers(-200, 200),
        source=st.sampled_from(Source),
        version=st.just("1"),
    ),
    max_size=25,
)


def read(svg: str) -> ET.Element:
    root = ET.fromstring(svg)
    for node in root.iter():
        assert "style" not in node.attrib
        assert not [name for name in node.attrib if name.startswith("on")]
        assert node.tag.removeprefix(SVG) in {
            "svg", "title", "desc", "g", "rect", "line", "text", "tspan", "circle", "path",
        }  # fmt: skip
    return root


def of_class(root: ET.Element, name: str) -> list[ET.Element]:
    return [node for node in root.iter() if name in node.get("class", "").split()]


def share(value: str | None) -> float:
    assert value is not None
    assert value.endswith("%")
    return float(value.removesuffix("%"))


@pytest.mark.parametrize(
    "given_reasons", [[], ONE, EIGHT, MANY, NEGATIVE, LONG, RIGHT_TO_LEFT, ZERO]
)
@pytest.mark.parametrize("layout", ["stacked", "beside"])
def test_a_waterfall_has_one_row_per_moving_reason_and_a_total(given_reasons, layout):
    root = read(waterfall("Danger", given_reasons, layout=layout))
    rows = of_class(root, "step")
    assert len(rows) == len(moving(given_reasons)) + 1
    points = [int(row.get("data-points", "")) for row in rows]
    assert sum(points[:-1]) == points[-1] == total(given_reasons)


def test_a_picture_says_itself_in_words():
    root = read(waterfall("Danger", EIGHT, unit="bits"))
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert title is not None
    assert title.text == "Danger"
    assert desc is not None
    assert desc.text is not None
    assert desc.text.startswith(
        "Total +85 bits; ESP says: immediate risk (Example Chat): +40 (reporter); "
    )
    assert "Cap: at most 100 from reports alone: \N{MINUS SIGN}17 (system)" in desc.text


def test_bars_are_as_long_as_their_points_and_follow_each_other():
    root = read(waterfall("Danger", EIGHT))
    rows = of_class(root, "step")[:-1]
    highest = max(step.end for step in steps(EIGHT))
    edge = 0.0
    for row, step in zip(rows, steps(EIGHT), strict=True):
        (bar,) = of_class(row, "bar")
        left, width = share(bar.get("x")), share(bar.get("width"))
        assert width == pytest.approx(100 * abs(step.points) / highest, abs=0.02)
        start, end = (left, left + width) if step.points > 0 else (left + width, left)
        assert start == pytest.approx(edge, abs=0.03)
        edge = end


def test_the_running_sum_joins_each_bar_to_the_next():
    root = read(waterfall("Danger", EIGHT))
    assert len(of_class(root, "sum")) == len(EIGHT)
    for line in of_class(root, "sum"):
        assert float(line.get("y1", "0")) < float(line.get("y2", "0"))


def test_a_negative_sum_stays_inside_the_picture():
    root = read(waterfall("Danger", NEGATIVE))
    for bar in of_class(root, "bar"):
        assert share(bar.get("x")) >= 0
        assert share(bar.get("x")) + share(bar.get("width")) <= 100.01
    assert [row.get("class") for row in of_class(root, "step")] == [
        "step up", "step down", "step down", "step down total",
    ]  # fmt: skip


def test_raising_is_filled_and_lowering_is_hollow():
    up, down, _total = of_class(read(waterfall("Danger", [said("a", 5), said("b", -3)])), "bar")
    assert up.get("fill") is None
    assert down.get("fill") == "none"
    assert down.get("stroke") == "currentColor"


def test_folding_keeps_the_sum():
    folded = steps(MANY, top=6)
    assert len(folded) == 7
    assert folded[-1].words == "18 more reasons"
    assert folded[-1].end == total(MANY)
    assert steps(EIGHT, top=7) == steps(EIGHT)  # one more reason is shown, not folded


def test_zero_points_explain_and_draw_nothing():
    assert explaining(EIGHT + ZERO) == ZERO
    assert len(of_class(read(waterfall("Danger", ZERO)), "bar")) == 0


def test_words_that_run_from_right_to_left_start_at_the_left_edge():
    first = of_class(read(waterfall("Danger", RIGHT_TO_LEFT)), "step")[0]
    line = first.findall(f"{SVG}text")[0]
    assert (line.get("direction"), line.get("text-anchor"), line.get("x")) == ("rtl", "end", "0")


@given(reasons, st.none() | st.integers(1, 10), texts)
def test_any_reasons_make_a_sound_picture(given_reasons, top, title):
    root = read(waterfall(title, given_reasons, top=top))
    drawn = steps(given_reasons, top)
    assert sum(step.points for step in drawn) == total(given_reasons)
    assert all(before.end == after.start for before, after in pairwise(drawn))
    assert len(of_class(root, "step")) == len(drawn) + 1
    # What adds comes first, each kind longest first; what is folded into one stands last.
    order = [(step.points < 0, -abs(step.points)) for step in drawn][: top or None]
    assert order == sorted(order)


@given(st.text())
def test_any_text_survives_as_text(words):
    node = ET.fromstring(element("text", words, class_=words))
    assert len(node) == 0
    kept = "".join(node.itertext())
    assert len(kept.replace("\n", "")) <= len(words)
    if words.isprintable():
        assert kept == words
        assert node.get("class") == words


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x24F), max_size=200))
def test_wrapping_loses_no_letter_and_keeps_the_width(words):
    lines = wrap(words, WORDS_WIDTH)
    assert "".join(lines).replace(" ", "") == "".join(words.split())
    assert all(width_of(line) <= WORDS_WIDTH for line in lines)


def test_direction_is_the_first_strong_letters():
    assert is_right_to_left("12 حساب example")
    assert not is_right_to_left("Mixed: حساب")
    assert not is_right_to_left("123")


def test_signed_uses_a_real_minus():
    assert [signed(40), signed(-12), signed(0)] == ["+40", "\N{MINUS SIGN}12", "0"]


def test_a_clock_empties():
    start, end = NOW - timedelta(days=3), NOW + timedelta(days=1)
    root = read(clock("Preservation", start, end, NOW))
    (bar,) = of_class(root, "bar")
    assert (share(bar.get("x")), share(bar.get("width"))) == (75, 25)
    assert "24 h left: 2026-03-03 10:11 UTC." in (root.findtext(f"{SVG}desc") or "")
    assert read(small_bar(start, end, NOW)).get("aria-hidden") == "true"


@given(*[st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1))] * 3)  # noqa: DTZ001 - made aware below
def test_what_is_left_of_a_clock_is_a_share(start, end, now):
    start, end, now = (moment.replace(tzinfo=UTC) for moment in (start, end, now))
    left = share_left(start, end, now)
    assert 0 <= left <= 1
    assert (left == 0) == (now >= end)


def test_a_life_has_all_stations_and_says_what_has_not_come():
    root = read(lifeline("Life", moments(6)))
    assert len(of_class(root, "come")) == 6
    assert len(of_class(root, "ahead")) == 3 + 1  # three stations and the line to come
    assert "Referred: not yet" in (root.findtext(f"{SVG}desc") or "")


def test_a_life_tells_the_time_between_stations():
    later = [Moment("a", NOW), Moment("b", NOW + timedelta(seconds=40)), Moment("c", None)]
    assert gaps(later) == ["40 s", ""]
    read(lifeline("Nothing yet", []))


def test_counts_keep_their_proportion_and_show_their_figures():
    root = read(
        bars("Types", [Bar("a", 200), Bar("b", 50), Bar("c", None, "fewer than 5")], "reports")
    )
    assert [share(bar.get("width")) for bar in of_class(root, "bar")] == [100, 25]
    assert root.findtext(f"{SVG}desc") == "a: 200 reports; b: 50 reports; c: fewer than 5."
    with pytest.raises(ValueError, match="below zero"):
        bars("Types", [Bar("a", -1)])


def test_small_multiples_share_one_scale():
    both = [Series("a", (("1", 10.0), ("2", 40.0))), Series("b", (("1", 20.0),))]
    heights = [
        float(bar.get("height", ""))
        for one in both
        for bar in of_class(read(multiple(one, scale_of(both))), "bar")
    ]
    assert heights == [14, 56, 28]
    read(multiple(Series("empty", ()), scale_of([])))


def test_ranges_are_drawn_on_the_same_scale_and_said():
    one = Series("a", (("1", 10.0), ("2", 0.0)), ((5.0, 40.0), (0.0, 20.0)))
    root = read(multiple(one, scale_of([one]), "%"))
    first, second = of_class(root, "range")

    assert scale_of([one]) == 40
    assert (float(first.get("y1")), float(second.get("y1"))) == (16, 16 + 56 / 2)
    assert float(second.get("y2")) == 16 + 56
    assert "1: 10 % (5 %\N{EN DASH}40 %)" in root.findtext(f"{SVG}desc")


EVIDENCE = Weighed(
    (Weight("Before", -20.9), Weight("Same name", 14.1), Weight("Rare", 9.2), Weight("Cap", -1.2)),
    "Odds",
    (0.0, "Proposed from here"),
)


def test_bits_run_from_bar_to_bar_and_end_at_their_sum():
    root = read(bits("Evidence", EVIDENCE))
    rows = of_class(root, "step")

    assert [row.attrib["data-points"] for row in rows] == ["-209", "141", "92", "-12", "12"]
    said = [next(node.text for node in row if "points" in node.get("class", "")) for row in rows]
    assert said == [
        "\N{MINUS SIGN}20.9",
        "+14.1",
        "+9.2",
        "\N{MINUS SIGN}1.2",
        "+1.2 bits",
    ]
    assert [row.attrib["class"] for row in rows][-1] == "step up total"


def test_the_line_is_drawn_where_it_stands_and_told_in_words():
    root = read(bits("Evidence", EVIDENCE))
    zero, marked = of_class(root, "zero")[0], of_class(root, "marked")[0]

    assert marked.attrib["x1"] == zero.attrib["x1"]
    assert "Proposed from here" in root.find(f"{SVG}desc").text
    assert any(node.text == "Proposed from here" for node in root.iter(f"{SVG}text"))


@given(
    st.lists(st.tuples(texts, st.floats(-60, 60)), max_size=12),
    st.none() | st.tuples(st.floats(-60, 60), texts),
    st.sampled_from(["stacked", "beside"]),
)
def test_any_evidence_can_be_drawn(weights, line, layout):
    weighed = Weighed(tuple(Weight(words, value) for words, value in weights), "Sum", line)
    root = read(bits("Evidence", weighed, layout=layout))
    steps_drawn = [int(row.attrib["data-points"]) for row in of_class(root, "step")]

    assert sum(steps_drawn[:-1]) == steps_drawn[-1]
    for bar in of_class(root, "bar"):
        assert 0 <= float(bar.attrib["x"].rstrip("%")) <= 100


def test_bits_as_people_read_them():
    assert [in_bits(n) for n in (14.06, -2, 0, -0.04)] == [
        "+14.1",
        "\N{MINUS SIGN}2.0",
        "0.0",
        "0.0",
    ]


@st.composite
def tied(draw):
    nodes = draw(st.lists(st.builds(Node, texts, texts), min_size=2, max_size=12))
    pairs = draw(st.lists(st.tuples(*[st.integers(0, len(nodes) - 1)] * 2), max_size=15))
    made = [
        Tie(*sorted(pair), draw(st.sampled_from(TIES)), n, draw(texts), draw(st.booleans()))
        for n, pair in enumerate(pairs, 1)
        if pair[0] != pair[1]
    ]
    return nodes, made


@given(tied())
def test_every_tie_is_drawn_numbered_and_told(given_ties):
    nodes, made = given_ties
    root = read(ties("Ties", nodes, made))

    assert len(of_class(root, "node")) == len(nodes)
    drawn = [one for style in TIES for one in of_class(root, style)]
    used = {tie.style for tie in made}
    assert len(drawn) == len(made) + len(used)  # each kind of line is explained once
    numbers = [
        node.text for one in drawn for node in one if "points" in node.attrib.get("class", "")
    ]
    assert sorted(numbers) == sorted(str(tie.number) for tie in made)
    for tie in made:
        assert f"{tie.number}: " in root.find(f"{SVG}desc").text


def test_kinds_of_ties_differ_in_their_lines():
    nodes = [Node("1"), Node("2")]
    lines = set()
    for style in TIES:
        root = read(ties("Ties", nodes, [Tie(0, 1, style, 1, "why")]))
        paths = [one for one in of_class(root, style)[0] if one.tag == f"{SVG}path"]
        lines.add(tuple((p.get("stroke-width"), p.get("stroke-dasharray")) for p in paths))
    assert len(lines) == len(TIES)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.datetimes(timezones=st.just(UTC)), texts), max_size=9)
)
def test_every_event_lies_in_its_row_and_in_the_order_of_time(happened):
    made = [Event(row, at, words) for row, at, words in happened]
    root = read(events("Events", ["a", "b", "c"], made))
    dots = [one.find(f"{SVG}circle") for one in of_class(root, "event")]

    assert len(dots) == len(made)
    places = [(float(dot.get("cx").rstrip("%")), float(dot.get("cy"))) for dot in dots]
    for (x, y), event in zip(places, made, strict=True):
        assert 0 <= x <= 100
        assert y == 30 + 36 * event.row
    for (x, _y), one in zip(places, made, strict=True):
        for (other_x, _other_y), other in zip(places, made, strict=True):
            assert (x <= other_x) or one.at > other.at


def test_one_instant_stands_in_the_middle():
    assert share_of_time(NOW, NOW, NOW) == 0.5
