"""The vendored files: whole, sorted, and what their manifest says."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.places.countries import COUNTRY_CODES
from tipline.ground.places.ranges import DATA, Ranges, manifest, pack, ranges, unpack
from tipline.ground.places.states import STATE_NAMES, TERRITORIES
from tipline.ground.taxonomy.areas import US_STATES

VERSIONS = (4, 6)


def test_the_digests_of_the_manifest_are_those_of_the_files():
    listed = manifest()["files"]
    for name, entry in listed.items():
        content = (DATA / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], name
        assert len(content) == entry["bytes"] < 3_000_000
    beside = {path.name for path in DATA.iterdir()}
    assert beside == {*listed, "manifest.json", "NOTICE"}


def test_the_notice_says_what_the_licence_asks_for():
    notice = (DATA / "NOTICE").read_text()
    assert "Creative Commons Attribution 4.0 International" in notice
    assert "<a href='https://db-ip.com'>IP Geolocation by DB-IP</a>" in notice
    assert "Changes made" in notice
    assert manifest()["sources"]["package"] in notice
    assert f"{date.fromisoformat(manifest()['month'] + '-01'):%B %Y}" in notice


@pytest.mark.parametrize("version", VERSIONS)
def test_starts_ascend_and_neighbours_differ(version):
    table = ranges(version)
    assert len(table.starts) == len(table.numbers)
    assert all(a < b for a, b in pairwise(table.starts))
    assert all(a != b for a, b in pairwise(table.numbers))
    assert max(table.numbers) < len(manifest()["places"])
    assert table.numbers[-1] == 0, "the last range must end somewhere"


def test_every_place_is_a_known_country_and_every_state_is_there():
    places = manifest()["places"]
    assert places[0] == ""
    assert len(set(places)) == len(places)
    countries = {place for place in places[1:] if "-" not in place}
    states = {place.removeprefix("US-") for place in places if "-" in place}
    assert countries <= COUNTRY_CODES
    assert states == set(US_STATES) - TERRITORIES
    assert "US" not in countries, "every American range names its state"


@pytest.mark.parametrize("version", VERSIONS)
def test_every_place_of_the_manifest_is_used(version):
    used = set(ranges(version).numbers)
    assert len(used) > 250


def test_area_codes_are_three_digits_and_name_states():
    table = json.loads((DATA / "area_codes.json").read_text())
    assert len(table) == manifest()["files"]["area_codes.json"]["entries"]
    assert set(table.values()) == set(STATE_NAMES) - TERRITORIES
    for code in table:
        assert len(code) == 3
        assert code.isdecimal()
        assert code[0] not in "01"


def test_area_codes_agree_with_those_of_zip_codes():
    import zipcodes

    table = json.loads((DATA / "area_codes.json").read_text())
    by_code: dict[str, set[str]] = {}
    for row in zipcodes.list_all():
        for code in row["area_codes"]:
            by_code.setdefault(code, set()).add(row["state"])
    both = [code for code in table if code in by_code]
    assert len(both) > 300
    differing = {code for code in both if table[code] not in by_code[code]}
    assert differing == set()


@st.composite
def any_ranges(draw, highest=2**32 - 1):
    starts = draw(st.sets(st.integers(0, highest), min_size=1, max_size=40))
    size = len(starts)
    numbers = draw(st.lists(st.integers(0, 400), min_size=size, max_size=size))
    return Ranges(sorted(starts), numbers)


@given(any_ranges())
def test_packed_ipv4_ranges_come_back(table):
    back = unpack(pack(table, 4), 4, len(table.starts))
    assert list(back.starts) == table.starts
    assert list(back.numbers) == table.numbers


@given(any_ranges(highest=2**64 - 1))
def test_packed_ipv6_ranges_come_back(table):
    back = unpack(pack(table, 6), 6, len(table.starts))
    assert list(back.starts) == table.starts
    assert list(back.numbers) == table.numbers


def test_a_short_file_is_refused():
    packed = pack(Ranges([1, 5], [1, 2]), 4)
    with pytest.raises(ValueError, match="manifest"):
        unpack(packed, 4, 3)


def naive(table, point):
    held = 0
    for start, number in zip(table.starts, table.numbers, strict=True):
        if start > point:
            break
        held = number
    return held


@given(any_ranges(highest=300), st.integers(0, 310))
def test_the_look_up_is_a_scan(table, point):
    assert table.number_at(point) == naive(table, point)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_look_up_is_a_scan_over_a_stretch_of_the_real_data(version):
    whole = ranges(version)
    for first in (0, len(whole.starts) // 2, len(whole.starts) - 300):
        stretch = Ranges(whole.starts[first : first + 300], whole.numbers[first : first + 300])
        for start in stretch.starts:
            for point in (start - 1, start, start + 1):
                if stretch.starts[0] <= point <= stretch.starts[-1]:
                    assert whole.number_at(point) == naive(stretch, point)
