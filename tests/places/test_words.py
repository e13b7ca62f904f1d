"""Every place can be explained in words."""

from __future__ import annotations

import pytest

from tipline.ground.foundation.reasons import known_codes, total, words
from tipline.ground.places.ip import ip_source, place_of_ip
from tipline.ground.places.phone import place_of_phone
from tipline.ground.places.place import NoPlace, Note, Trust
from tipline.ground.places.postal import place_of_address, place_of_zip, zip_source
from tipline.ground.places.words import TRUST_WORDS, words_of_no_place, words_of_note

db_ip = ip_source().removeprefix("ip:")
zipcodes = zip_source().removeprefix("zip:")


def test_every_note_and_every_missing_place_has_words():
    assert set(TRUST_WORDS) == set(Trust)
    for note in Note:
        assert (words_of_note(note) is None) == (note is Note.NONE)
    for problem in NoPlace:
        assert words_of_no_place(problem)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (
            place_of_ip("18.9.22.69", possible_proxy=True),
            [
                f"MA, US, by IP address ({db_ip}; trust: low)",
                "The ESP says that this may be a proxy",
            ],
        ),
        (
            place_of_zip("77429"),
            [f"Cypress, Harris County, TX, US, by ZIP code ({zipcodes}; trust: high)"],
        ),
        (
            place_of_address("DE", None, None, None),
            ["DE, by postal address (as stated; trust: high)"],
        ),
    ],
)
def test_a_place_explains_itself(place, said):
    reasons = place.explained()
    assert [words(reason) for reason in reasons] == said
    assert {reason.code for reason in reasons} <= known_codes()
    assert total(reasons) == 0


def test_a_phone_explains_itself():
    first, second = place_of_phone("+14155550123").place.explained()
    assert words(first).startswith("CA, US, by phone number (phonenumbers 9.")
    assert words(second) == "People keep their numbers when they move to another state"
