"""What two reports may be linked by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.foundation.reasons import total
from tipline.insight.entities.rules import (
    LEAST_POINTS,
    LINKING_ROLES,
    MOST_SHARED,
    Shared,
    propose,
)
from tipline.record.reports.facts import IdentifierKind, Role

Kind = IdentifierKind
SUSPECTS = (Role.SUSPECT, Role.SUSPECT)


def shared(kind: Kind, **changes) -> Shared:
    wanted = {"scope": "", "verified_on_both": False, "roles": SUSPECTS, "reports": 2}
    if kind is Kind.ESP_USER_ID:
        wanted |= {"scope": "harborline", "same_sender": True}
    return Shared(kind, **{**wanted, **changes})


VALUES = st.builds(
    Shared,
    kind=st.sampled_from(list(Kind)),
    scope=st.sampled_from(["", "harborline"]),
    verified_on_both=st.booleans(),
    roles=st.tuples(st.sampled_from(list(Role)), st.sampled_from(list(Role))),
    reports=st.integers(2, 60),
    same_sender=st.booleans(),
)


class TestProposals:
    @given(st.lists(VALUES, max_size=6))
    def test_only_what_belongs_to_a_suspect_links_and_the_sum_is_the_sum(self, values):
        proposal = propose(values)
        linking = [v for v in values if set(v.roles) <= LINKING_ROLES and v.reports <= MOST_SHARED]
        if proposal is None:
            assert all(not v.verified_on_both or v.kind is not Kind.EMAIL for v in linking)
            return
        assert linking
        assert total(proposal.reasons) >= LEAST_POINTS
        if proposal.automatic:
            assert any(
                set(v.roles) == {Role.SUSPECT}
                and (
                    (v.kind is Kind.ESP_USER_ID and v.scope and v.same_sender)
                    or (v.kind in (Kind.EMAIL, Kind.PHONE) and v.verified_on_both and not v.scope)
                )
                for v in linking
            )

    @pytest.mark.parametrize("role", [r for r in Role if r not in LINKING_ROLES])
    @pytest.mark.parametrize("kind", list(Kind))
    def test_a_victims_value_links_nothing_whatever_it_is(self, role, kind):
        for roles in ((role, role), (role, Role.SUSPECT), (Role.SUSPECT, role)):
            wanted = shared(kind, verified_on_both=True, roles=roles)
            assert propose([wanted] * 5) is None

    @pytest.mark.parametrize(
        ("value", "automatic"),
        [
            (shared(Kind.ESP_USER_ID), True),
            (shared(Kind.ESP_USER_ID, scope=""), False),
            (shared(Kind.ESP_USER_ID, same_sender=False), False),
            (shared(Kind.ESP_USER_ID, roles=(Role.SUSPECT, Role.ASSOCIATED)), False),
            (shared(Kind.EMAIL, verified_on_both=True), True),
            (shared(Kind.EMAIL), False),
            (shared(Kind.PHONE, verified_on_both=True), True),
            (shared(Kind.PHONE, verified_on_both=True, scope="harborline"), False),
            (shared(Kind.SCREEN_NAME, scope="harborline"), False),
            (shared(Kind.DEVICE_ID), False),
        ],
    )
    def test_what_links_by_itself(self, value, automatic):
        assert propose([value]).automatic is automatic

    def test_one_address_alone_is_too_little_and_two_are_a_proposal(self):
        assert propose([shared(Kind.IP)]) is None
        assert propose([shared(Kind.IP), shared(Kind.IP)]).automatic is False

    def test_a_value_of_too_many_reports_counts_nothing_and_says_so(self):
        many = shared(Kind.ESP_USER_ID, reports=MOST_SHARED + 1)
        assert propose([many]) is None
        beside = propose([many, shared(Kind.EMAIL)])
        assert beside.automatic is False
        assert [r.code for r in beside.reasons] == ["link.shared_by_many", "link.same_value"]
        assert beside.reasons[0].points == 0
