"""Tags and filters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from tests.look.gallery import EIGHT, MANY, NOW, WOULD_CHANGE, ZERO

from tipline.doors.portals.look.figures import bits_figure, multiples_figure, waterfall_figure
from tipline.doors.portals.look.parts import Series, Weighed, Weight
from tipline.doors.portals.look.signs import BANDS, SOURCES
from tipline.ground.foundation.reasons import Source


def drawn(template: str, /, **context) -> str:
    return Template("{% load look %}" + template).render(Context({"now": NOW, **context}))


@pytest.mark.parametrize(
    ("code", "word", "shape"),
    [
        ("urgent", "Urgent", "◆"),
        ("high", "High", "▲"),
        ("medium", "Medium", "●"),
        ("low", "Low", "○"),
    ],
)
def test_a_band_is_a_word_and_a_shape(code, word, shape):
    html = drawn("{% band code %}", code=code)
    assert f">{word} <" in html
    assert f">{shape}<" in html
    assert f"band-{code}" in html


def test_an_unknown_band_shows_itself_escaped():
    assert "&lt;b&gt;" in drawn("{% band code %}", code="<b>")


def test_unconfirmed_urgent_is_urgent_and_says_so():
    html = drawn("{% band 'urgent' unconfirmed=True %}")
    assert "band-urgent" in html
    assert "unconfirmed" in html


def test_no_two_signs_share_a_shape_and_every_source_has_one():
    signs = [*BANDS.values(), *SOURCES.values()]
    assert len({sign.shape for sign in signs}) == len(signs)
    assert set(SOURCES) == {str(source) for source in Source}


def test_nobody_named_draws_no_tag():
    assert drawn("{% asserted source %}", source=None) == ""
    assert "reporter" in drawn("{% asserted source %}", source=Source.REPORTER)


def test_a_time_is_relative_with_the_absolute_one_on_hover():
    html = drawn("{% when t %}", t=NOW - timedelta(hours=3))
    assert html == (
        '<time class="when" datetime="2026-03-02T07:11:00+00:00" title="2026-03-02 07:11 UTC">'
        "3 h ago</time>"
    )


def test_a_time_without_zone_stands_as_written():
    html = drawn("{% when None written='2026-01-10T14:14:00' %}")
    assert "2026-01-10T14:14:00" in html
    assert "zone not given" in html
    assert "<time" not in html


@given(st.text())
def test_what_was_written_is_escaped(written):
    html = drawn("{% when t written=w %}", t=NOW, w=written)
    assert html.count("<") == (4 if written else 2)  # the time and the original, each closed


def test_filters():
    context = {"t": NOW - timedelta(hours=3), "r": EIGHT}
    assert drawn("{{ t|ago:now }} / {{ t|left:now }}", **context) == "3 h ago / 3 h over"
    assert (
        drawn("{% for r in r|strongest:2 %}{{ r.points|signed }} {% endfor %}", **context)
        == "+40 +30 "
    )
    assert [drawn("{{ v|yes_no }}", v=v) for v in (True, False, None)] == ["yes", "no", "not said"]


def test_a_clock_that_does_not_run_is_a_dash():
    assert drawn("{% alarm 0 %}") == ""
    assert "Soon" in drawn("{% alarm 1 %}")
    shown = drawn("{% alarm 2 words %}", words="9 days left")
    assert "Act now" in shown
    assert "▼" in shown
    assert 'title="9 days left"' in shown
    assert drawn("{% clock_small None t %}", t=NOW) == "\N{EN DASH}"
    assert "3 h left" in drawn("{% clock_small t n %}", t=NOW + timedelta(hours=3), n=NOW)


def test_the_waterfall_has_its_table_and_what_stands_below():
    html = drawn("{% waterfall r 'Danger' top=2 would_change=w %}", r=EIGHT + ZERO, w=WOULD_CHANGE)
    assert "Explains, moves nothing:" in html
    assert "AI flag alone moves nothing" in html
    assert "A label by an analyst: up to +15" in html
    assert "6 more reasons" in html
    table = html[html.index("<table") :]
    assert all(f'dir="auto">{words}' in table for words in ("Label: production signs", "Total"))


def test_the_table_behind_a_folded_picture_keeps_every_reason():
    table = waterfall_figure(MANY, "Danger", top=3)["table"]
    assert len(table.rows) == len(MANY) + 1
    assert table.rows[-1] == ("Total", "", "+35")


def test_multiples_tell_every_value_in_one_table():
    series = [Series("a", (("Jan", 1.0), ("Feb", 2.0))), Series("b", (("Feb", 3.0),))]
    assert multiples_figure(series, "Months")["table"].rows == (
        ("Jan", "1", "\N{EN DASH}"),
        ("Feb", "2", "3"),
    )


@pytest.mark.parametrize(
    ("query", "link", "direction"),
    [
        ("", "sort=band", None),
        ("sort=band&page=3&q=a+b", "sort=-band&q=a+b", "ascending"),
        ("sort=-band", "sort=band", "descending"),
        ("sort=other", "sort=band", None),
    ],
)
def test_a_heading_sorts_and_keeps_the_filter(query, link, direction):
    html = drawn("{% sort_header 'Danger' 'band' %}", request=RequestFactory().get(f"/?{query}"))
    href = html.split('href="?')[1].split('"')[0].replace("&amp;", "&")
    assert QueryDict(href) == QueryDict(link)
    assert ("aria-sort" in html) == bool(direction)
    assert f'aria-sort="{direction}"' in html or direction is None


def test_evidence_has_each_sum_on_the_way_as_a_table():
    weighed = Weighed((Weight("Before", -20.9), Weight("Same name", 23.3)), "Odds", (0.0, "Line"))
    html = drawn("{% bits w 'Evidence' layout='beside' %}", w=weighed)

    assert html.count("<svg") == 2
    table = bits_figure(weighed, "Evidence")["table"]
    minus = "\N{MINUS SIGN}20.9"
    assert table.rows == (
        ("Before", minus, minus),
        ("Same name", "+23.3", "+2.4"),
        ("Odds", "", "+2.4"),
        ("Line", "", "0.0"),
    )
    explained = Weighed((), "Odds", explaining=("Different names",))
    assert "Different names" in drawn("{% bits w 'Evidence' %}", w=explained)
