"""The vocabularies are closed, complete, and worded."""

from __future__ import annotations

import inspect
from enum import StrEnum

import pytest

from tipline.ground.taxonomy import areas, contacts, files, incidents, levels, outcomes, words

MODULES = (incidents, files, contacts, levels, outcomes)
VOCABULARIES = [
    member
    for module in MODULES
    for _, member in inspect.getmembers(module, inspect.isclass)
    if issubclass(member, StrEnum) and member.__module__ == module.__name__
]


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda each: each.__name__)
def test_every_code_has_words_for_people(vocabulary):
    for code, text in words.choices(vocabulary):
        assert str(text).strip(), code
    shown = [str(text) for _, text in words.choices(vocabulary)]
    assert len(set(shown)) == len(shown)


def test_codes_that_look_alike_keep_their_own_words():
    assert contacts.EmailType.BUSINESS == contacts.PhoneType.BUSINESS  # plain strings
    assert words.label(contacts.EmailType.BUSINESS) != words.label(contacts.PhoneType.BUSINESS)


def test_a_foreign_code_has_no_words_here():
    class Foreign(StrEnum):
        OTHER = "other"

    with pytest.raises(KeyError):
        words.label(Foreign.OTHER)


@pytest.mark.parametrize("kind", incidents.IncidentType)
def test_incident_types_go_to_the_wire_and_back(kind):
    assert incidents.incident_type(kind.wire) is kind
    assert incidents.incident_type(f"\n  {kind.wire} ") is kind
    assert incidents.incident_type(kind.wire.lower()) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Online Enticement of Children for Sexual Act", incidents.IncidentType.ENTICEMENT),
        ("Child Sexual Molestation (not by family member)", incidents.IncidentType.MOLESTATION),
        (
            "Child Pornography (possession, manufacture, distribution)",
            incidents.IncidentType.CSAM,
        ),
    ],
)
def test_known_misspellings_mean_one_type(text, kind):
    assert incidents.incident_type(text) is kind
    assert text not in incidents.INCIDENT_WIRE.values()


@pytest.mark.parametrize("text", ["", "Sextortion", "Child", "enticement"])
def test_other_texts_are_no_type(text):
    assert incidents.incident_type(text) is None


def test_areas_have_names_and_only_their_own_codes():
    assert len(areas.US_STATES) == 54
    assert {"AS", "MP", "AE"}.isdisjoint(areas.US_STATES)
    assert {"US", "XK", "A1", "EU"} <= areas.COUNTRIES.keys()
    assert all(len(code) == 2 and name for code, name in areas.COUNTRIES.items())
    assert areas.COUNTRIES.keys() >= areas.NO_COUNTRY
    assert words.country_name("CI") == "Côte d'Ivoire"
    assert words.state_name("DC") == "District of Columbia"
    assert (words.country_name("ZZ"), words.state_name("ZZ")) == ("ZZ", "ZZ")


def test_every_status_asks_whether_the_information_was_useful():
    assert outcomes.QUESTIONS_AFTER.keys() == set(outcomes.OutcomeStatus)
    for questions in outcomes.QUESTIONS_AFTER.values():
        assert outcomes.Question.INFORMATION_USEFUL in questions
    closed = outcomes.QUESTIONS_AFTER[outcomes.OutcomeStatus.CLOSED]
    assert outcomes.Question.SELF_PRODUCTION in closed


@pytest.mark.parametrize("vocabulary", [outcomes.OutcomeStatus, outcomes.ClosingReason])
def test_the_feedback_form_has_its_own_words(vocabulary):
    wires = [code.wire for code in vocabulary]
    assert len(set(wires)) == len(wires)
    assert all(wires)
