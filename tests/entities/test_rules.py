"""Normal forms over any text, and what two reports may be linked by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.foundation.reasons import total
from tipline.insight.entities.rules import (
    LEAST_POINTS,
    LINKING_ROLES,
    LONGEST,
    MOST_SHARED,
    Normal,
    Shared,
    normal_form,
    normal_forms,
    propose,
)
from tipline.record.reports.facts import Identifier, IdentifierKind, Role

Kind = IdentifierKind
ANY_TEXT = st.one_of(
    st.text(),
    st.text("aAßéÅ\u0131İﬁ²½\u00ad\u200d\u0301\u0345\u1e9e ._-@/:?#+0123456789\t\n", max_size=20),
)
SUSPECTS = (Role.SUSPECT, Role.SUSPECT)


def one(kind: Kind, raw: str, role: Role = Role.SUSPECT, **more) -> Identifier:
    return Identifier(kind, raw, role, "/report/somewhere", **more)


def key(kind: Kind, raw: str, sender: str = "Harborline", **more) -> tuple[str, str, str] | None:
    form = normal_form(one(kind, raw, **more), sender)
    return form.key if form else None


@given(st.sampled_from(list(Kind)), ANY_TEXT, st.text(max_size=4), st.sampled_from(list(Role)))
def test_a_normal_form_is_its_own_normal_form(kind, raw, qualifier, role):
    form = normal_form(one(kind, raw, role, qualifier=qualifier), "Harborline")
    if form is None:
        return
    again = normal_form(one(kind, form.value, role, qualifier=qualifier), "Harborline")
    assert again is not None
    assert again.value == form.value
    assert 0 < len(form.value) <= LONGEST
    assert "\x00" not in form.value
    assert form.value == form.value.strip()


@given(ANY_TEXT)
def test_case_and_width_and_invisible_signs_make_no_other_person(name):
    disguised = "\u200b" + name.casefold() + " \u00ad"
    assert key(Kind.SCREEN_NAME, disguised) == key(Kind.SCREEN_NAME, name)


@pytest.mark.parametrize(
    ("kind", "one_way", "another"),
    [
        (Kind.EMAIL, "Blue.Kite@Example.ORG", " blue.kite@example.org"),
        (Kind.EMAIL, "ﬁsh@example.org", "fish@example.org"),
        (Kind.SCREEN_NAME, "Blue\tKite", "blue kite"),
        (Kind.SCREEN_NAME, "STRASSE", "straße"),
        (Kind.PROFILE_URL, "https://www.Example.org/u/Kite/", "example.org/u/kite"),
        (Kind.PROFILE_URL, "http://example.org:80/u?id=7#top", "https://example.org/u?id=7"),
        (Kind.IP, "::ffff:169.229.216.200", "169.229.216.200"),
        (Kind.IP, "2607:F140::1", "2607:f140:0:0:0:0:0:1"),
        (Kind.DEVICE_ID, "AB:CD-12.34 56", "abcd123456"),
        (Kind.PHONE, "+1 (415) 555-0100", "+14155550100"),
    ],
)
def test_the_same_thing_written_twice(kind, one_way, another):
    assert key(kind, one_way) == key(kind, another)
    assert key(kind, one_way) is not None


@pytest.mark.parametrize(
    ("kind", "one_value", "another"),
    [
        (Kind.ESP_USER_ID, "User-1", "user-1"),  # the ESP's own: case may matter
        (Kind.ESP_USER_ID, "007", "7"),
        (Kind.EMAIL, "a.b@example.org", "ab@example.org"),
        (Kind.PROFILE_URL, "example.org/u?id=7", "example.org/u?id=8"),
        (Kind.PHONE, "+14155550100", "+44155550100"),
    ],
)
def test_different_things(kind, one_value, another):
    assert key(kind, one_value) != key(kind, another)


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Kind.EMAIL, "no at sign"),
        (Kind.EMAIL, "@example.org"),
        (Kind.EMAIL, "someone@localhost"),
        (Kind.IP, "10.0.0.7"),  # private: everybody has it
        (Kind.IP, "127.0.0.1"),
        (Kind.IP, "not an address"),
        (Kind.PHONE, "no number"),
        (Kind.PROFILE_URL, "just words"),
        (Kind.SCREEN_NAME, "\u200b\u00ad"),
        (Kind.SCREEN_NAME, "x" * (LONGEST + 1)),
        (Kind.NAME, "Ada Example"),
        (Kind.ADDRESS, "1 Harbor Way"),
        (Kind.DATE_OF_BIRTH, "1990-01-01"),
        (Kind.FILE_DIGEST, "ab" * 16),
    ],
)
def test_what_has_no_normal_form(kind, raw):
    assert key(kind, raw) is None


class TestPhones:
    """The country is the one that was said; none is ever assumed."""

    def test_a_stated_calling_code_is_used(self):
        assert key(Kind.PHONE, "415 555 0100", qualifier="1") == key(Kind.PHONE, "+1 4155550100")

    def test_a_number_without_a_country_is_no_number_of_another_country(self):
        national = key(Kind.PHONE, "415 555 0100")
        assert national == ("phone", "harborline", "4155550100")
        assert national != key(Kind.PHONE, "+41 5555 0100")

    def test_and_says_nothing_across_senders(self):
        assert key(Kind.PHONE, "415 555 0100", "Quillnet") != key(Kind.PHONE, "415 555 0100")


class TestScopes:
    def test_account_ids_are_unique_within_a_service_only(self):
        own = key(Kind.ESP_USER_ID, "7")
        assert own == ("esp_user_id", "harborline", "7")
        assert own != key(Kind.ESP_USER_ID, "7", "Quillnet")
        assert own != key(Kind.ESP_USER_ID, "7", scope="Chat")

    def test_contacts_are_unique_everywhere(self):
        for kind, raw in ((Kind.EMAIL, "a@example.org"), (Kind.PHONE, "+14155550100")):
            assert key(kind, raw, "Quillnet") == key(kind, raw, "Harborline")


class TestRoles:
    def test_one_value_in_two_roles_stays_two(self):
        found = [one(Kind.EMAIL, "a@example.org", role) for role in (Role.SUSPECT, Role.VICTIM)]
        assert [form.role for form in normal_forms(found, "")] == [Role.SUSPECT, Role.VICTIM]

    @pytest.mark.parametrize(
        ("owner", "role"),
        [
            (Role.SUSPECT, Role.ASSOCIATED),
            (None, Role.ASSOCIATED),
            (Role.VICTIM, Role.VICTIM),
            (Role.RECIPIENT, Role.RECIPIENT),
        ],
    )
    def test_an_account_listed_with_a_victim_is_the_victims(self, owner, role):
        form = normal_form(one(Kind.EMAIL, "a@example.org", Role.ASSOCIATED, owner=owner), "")
        assert form.role is role

    def test_the_verified_one_of_two_is_kept(self):
        found = [
            one(Kind.EMAIL, "a@example.org", verified=None),
            one(Kind.EMAIL, "A@example.org", verified=True),
            one(Kind.EMAIL, "a@EXAMPLE.org", verified=False),
        ]
        [form] = normal_forms(found, "")
        assert isinstance(form, Normal)
        assert form.verified is True


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
