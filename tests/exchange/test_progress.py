"""How a pull goes on, step by step, wherever it was stopped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.insight.lists.pulling.rules_progress import (
    LAG,
    LINK_LIFE,
    Progress,
    WrongLink,
    advanced,
    begun_anew,
    opened,
    request_path,
    still_good,
)

NOW = datetime(2026, 11, 28, 12, 0, 0, 700_000, tzinfo=UTC)
LINK = "/v2/entries?from=a&to=b&start=1001&size=1000&max=3000"


def test_the_first_window_begins_with_the_first_row_and_ends_a_little_ago():
    progress = opened(Progress(), NOW)

    assert request_path(progress) == (
        "/v2/entries?from=1970-01-01T00:00:00Z&to=2026-11-28T11:59:30Z"
    )


def test_the_next_window_begins_where_the_last_one_ended():
    first = advanced(opened(Progress(), NOW), "", 5, NOW)
    second = opened(first, NOW + timedelta(hours=1))

    assert first == Progress(pulled_to=NOW.replace(microsecond=0) - LAG)
    assert request_path(second) == ("/v2/entries?from=2026-11-28T11:59:30Z&to=2026-11-28T12:59:30Z")


def test_nothing_is_asked_twice_when_no_time_went_by():
    done = advanced(opened(Progress(), NOW), "", 0, NOW)

    assert opened(done, NOW) is None
    assert opened(done, NOW - timedelta(days=1)) is None  # their clock was set back


def test_a_window_under_way_goes_on_at_its_link_and_keeps_its_end():
    under_way = advanced(opened(Progress(), NOW), LINK, 1000, NOW)
    later = opened(under_way, NOW + timedelta(hours=5))

    assert request_path(later) == LINK
    assert later.window_to == NOW.replace(microsecond=0) - LAG
    assert (later.rows, later.pages) == (1000, 1)


def test_a_link_that_has_become_too_old_begins_its_window_anew():
    under_way = advanced(opened(Progress(), NOW), LINK, 1000, NOW)

    assert still_good(under_way, NOW + LINK_LIFE) == under_way
    anew = still_good(under_way, NOW + LINK_LIFE + timedelta(seconds=1))
    assert anew == begun_anew(under_way) == Progress(None, under_way.window_to)
    assert "from=1970" in request_path(anew)


def test_the_life_of_a_link_counts_from_the_first_of_its_window():
    progress = advanced(opened(Progress(), NOW), LINK, 1000, NOW)
    further = advanced(progress, LINK.replace("1001", "2001"), 1000, NOW + LINK_LIFE)

    assert further.link_at == NOW


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example/v2/entries?from=a",
        "//elsewhere.example/v2/entries?from=a",
        "/npo/v2/entries?from=a",
        "/v2/members",
        "/v2/entries?" + "a" * 2_000,
        "/v2/entries?a\r\nHost: elsewhere.example",
        "@elsewhere.example/v2/entries?",
    ],
)
def test_a_link_that_leads_elsewhere_is_refused(link):
    with pytest.raises(WrongLink, match="link"):
        advanced(opened(Progress(), NOW), link, 1, NOW)


def test_a_link_to_itself_or_without_end_is_refused():
    progress = advanced(opened(Progress(), NOW), LINK, 1000, NOW)
    with pytest.raises(WrongLink, match="endless"):
        advanced(progress, LINK, 1000, NOW)
    while progress.pages < 55:
        progress = advanced(progress, f"{LINK}&again={progress.pages}", 1000, NOW)
    with pytest.raises(WrongLink, match="endless"):
        advanced(progress, f"{LINK}&again=x", 1000, NOW)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.data())
def test_stopping_anywhere_asks_for_every_page_and_ends_where_it_would_have(pages, data):
    """Each window has some pages; a run may end after any page and read its progress again."""
    progress, now, asked = Progress(), NOW, []
    for number, count in enumerate(pages):
        now += timedelta(minutes=1)
        progress = opened(progress, now)
        for page in range(count):
            asked.append(request_path(progress))
            link = f"/v2/entries?window={number}&page={page}"
            progress = advanced(progress, link, 10, now)
            if data.draw(st.booleans()):  # another process, later
                progress = opened(still_good(Progress(**_stored(progress)), now), now)
        asked.append(request_path(progress))
        progress = advanced(progress, "", 1, now)

    assert len(asked) == len(set(asked)) == sum(pages) + len(pages)
    assert progress == Progress(pulled_to=now.replace(microsecond=0) - LAG)


def _stored(progress):
    return {name: getattr(progress, name) for name in Progress.__slots__}
