"""Who gets the report: the people's places, and the agencies that answer for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.delivery.routing import words as routing_words
from tipline.delivery.routing.policy import default_policy
from tipline.delivery.routing.rules import (
    AgencyArea,
    EvidenceKind,
    LocationEvidence,
    rank_evidence,
    route,
)
from tipline.ground.foundation.reasons import Source, known_codes, total, words
from tipline.ground.foundation.times import TimeKind, read_time
from tipline.ground.places.place import Note, Place, Trust
from tipline.record.reports.facts import Role

POLICY = default_policy()
FEDERAL = AgencyArea("federal", "US")
CA = AgencyArea("ca-la", "US", "CA", "Los Angeles County")
CA_SD = AgencyArea("ca-sd", "US", "CA", "San Diego County")
NV = AgencyArea("nv", "US", "NV")
GB = AgencyArea("nca", "GB")
AGENCIES = (FEDERAL, CA, CA_SD, NV, GB)
INCIDENT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def place(country, state="", county="", *, trust=Trust.MEDIUM, country_trust=None, note=Note.NONE):
    return Place(
        country=country,
        state=state,
        county=county,
        trust=trust,
        country_trust=country_trust or trust,
        source="address:test 1",
        note=note,
    )


def seen(text, kind=TimeKind.LOGIN):
    return read_time(text, kind)


def evidence(kind, role, where, **more):
    return LocationEvidence(kind=kind, role=role, place=where, **more)


def ip(where, role=Role.SUSPECT, **more):
    return evidence(EvidenceKind.IP, role, where, **more)


def address(where, role=Role.SUSPECT, **more):
    return evidence(EvidenceKind.ADDRESS, role, where, **more)


def sent_to(*pieces, agencies=AGENCIES, incident_at=INCIDENT, policy=POLICY):
    return [d.agency for d in route(pieces, agencies, policy, incident_at).deliveries]


def codes(reasons):
    return [reason.code.removeprefix("routing.") for reason in reasons]


def test_a_state_goes_to_its_agency():
    result = route([address(place("US", "NV"))], AGENCIES, POLICY)
    assert [d.agency for d in result.deliveries] == ["nv"]
    assert codes(result.deliveries[0].reasons) == [
        "person.suspect",
        "evidence.address",
        "state_agency",
    ]
    assert result.deliveries[0].reasons[-1].source is Source.ROUTER


def test_a_county_goes_to_its_agency_however_it_is_written():
    for county in ("Los Angeles County", "los angeles", "LOS ANGELES COUNTY"):
        assert sent_to(address(place("US", "CA", county))) == ["ca-la"]
    assert sent_to(address(place("US", "CA", "San Diego County"))) == ["ca-sd"]


def test_a_state_of_several_agencies_without_a_county_goes_to_the_federal_queue():
    result = route([address(place("US", "CA"))], AGENCIES, POLICY)
    assert [d.agency for d in result.deliveries] == ["federal"]
    assert codes(result.reasons) == ["county_unknown"]
    nowhere = route([address(place("US", "CA", "Kern County"))], AGENCIES, POLICY)
    assert codes(nowhere.reasons) == ["no_county_agency"]


def test_a_statewide_agency_takes_what_no_county_agency_does():
    statewide = (*AGENCIES, AgencyArea("ca-all", "US", "CA"))
    assert sent_to(address(place("US", "CA")), agencies=statewide) == ["ca-all"]
    assert sent_to(address(place("US", "CA", "Kern County")), agencies=statewide) == ["ca-all"]
    inside = address(place("US", "CA", "San Diego County"))
    assert sent_to(inside, agencies=statewide) == ["ca-sd"]


@pytest.mark.parametrize(
    ("pieces", "reason"),
    [
        ([], "no_evidence"),
        ([ip(None)], "unresolvable"),
        ([ip(place("US"))], "state_unknown"),
        ([ip(place("US", "TX"))], "no_state_agency"),
        ([ip(place("US", "NV", note=Note.PROXY, trust=Trust.LOW))], "only_elsewhere"),
        ([ip(place("FR"))], "foreign_liaison"),
    ],
)
def test_what_has_no_agency_of_its_own_goes_to_the_federal_queue(pieces, reason):
    result = route(pieces, AGENCIES, POLICY)
    assert [d.agency for d in result.deliveries] == ["federal"]
    assert codes(result.reasons) == [reason]
    assert result.deliveries[0].reasons[-1] == result.reasons[0]


def test_abroad_goes_to_the_national_unit():
    result = route([ip(place("GB"))], AGENCIES, POLICY)
    assert [d.agency for d in result.deliveries] == ["nca"]
    assert codes(result.reasons) == ["national_unit"]


def test_without_a_federal_queue_the_route_says_so_loudly():
    result = route([ip(place("FR"))], (NV, GB), POLICY)
    assert result.deliveries == ()
    assert codes(result.reasons)[-1] == "no_federal_queue"


def test_people_in_different_places_send_it_to_all_the_victims_first():
    victim = address(place("GB"), Role.VICTIM)
    suspect = address(place("US", "NV"))
    recipient = ip(place("US", "CA", "San Diego County"), Role.RECIPIENT)
    assert sent_to(suspect, recipient, victim) == ["nca", "ca-sd", "nv"]


def test_two_victims_are_two_people():
    one = address(place("US", "NV"), Role.VICTIM, subject="/report/victim[1]")
    two = address(place("GB"), Role.VICTIM, subject="/report/victim[2]")
    assert sent_to(two, one) == ["nv", "nca"]
    same = replace(two, subject=one.subject)
    assert len(sent_to(one, same)) == 1


def test_people_in_one_place_make_one_delivery_with_the_reasons_of_both():
    result = route(
        [address(place("US", "NV"), Role.VICTIM), ip(place("US", "NV"))], AGENCIES, POLICY
    )
    assert [d.agency for d in result.deliveries] == ["nv"]
    told = codes(result.deliveries[0].reasons)
    assert {"person.victim", "person.suspect"} <= set(told)


def test_a_file_speaks_only_for_a_suspect_without_a_place():
    upload = ip(place("US", "NV"), Role.FILE)
    assert sent_to(upload) == ["nv"]
    assert sent_to(upload, address(place("GB"))) == ["nca"]
    assert sent_to(upload, ip(place("GB", note=Note.PROXY, trust=Trust.LOW))) == ["nv"]


def test_a_public_reporter_counts_only_when_nobody_else_has_a_place():
    reporter = address(place("US", "NV"), Role.REPORTER)
    assert sent_to(reporter) == ["nv"]
    assert sent_to(reporter, ip(place("GB"))) == ["nca"]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (EvidenceKind.GPS, EvidenceKind.VERIFIED_PHONE),
        (EvidenceKind.ADDRESS, EvidenceKind.BILLING),
        (EvidenceKind.VERIFIED_PHONE, EvidenceKind.IP),
        (EvidenceKind.BILLING, EvidenceKind.IP),
        (EvidenceKind.IP, EvidenceKind.PHONE_PREFIX),
        (EvidenceKind.PHONE_PREFIX, EvidenceKind.SELF_DECLARED),
    ],
)
def test_the_order_of_kinds(better, worse):
    first = evidence(better, Role.SUSPECT, place("US", "NV"))
    second = evidence(worse, Role.SUSPECT, place("GB"))
    result = route([second, first], AGENCIES, POLICY)
    assert [d.agency for d in result.deliveries] == ["nv"]
    assert "also_seen" in codes(result.deliveries[0].reasons)


def test_a_trusted_estimate_beats_a_hint_of_a_better_kind():
    hint = address(place("GB", trust=Trust.LOW))
    assert sent_to(hint, ip(place("US", "NV"))) == ["nv"]
    alone = route([hint], AGENCIES, POLICY)
    assert [d.agency for d in alone.deliveries] == ["nca"]
    assert "low_trust" in codes(alone.deliveries[0].reasons)


def test_a_country_is_made_finer_by_further_evidence_that_agrees():
    phone = evidence(EvidenceKind.VERIFIED_PHONE, Role.SUSPECT, place("US", trust=Trust.HIGH))
    result = route([phone, ip(place("US", "NV"))], AGENCIES, POLICY)
    assert [d.agency for d in result.deliveries] == ["nv"]
    assert "refined" in codes(result.deliveries[0].reasons)
    assert sent_to(phone, ip(place("GB"))) == ["federal"]


def test_a_surer_state_wins_over_a_portable_number():
    area_code = place("US", "NV", trust=Trust.LOW, country_trust=Trust.HIGH, note=Note.PORTABLE)
    phone = evidence(EvidenceKind.VERIFIED_PHONE, Role.SUSPECT, area_code)
    assert sent_to(phone) == ["nv"]
    assert sent_to(phone, ip(place("US", "CA", "San Diego County"))) == ["ca-sd"]


def test_the_address_nearest_to_the_incident_decides():
    near = ip(place("US", "NV"), time=seen("2026-03-01T11:00:00Z"))
    far = ip(place("GB"), time=seen("2026-02-01T11:00:00Z"))
    assert sent_to(far, near) == ["nv"]
    long_ago = datetime(2026, 2, 1, tzinfo=UTC)
    assert sent_to(far, near, incident_at=long_ago) == ["nca"]
    assert sent_to(far, near, incident_at=None) == ["nv"]


@pytest.mark.parametrize(
    ("poor", "flag"),
    [
        (None, "time_missing"),
        (seen("2026-03-01T12:00:00"), "time_without_zone"),
        (seen("2026-03-01T12:00:00Z", TimeKind.DETECTION), "time_not_of_event"),
        (seen("2026-03-01T12:00:00Z", TimeKind.VIEWING), "time_not_of_event"),
        (seen("2026-03-01T12:00:00Z", TimeKind.REPORT), "time_not_of_event"),
        (seen("yesterday"), "time_without_zone"),
    ],
    ids=["none", "no zone", "detection", "viewing", "report", "unreadable"],
)
def test_a_time_that_is_not_the_events_own_never_beats_one_that_is(poor, flag):
    own = ip(place("US", "NV"), time=seen("2025-01-01T00:00:00+01:00"))
    other = ip(place("GB"), time=poor)
    assert sent_to(other, own) == ["nv"]
    alone = route([other], AGENCIES, POLICY, INCIDENT)
    assert [d.agency for d in alone.deliveries] == ["nca"]
    told = codes(alone.deliveries[0].reasons)
    assert told == ["person.suspect", "evidence.ip", flag, "national_unit"]


def test_the_hours_from_the_incident_are_told_on_both_sides_of_it():
    for text, hours in (("2026-03-01T09:20:00Z", 3), ("2026-03-02T12:00:00Z", 24)):
        ranked = rank_evidence([ip(place("GB"), time=seen(text))], POLICY, INCIDENT)
        assert ranked[0].reasons[-1].code == "routing.seen_near_incident"
        assert ranked[0].reasons[-1].params["hours"] == hours
    undated = rank_evidence([ip(place("GB"), time=seen(text))], POLICY)
    assert codes(undated[0].reasons) == ["evidence.ip"]


def test_of_two_alike_the_surer_comes_first():
    likely = address(place("US", "NV", trust=Trust.MEDIUM), ref="a")
    sure = address(place("GB", trust=Trust.HIGH), ref="b")
    assert sent_to(likely, sure) == ["nca"]


def test_the_agencys_reason_names_the_place():
    named = {
        "US-NV": place("US", "NV"),
        "GB": place("GB"),
        "US-CA San Diego County": place("US", "CA", "San Diego County"),
    }
    for text, where in named.items():
        assert route([address(where)], AGENCIES, POLICY).reasons[0].params == {"place": text}


def test_evidence_that_only_says_less_does_not_disagree():
    result = route([address(place("US", "NV")), ip(place("US"))], AGENCIES, POLICY)
    assert "also_seen" not in codes(result.deliveries[0].reasons)
    other = route([address(place("US", "NV")), ip(place("US", "TX"))], AGENCIES, POLICY)
    assert "also_seen" in codes(other.deliveries[0].reasons)


@pytest.mark.parametrize("note", [Note.PROXY, Note.RELAY, Note.ANYCAST])
def test_a_proxy_and_its_like_never_decide_alone(note):
    hidden = ip(place("GB", trust=Trust.LOW, note=note))
    assert sent_to(hidden) == ["federal"]
    assert sent_to(
        hidden, evidence(EvidenceKind.SELF_DECLARED, Role.SUSPECT, place("US", "NV"))
    ) == ["nv"]
    willing = replace(POLICY, rules=replace(POLICY.rules, route_on_proxy=True))
    assert sent_to(hidden, policy=willing) == ["nca"]


def test_a_refusal_of_a_home_country_other_than_the_united_states():
    german = replace(POLICY, rules=replace(POLICY.rules, home_country="DE"))
    agencies = (AgencyArea("bka", "DE"), AgencyArea("fbi", "US"))
    assert sent_to(ip(place("DE")), agencies=agencies, policy=german) == ["bka"]
    assert sent_to(ip(place("US", "NV")), agencies=agencies, policy=german) == ["fbi"]
    assert sent_to(ip(place("FR")), agencies=agencies, policy=german) == ["bka"]


PLACES = st.sampled_from(
    [
        None,
        place("US"),
        place("US", "NV"),
        place("US", "CA"),
        place("US", "CA", "San Diego County", trust=Trust.HIGH),
        place("US", "TX", trust=Trust.LOW, country_trust=Trust.HIGH),
        place("GB"),
        place("FR", trust=Trust.LOW),
        place("GB", trust=Trust.LOW, note=Note.RELAY),
    ]
)
TIMES = st.sampled_from(
    [
        None,
        seen("2026-03-01T11:00:00Z"),
        seen("2026-02-01T11:00:00+02:00", TimeKind.UPLOAD),
        seen("2026-03-01T11:00:00"),
        seen("2026-03-01T11:00:00Z", TimeKind.DETECTION),
    ]
)
PIECES = st.lists(
    st.builds(
        LocationEvidence,
        kind=st.sampled_from(EvidenceKind),
        role=st.sampled_from(Role),
        place=PLACES,
        subject=st.sampled_from(["", "a", "b"]),
        time=TIMES,
        source=st.sampled_from([Source.REPORTER, Source.ANALYST]),
        ref=st.sampled_from(["", "/report/x[1]"]),
    ),
    max_size=8,
)


@given(pieces=PIECES, incident_at=st.sampled_from([None, INCIDENT]), data=st.data())
def test_every_report_reaches_somebody_and_the_order_given_does_not_matter(
    pieces, incident_at, data
):
    result = route(pieces, AGENCIES, POLICY, incident_at)
    assert result.deliveries
    assert len({d.agency for d in result.deliveries}) == len(result.deliveries)
    shuffled = data.draw(st.permutations(pieces))
    assert route(shuffled, AGENCIES, POLICY, incident_at) == result


def test_pieces_that_differ_only_in_the_kind_of_time_keep_one_order():
    pieces = [
        address(None, time=seen("2026-03-01T11:00:00Z", kind))
        for kind in (TimeKind.LOGIN, TimeKind.DETECTION)
    ]
    assert rank_evidence(pieces, POLICY) == rank_evidence(pieces[::-1], POLICY)


@given(pieces=PIECES)
def test_every_reason_reads_as_a_sentence_and_carries_no_points(pieces):
    result = route(pieces, AGENCIES, POLICY, INCIDENT)
    reasons = [*result.reasons, *(r for ranked in result.ranked for r in ranked.reasons)]
    reasons += [reason for delivery in result.deliveries for reason in delivery.reasons]
    assert total(reasons) == 0
    for reason in reasons:
        assert reason.code in known_codes()
        assert reason.version == POLICY.stamp
        assert words(reason)[-1] in ".:"
        assert "?" not in words(reason)


@given(pieces=PIECES, more=PIECES)
def test_another_person_never_takes_an_agency_away(pieces, more):
    few = [p for p in pieces if p.role in {Role.SUSPECT, Role.VICTIM}]
    others = [replace(p, role=Role.RECIPIENT) for p in more]
    known = route(few, AGENCIES, POLICY, INCIDENT)
    if any(ranked.usable for ranked in known.ranked):
        together = {d.agency for d in route(few + others, AGENCIES, POLICY, INCIDENT).deliveries}
        assert {d.agency for d in known.deliveries} <= together


@given(pieces=PIECES)
def test_ranking_keeps_every_piece_and_each_person_together(pieces):
    ranked = rank_evidence(pieces, POLICY, INCIDENT)
    assert sorted(map(repr, pieces)) == sorted(repr(r.evidence) for r in ranked)
    people = [r.person for r in ranked]
    assert len(set(people)) == sum(a != b for a, b in zip([None, *people], people, strict=False))
    for before, after in pairwise(ranked):
        assert before.person != after.person or before.usable >= after.usable


def test_every_registered_word_is_a_known_code():
    assert set(routing_words.WORDS) <= known_codes()
    for kind in EvidenceKind:
        assert f"routing.evidence.{kind}" in routing_words.WORDS
    for role in Role:
        assert f"routing.person.{role}" in routing_words.WORDS
