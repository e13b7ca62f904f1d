"""What would help: few, small, missing, and worth asking for."""

from __future__ import annotations

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


def test_a_zone_and_a_port_are_asked_before_big_things():
    assert (
        asked(Features(user_ids=1, contacts=1, verified_contacts=1, ips_untimed=1, places=1))[0]
        == "zone_of_ip_time"
    )
    complete_but = Features(
        user_ids=1,
        verified_contacts=1,
        ips_zoned=1,
        places=1,
        files_with_bytes=1,
        chat_content=True,
        incident_time_known=True,
    )
    assert asked(complete_but) == ["viewed_flag", "zone_of_incident_time", "port_of_ip"]


def test_a_report_with_everything_asks_for_nothing():
    full = Features(
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
    assert asked(full) == []


def test_the_viewed_flag_is_asked_only_where_a_file_waits_for_it():
    assert "viewed_flag" not in asked(Features(files_with_bytes=0))
    assert "viewed_flag" in asked(
        Features(files_with_bytes=2, user_ids=1, contacts=1, verified_contacts=1, ips_with_port=1)
    )


@given(base=features())
def test_at_most_three_each_worth_something_and_none_twice(base):
    wishes = what_would_help(base, POLICY)
    assert len(wishes) <= 3
    assert len({wish.code for wish in wishes}) == len(wishes)
    assert all(wish.params["gain"] > 0 or wish.params["turns_referral"] for wish in wishes)
    assert all(wish.points == 0 for wish in wishes)
