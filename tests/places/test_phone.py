"""Phone numbers: the samples of the reference, plans that differ, anything at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tipline
from tipline.ground.places.phone import PhoneKind, place_of_phone
from tipline.ground.places.place import NoPlace, Note, Trust


def where(reading):
    return reading.place and (reading.place.country, reading.place.state)


@pytest.mark.parametrize(
    ("raw", "code", "place", "e164", "zones"),
    [
        ("+14155550123", None, ("US", "CA"), "+14155550123", ("America/Los_Angeles",)),
        ("(415) 555-0123", "+1", ("US", "CA"), "+14155550123", ("America/Los_Angeles",)),
        ("1-212-555-0123", "+1", ("US", "NY"), "+12125550123", ("America/New_York",)),
        ("+12025550123", None, ("US", "DC"), "+12025550123", ("America/New_York",)),
        ("+17875550199", None, ("US", "PR"), "+17875550199", ("America/Puerto_Rico",)),
        ("+16715551234", None, ("US", "GU"), "+16715551234", ("Pacific/Guam",)),
        ("+14165550123", None, ("CA", ""), "+14165550123", ("America/Toronto",)),
        ("+1 264 497 2518", "+1", ("AI", ""), "+12644972518", ("America/Anguilla",)),
        ("020 7946 0958", "+44", ("GB", ""), "+442079460958", ("Europe/London",)),
        ("442079460958", "44", ("GB", ""), "+442079460958", ("Europe/London",)),
        ("+551131234567", None, ("BR", ""), "+551131234567", ("America/Sao_Paulo",)),
        ("9876543210", "+91", ("IN", ""), "+919876543210", ("Asia/Calcutta",)),
        ("tel:+49-30-123456", None, ("DE", ""), "+4930123456", ("Europe/Berlin",)),
        ("+383 44 123 456", None, ("XK", ""), "+38344123456", ("Europe/Belgrade",)),
    ],
)
def test_known_numbers(raw, code, place, e164, zones):
    reading = place_of_phone(raw, code)
    assert where(reading) == place
    assert reading.e164 == e164
    assert reading.zones == zones
    assert reading.problem is None
    assert reading.place.source.startswith("phone:phonenumbers 9.")


def test_trust_follows_the_kind_of_line():
    fixed = place_of_phone("+442079460958")
    mobile = place_of_phone("+919876543210")
    american = place_of_phone("+14155550123")
    assert (fixed.kind, fixed.place.trust) == (PhoneKind.FIXED, Trust.HIGH)
    assert (mobile.kind, mobile.place.trust) == (PhoneKind.MOBILE, Trust.MEDIUM)
    assert american.kind is PhoneKind.FIXED_OR_MOBILE
    assert american.place.country_trust is Trust.MEDIUM
    assert american.place.trust is Trust.LOW
    assert american.place.note is Note.PORTABLE


@pytest.mark.parametrize("raw", ["+18005551212", "+80012345678", "+448001111111"])
def test_toll_free_numbers_have_no_place(raw):
    reading = place_of_phone(raw)
    assert reading.place is None
    assert reading.zones == ()
    assert reading.problem is NoPlace.TOLL_FREE
    assert reading.e164 == raw


def test_a_number_of_no_country_has_none():
    reading = place_of_phone("+882161234567")
    assert reading.place is None
    assert reading.problem is NoPlace.NOT_GEOGRAPHIC


def test_a_calling_code_without_a_country_still_makes_a_number():
    reading = place_of_phone("12345678", "+800")
    assert reading.e164 == "+80012345678"
    assert reading.problem is NoPlace.TOLL_FREE


def test_without_any_country_there_is_no_number():
    reading = place_of_phone("415-555-2671")
    assert reading.e164 is None
    assert reading.problem is NoPlace.NO_COUNTRY


def test_an_assumed_country_is_low():
    reading = place_of_phone("415-555-2671", default_region="US")
    assert where(reading) == ("US", "CA")
    assert reading.place.country_trust is Trust.LOW
    assert reading.place.note is Note.ASSUMED_REGION
    stated = place_of_phone("+442079460958", default_region="US")
    assert stated == place_of_phone("+442079460958")


def test_a_calling_code_that_contradicts_the_number_is_said():
    reading = place_of_phone("+390612345678", "+44")
    assert where(reading) == ("IT", "")
    assert (reading.place.trust, reading.place.note) == (Trust.LOW, Note.CONFLICT)


def test_a_number_outside_its_plan_keeps_the_country_of_its_code():
    reading = place_of_phone("+4912345678901")
    assert reading.e164 == "+4912345678901"
    assert where(reading) == ("DE", "")
    assert (reading.place.trust, reading.place.note) == (Trust.LOW, Note.NOT_IN_PLAN)


def test_a_number_outside_a_shared_plan_has_no_country():
    reading = place_of_phone("+441632960123")
    assert reading.e164 == "+441632960123"
    assert reading.place is None
    assert reading.problem is NoPlace.UNKNOWN


@pytest.mark.parametrize("raw", ["", "abc", "+", "911", "+99912345678", "1" * 300, None, 5, b"+14"])
def test_what_is_no_number(raw):
    reading = place_of_phone(raw, "+1" if raw == "911" else None)
    assert reading.place is None
    assert reading.e164 is None
    assert reading.problem is NoPlace.MALFORMED


@given(
    st.text(),
    st.none() | st.text(max_size=6) | st.from_regex(r"\+[0-9]{1,3}", fullmatch=True),
    st.none() | st.text(max_size=3) | st.sampled_from(["US", "GB", "IN"]),
)
def test_any_text_is_read_or_refused(raw, code, region):
    reading = place_of_phone(raw, code, region)
    assert (reading.place is None) == (reading.problem is not None)


@given(st.from_regex(r"\+[1-9][0-9]{4,14}", fullmatch=True))
def test_the_normal_form_is_stable(raw):
    reading = place_of_phone(raw)
    if reading.e164 is not None:
        assert len(reading.e164) <= 16
        again = place_of_phone(reading.e164)
        assert again.e164 == reading.e164
        assert again.place == reading.place
    else:
        assert reading.place is None


def test_a_reader_of_addresses_does_not_pay_for_phones_and_zips():
    script = (
        "import sys\n"
        "from tipline.ground.places import ip, phone, postal, zones\n"
        "ip.place_of_ip('18.9.22.69', possible_proxy=None)\n"
        "print([m for m in ('phonenumbers', 'zipcodes', 'numpy') if m in sys.modules])\n"
        "phone.place_of_phone('+14155550123')\n"
        "print('phonenumbers.geocoder' in sys.modules)\n"
    )
    source = Path(tipline.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=source
    )
    assert done.stdout.split("\n")[:2] == ["[]", "False"]
