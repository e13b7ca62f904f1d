"""ZIP codes, postal addresses, states, circuits, zones."""

from __future__ import annotations

import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.places.countries import COUNTRY_CODES, country_code, with_territories
from tipline.ground.places.ip import place_of_ip
from tipline.ground.places.place import Note, Trust
from tipline.ground.places.postal import place_of_address, place_of_zip
from tipline.ground.places.states import STATE_NAMES, TERRITORIES, circuit_of, state_code
from tipline.ground.places.zones import zone_guess

some_text = st.none() | st.text(max_size=12)


@pytest.mark.parametrize("raw", ["77429", "77429-1234", "774291234", "77429 1234", " 77429\n"])
def test_a_zip_names_city_county_and_state(raw):
    place = place_of_zip(raw)
    assert place is not None
    assert (place.city, place.county, place.state) == ("Cypress", "Harris County", "TX")
    assert place.country == "US"
    assert place.trust is place.country_trust is Trust.HIGH
    assert place.source.startswith("zip:zipcodes 3.")


@pytest.mark.parametrize(
    ("raw", "state"), [("00926", "PR"), ("96799", "AS"), ("96910", "GU"), ("20500", "DC")]
)
def test_zips_of_territories(raw, state):
    place = place_of_zip(raw)
    assert place is not None
    assert (place.country, place.state) == ("US", state)


@pytest.mark.parametrize(("raw", "country"), [("96941", "FM"), ("96960", "MH"), ("96940", "PW")])
def test_zips_of_freely_associated_states_are_countries(raw, country):
    place = place_of_zip(raw)
    assert place is not None
    assert (place.country, place.state) == (country, "")


@pytest.mark.parametrize("raw", ["09002", "34006", "96201"])
def test_military_post_is_no_place_to_rely_on(raw):
    place = place_of_zip(raw)
    assert place is not None
    assert (place.country, place.state, place.county) == ("US", "", "")
    assert (place.trust, place.note) == (Trust.LOW, Note.MILITARY)


def test_a_retired_zip_says_so():
    import zipcodes

    retired = next(row for row in zipcodes.list_all() if not row["active"])
    place = place_of_zip(retired["zip_code"])
    assert place is not None
    assert (place.trust, place.note) == (Trust.MEDIUM, Note.RETIRED)


@pytest.mark.parametrize(
    "raw",
    ["", "7742", "774299", "77429-12", "abcde", "00000", "٧٧٤٢٩", "7742٣", None, 77429, b"77429"],
)
def test_what_is_no_zip(raw):
    assert place_of_zip(raw) is None


@given(some_text | st.text(alphabet="0123456789- ٣", max_size=11))
def test_any_text_is_a_zip_or_none(raw):
    place = place_of_zip(raw)
    assert place is None or place.country in {"US", "FM", "MH", "PW"}


@pytest.mark.parametrize(
    ("parts", "expected", "trust", "note"),
    [
        (("US", "TX", "77429", None), ("US", "TX", "Cypress"), Trust.HIGH, Note.NONE),
        (("US", None, "77429", None), ("US", "TX", "Cypress"), Trust.HIGH, Note.NONE),
        (("US", "TX", None, None), ("US", "TX", ""), Trust.HIGH, Note.NONE),
        (("US", "TX", "nonsense", None), ("US", "TX", ""), Trust.HIGH, Note.NONE),
        (("US", "TX", "90210", None), ("US", "", ""), Trust.HIGH, Note.CONFLICT),
        (("US", None, None, None), ("US", "", ""), Trust.HIGH, Note.NONE),
        ((None, "texas", None, None), ("US", "TX", ""), Trust.HIGH, Note.NONE),
        (("US", "CA", "09002", None), ("US", "", ""), Trust.LOW, Note.MILITARY),
        (("PR", None, "00926", None), ("US", "PR", "San Juan"), Trust.HIGH, Note.NONE),
        (("US", "PR", "00926", None), ("US", "PR", "San Juan"), Trust.HIGH, Note.NONE),
        (("VI", None, None, None), ("US", "VI", ""), Trust.HIGH, Note.NONE),
        (("US", None, "96941", None), ("FM", "", ""), Trust.HIGH, Note.NONE),
        (("DE", None, "10115", "Berlin"), ("DE", "", ""), Trust.HIGH, Note.NONE),
        (("de ", "", "10115", ""), ("DE", "", ""), Trust.HIGH, Note.NONE),
        (("DE", "TX", None, None), ("DE", "", ""), Trust.LOW, Note.CONFLICT),
        (("FX", None, None, None), ("FR", "", ""), Trust.HIGH, Note.NONE),
        ((None, None, "10115", None), ("US", "NY", "New York"), Trust.MEDIUM, Note.ASSUMED_REGION),
        ((None, None, "09002", None), ("US", "", ""), Trust.LOW, Note.MILITARY),
    ],
)
def test_addresses(parts, expected, trust, note):
    place = place_of_address(*parts)
    assert place is not None
    assert (place.country, place.state, place.city) == expected
    assert (place.trust, place.note) == (trust, note)


@pytest.mark.parametrize(
    "parts",
    [
        (None, None, None, None),
        (None, None, None, "Berlin"),
        (None, None, "10115", "Berlin"),
        ("A1", None, None, None),
        ("EU", None, None, None),
        ("AN", None, None, None),
        ("", "", "", ""),
        (5, 5, 5, 5),
    ],
)
def test_addresses_without_a_place(parts):
    assert place_of_address(*parts) is None


@given(
    some_text | st.sampled_from(sorted(COUNTRY_CODES)),
    some_text | st.sampled_from(sorted(STATE_NAMES)),
    some_text | st.from_regex(r"[0-9]{5}", fullmatch=True),
    some_text,
)
def test_any_address_has_a_sound_place_or_none(country, state, zip_code, province):
    place = place_of_address(country, state, zip_code, province)
    if place is not None:
        assert place.country in COUNTRY_CODES - TERRITORIES - {"UM"}
        assert place.state in {"", *STATE_NAMES}
        assert place.method in {"address", "zip"}


@given(st.sampled_from(sorted(COUNTRY_CODES - TERRITORIES - {"US", "UM"})), some_text)
def test_a_foreign_postcode_is_never_read_as_a_zip(country, zip_code):
    place = place_of_address(country, None, zip_code, None)
    assert place is not None
    assert (place.country, place.state, place.city) == (country, "", "")


def test_states_by_code_and_name():
    assert state_code("tx") == state_code(" Texas ") == state_code("TEXAS") == "TX"
    assert state_code("District of Columbia") == "DC"
    assert state_code("Bavaria") == state_code("") == state_code(None) == ""
    assert len(STATE_NAMES) == 51 + len(TERRITORIES)


@given(st.text())
def test_any_text_is_a_state_or_country_or_none(text):
    assert state_code(text) in {"", *STATE_NAMES}
    assert country_code(text) in {"", *COUNTRY_CODES}


def test_countries():
    assert country_code("us") == "US"
    assert country_code("UK") == "GB"
    assert country_code("XK") == "XK"
    assert [country_code(code) for code in ("A1", "A2", "O1", "AP", "EU", "ZZ", None)] == [""] * 7
    assert with_territories("GU") == ("US", "GU")
    assert with_territories("UM") == ("US", "")
    assert with_territories("DE", "") == ("DE", "")


def test_circuits_are_those_of_28_usc_41():
    by_circuit: dict[str, set[str]] = {}
    for state in STATE_NAMES:
        circuit = circuit_of(state)
        if circuit is None:
            assert state == "AS", "only American Samoa lies in no circuit"
        else:
            by_circuit.setdefault(circuit, set()).add(state)
    sizes = {circuit: len(states) for circuit, states in by_circuit.items()}
    assert sizes == {
        "1": 5,
        "2": 3,
        "3": 4,
        "4": 5,
        "5": 3,
        "6": 4,
        "7": 3,
        "8": 7,
        "9": 11,
        "10": 6,
        "11": 3,
        "DC": 1,
    }
    assert by_circuit["5"] == {"TX", "LA", "MS"}
    assert by_circuit["6"] == {"KY", "MI", "OH", "TN"}
    assert {"CA", "HI", "GU", "AK"} <= by_circuit["9"]
    assert circuit_of("XX") is circuit_of("") is None


@pytest.mark.parametrize(
    ("place", "zones"),
    [
        (place_of_zip("77429"), ("America/Chicago", "America/Denver")),
        (place_of_zip("00926"), ("America/Puerto_Rico",)),
        (place_of_address("SE", None, None, None), ("Europe/Stockholm",)),
        (place_of_ip("129.132.98.1", possible_proxy=None), ("Europe/Zurich",)),
        (None, ()),
    ],
)
def test_zones_of_places(place, zones):
    assert zone_guess(place) == zones


def test_every_state_has_zones_that_exist():
    known = zoneinfo.available_timezones()
    for state in STATE_NAMES:
        zones = zone_guess(place_of_address("US", state, None, None))
        assert zones, state
        assert set(zones) <= known


def test_every_country_but_three_has_zones_that_exist():
    known = zoneinfo.available_timezones()
    without = set()
    for country in COUNTRY_CODES - TERRITORIES - {"UM"}:
        zones = zone_guess(place_of_address(country, None, None, None))
        assert set(zones) <= known
        if not zones:
            without.add(country)
    assert without == {"BV", "HM", "XK"}
