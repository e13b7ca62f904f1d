"""Who is the subject of a report, and what two of them are linked by."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.foundation.reasons import known_codes, total
from tipline.insight.entities.forms.rules import Origin
from tipline.insight.entities.rules import least, propose, weighed
from tipline.insight.entities.rules_reported import (
    LINKING_ROLES,
    Reported,
    Value,
    reported,
)
from tipline.insight.entities.scoring.rules import Frequencies
from tipline.insight.entities.scoring.rules_model import POINTS_A_BIT, shipped
from tipline.insight.entities.scoring.rules_subject import Subject
from tipline.record.reports.facts import PROXY, IdentifierKind, Role

Kind = IdentifierKind
MODEL, NOTHING = shipped(), Frequencies()
NOON = "2026-11-20T12:00:00+00:00"


def value(kind: Kind, text: str, **changes: Any) -> Value:
    wanted: dict[str, Any] = {
        "scope": "harborline" if kind in (Kind.ESP_USER_ID, Kind.SCREEN_NAME) else "",
        "role": Role.SUSPECT,
        "verified": None,
        "origin": Origin.ASSERTED,
        "sightings": (),
    }
    return Value(kind=kind, value=text, **{**wanted, **changes})


def seen(address: str, **changes: Any) -> Value:
    return value(Kind.IP, address, sightings=({"time": {"instant": NOON}, **changes},))


VALUES = st.builds(
    Value,
    kind=st.sampled_from(
        [Kind.EMAIL, Kind.PHONE, Kind.ESP_USER_ID, Kind.SCREEN_NAME, Kind.NAME, Kind.DEVICE_ID]
    ),
    scope=st.sampled_from(["", "harborline"]),
    value=st.sampled_from(["kite@example.org", "+14155550100", "bluekite", "b", ""]),
    role=st.sampled_from(list(Role)),
    verified=st.none() | st.booleans(),
    origin=st.sampled_from(list(Origin)),
    sightings=st.just(()),
)
SUBJECTS = st.builds(reported, st.lists(VALUES, max_size=6), st.none() | st.integers(1, 2))


def pair(*values: Value, senders: tuple[int | None, int | None] = (1, 1)):
    return propose(reported(values, senders[0]), reported(values, senders[1]), MODEL, NOTHING)


class TestSubjects:
    @pytest.mark.parametrize("role", [r for r in Role if r not in LINKING_ROLES])
    @pytest.mark.parametrize("kind", [k for k in Kind if k is not Kind.FILE_DIGEST])
    def test_nobody_but_the_reported_is_in_it(self, role, kind):
        assert reported([value(kind, "8.8.4.4", role=role)], 1) == Reported()

    @pytest.mark.parametrize("kind", [Kind.ESP_USER_ID, Kind.EMAIL, Kind.SCREEN_NAME])
    def test_what_is_a_victims_too_is_left_out(self, kind):
        both = [value(kind, "kite@example.org", verified=True, role=r) for r in Role]
        assert reported(both, 1) == Reported()

    @pytest.mark.parametrize(
        "address",
        ["info@example.org", "info+7@example.org", "kite@mailinator.com", "kite@mx.mailinator.com"],
    )
    def test_a_mailbox_of_a_task_or_of_anybody_says_nothing(self, address):
        assert reported([value(Kind.EMAIL, address, verified=True)], 1) == Reported()

    def test_files_are_those_of_the_report_and_not_what_a_text_mentions(self):
        told = value(Kind.FILE_DIGEST, "aa", role=Role.FILE, origin=Origin.COMPUTED)
        mined = value(Kind.FILE_DIGEST, "bb", role=Role.FILE, origin=Origin.MINED)
        assert reported([told, mined], 1).whole == Subject(files=frozenset({"aa"}))

    def test_an_address_says_something_at_its_times_only(self):
        unread = {"time": {"instant": None}}
        one = value(Kind.IP, "169.229.216.200", sightings=(unread, {}, unread))
        assert reported([one], 1).told.seen == ()
        assert len(reported([seen("169.229.216.200")], 1).told.seen) == 1

    @pytest.mark.parametrize(
        ("address", "changes", "shared"),
        [
            ("169.229.216.200", {}, False),
            ("169.229.216.200", {"type": PROXY}, True),
            ("104.28.0.7", {}, True),
            ("1.1.1.1", {}, True),
        ],
    )
    def test_addresses_of_proxies_and_relays_are_many_peoples(self, address, changes, shared):
        [found] = reported([seen(address, **changes)], 1).told.seen
        assert found.shared is shared

    @given(st.lists(VALUES, max_size=6), st.randoms())
    def test_where_a_value_stands_makes_no_difference(self, values, dice):
        mixed = list(values)
        dice.shuffle(mixed)
        assert reported(mixed, 1) == reported(values, 1)


class TestProposals:
    @given(SUBJECTS, SUBJECTS)
    def test_the_sum_is_the_sum_in_either_order(self, a, b):
        one, other = propose(a, b, MODEL, NOTHING), propose(b, a, MODEL, NOTHING)
        assert one == other
        if one is None:
            assert not a.certain & b.certain
            return
        assert one.points == total(one.reasons)
        assert {reason.code for reason in one.reasons} <= known_codes()
        assert one.automatic == bool(a.certain & b.certain)
        assert one.automatic or one.points >= MODEL.rules.enough

    @given(SUBJECTS, SUBJECTS)
    def test_proposed_is_what_is_weighed_as_enough(self, a, b):
        found = weighed(a, b, MODEL, NOTHING)
        enough = found.automatic or found.points >= least(MODEL, NOTHING)
        assert propose(a, b, MODEL, NOTHING) == (found if enough else None)

    @given(st.lists(VALUES, max_size=6), st.lists(VALUES, max_size=6))
    def test_what_texts_mention_links_nobody_by_itself_and_takes_nothing_away(self, ours, theirs):
        mined = [one._replace(origin=Origin.MINED) for one in theirs]
        told = [one for one in ours if one.origin != Origin.MINED]
        with_texts = reported([*told, *mined], 1)
        assert with_texts.certain == reported(told, 1).certain
        other = reported(ours, 1)
        without = propose(reported(told, 1), other, MODEL, NOTHING)
        found = propose(with_texts, other, MODEL, NOTHING)
        if without is not None and found is not None:
            assert found.points >= without.points

    def test_among_fewer_subjects_fewer_bits_are_enough(self):
        a = reported([value(Kind.DATE_OF_BIRTH, "1990-05-17"), value(Kind.NAME, "ana kite")], 1)
        assert propose(a, a, MODEL, NOTHING).points >= MODEL.rules.enough
        b = reported([value(Kind.DATE_OF_BIRTH, "1990-05-17")], 1)
        assert propose(b, b, MODEL, NOTHING) is None
        assert propose(b, b, MODEL, Frequencies(among=1_000)).points >= MODEL.rules.needed(1_000)

    def test_what_only_a_text_mentions_counts_up_to_its_cap(self):
        told = reported([value(Kind.PHONE, "+14155550100")], 1)
        mined = reported([value(Kind.PHONE, "+14155550100", origin=Origin.MINED)], 1)
        found = propose(told, mined, MODEL, NOTHING)
        assert found.points == MODEL.rules.mentioned_cap * POINTS_A_BIT
        assert found.reasons[-1].code == "bits.mentioned"
        assert propose(told, told, MODEL, NOTHING).points > found.points

    @pytest.mark.parametrize(
        ("one", "senders", "automatic"),
        [
            (value(Kind.ESP_USER_ID, "7"), (1, 1), True),
            (value(Kind.ESP_USER_ID, "7", scope=""), (1, 1), False),
            (value(Kind.ESP_USER_ID, "7"), (1, 2), False),
            (value(Kind.ESP_USER_ID, "7"), (None, None), False),
            (value(Kind.ESP_USER_ID, "7", role=Role.ASSOCIATED), (1, 1), False),
            (value(Kind.EMAIL, "kite@example.org", verified=True), (1, 2), True),
            (value(Kind.EMAIL, "kite@example.org", verified=False), (1, 1), False),
            (value(Kind.EMAIL, "kite@example.org"), (1, 1), False),
            (value(Kind.PHONE, "+14155550100", verified=True), (1, 2), True),
            (value(Kind.PHONE, "4155550100", scope="harborline", verified=True), (1, 1), False),
            (value(Kind.SCREEN_NAME, "bluekite"), (1, 1), False),
            (value(Kind.DEVICE_ID, "007"), (1, 1), False),
        ],
    )
    def test_what_links_by_itself(self, one, senders, automatic):
        proposal = pair(one, senders=senders)
        assert proposal.automatic is automatic
        if automatic:
            assert proposal.reasons[0].code.startswith("link.")
            assert proposal.reasons[0].points == 0

    def test_a_rare_word_alone_is_too_little_and_with_another_a_proposal(self):
        name, born = value(Kind.NAME, "anna example"), value(Kind.DATE_OF_BIRTH, "1990-05-17")
        assert pair(name) is None
        assert pair(born) is None
        assert pair(name, born).automatic is False

    def test_an_address_of_many_people_is_too_little(self):
        assert pair(seen("104.28.0.7", port=7)) is None
