"""What would help: few, small, missing, and worth asking for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from tests.triage.reports import features

from tipline.ground.taxonomy.incidents import IncidentType
from tipline.insight.triage.features import Features
from tipline.insight.triage.policy import default_policy
from tipline.insight.triage.rules import what_would_help

POLICY = default_policy()


def asked(features_):
    wishes = what_would_help(features_, POLICY)
    return [reason.code.removeprefix("triage.help.") for reason in wishes]


def test_what_makes_a_referral_comes_first():
    wishes = what_would_help(Features(incident_type=IncidentType.CSAM, places=0), POLICY)
    assert wishes[0].params["turns_referral"] is True
    assert wishes[0].code == "triage.help.ip_with_time"
    assert [wish.params["turns_referral"] for wish in wishes] == sorted(
        (wish.params["turns_referral"] for wish in wishes), reverse=True
    )


FULL = Features(
    incident_type=IncidentType.CSAM,
    user_ids=1,
    contacts=1,
    verified_contacts=1,
    ips_zoned=1,
    ips_with_port=1,
    places=1,
    files_with_bytes=1,
    files_openable=1,
    chat_content=True,
    incident_time_known=True,
    incident_time_zoned=True,
)
NO_IP = {"ips_zoned": 0, "ips_with_port": 0}
NO_TIME = {"incident_time_known": False, "incident_time_zoned": False}
NO_FILE = {"files_with_bytes": 0, "files_openable": 0}


def test_a_report_with_everything_asks_for_nothing():
    assert asked(FULL) == []


@pytest.mark.parametrize(
    ("change", "wishes"),
    [
        ({**NO_IP, "ips_untimed": 1}, {"zone_of_ip_time": 12}),
        ({**NO_IP}, {"ip_with_time": 17}),
        ({"ips_with_port": 0}, {"port_of_ip": 4}),
        ({"incident_time_zoned": False}, {"zone_of_incident_time": 5}),
        ({"incident_time_zoned": None}, {"zone_of_incident_time": 5}),
        ({**NO_TIME}, {"incident_time": 20}),
        ({"incident_time_known": None, "incident_time_zoned": None}, {"incident_time": 10}),
        ({"verified_contacts": 0}, {"verified_contact": 12}),
        ({"verified_contacts": None, "contacts": None}, {"contact": 6}),
        ({"contacts": 0}, {}),
        ({"files_openable": 0}, {"viewed_flag": 10}),
        ({"user_ids": 0}, {"user_id": 10}),
        ({"chat_content": False}, {"chat": 8}),
        ({**NO_FILE}, {"file": 12}),
        ({**NO_FILE, "files_with_bytes": None}, {}),
        (
            {**NO_FILE, "files_with_bytes": None, "only_hash": True, "chat_content": None},
            {"file": 27, "chat": 23},
        ),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_else(change, wishes):
    told = what_would_help(replace(FULL, **change), POLICY)
    gains = {w.code.removeprefix("triage.help."): w.params["gain"] for w in told}
    assert gains == wishes
    assert list(gains) == list(wishes)
    assert not any(wish.params["turns_referral"] for wish in told)


def test_the_most_for_the_least_effort_comes_first():
    report = replace(
        FULL,
        user_ids=0,
        contacts=0,
        verified_contacts=0,
        chat_content=False,
        incident_time_known=None,
        incident_time_zoned=None,
    )
    assert asked(report) == ["user_id", "incident_time", "contact"]
    report = replace(FULL, **NO_IP, ips_untimed=1, chat_content=False, files_openable=0)
    assert asked(report) == ["zone_of_ip_time", "viewed_flag", "chat"]


def test_what_turns_the_disposition_comes_first_even_without_a_gain():
    hopeless = Features(
        incident_type=IncidentType.CSAM,
        places=0,
        only_hash=True,
        incident_time_known=False,
        hours_since_incident=24 * 400,
        unviewed_meme=True,
        third_party=True,
        compromised_account=True,
    )
    wishes = what_would_help(hopeless, POLICY)
    assert [(w.code, dict(w.params)) for w in wishes] == [
        ("triage.help.contact", {"gain": 0, "turns_referral": True}),
        ("triage.help.ip_with_time", {"gain": 0, "turns_referral": True}),
    ]
    judged = replace(hopeless, nexus_judged=False)
    assert not any(w.params["turns_referral"] for w in what_would_help(judged, POLICY))


def test_a_place_is_asked_before_what_gains_more_per_effort():
    report = replace(FULL, places=0, contacts=0, verified_contacts=0, **NO_IP, user_ids=0)
    assert asked(report)[:2] == ["ip_with_time", "contact"]
    assert asked(report)[2] == "user_id"


@given(base=features())
def test_at_most_three_each_worth_something_and_none_twice(base):
    wishes = what_would_help(base, POLICY)
    assert len(wishes) <= 3
    assert len({wish.code for wish in wishes}) == len(wishes)
    assert all(wish.params["gain"] > 0 or wish.params["turns_referral"] for wish in wishes)
    assert all(wish.points == 0 for wish in wishes)
