"""Normal forms of every kind, over any text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tipline.insight.entities.forms.rules import (
    MOST_SIGHTINGS,
    Found,
    Normal,
    Origin,
    form_of,
    normal_form,
    normal_forms,
    readings,
    written,
)
from tipline.insight.entities.forms.rules_email import mailbox, user_of
from tipline.insight.entities.forms.rules_form import LONGEST, Problem, _folded, folded
from tipline.insight.entities.forms.rules_ip import network
from tipline.insight.entities.forms.rules_phone import national
from tipline.insight.entities.forms.rules_screen_name import (
    skeleton,
    stem,
    trailing_number,
    words,
)
from tipline.record.reports.facts import Identifier, IdentifierKind, Role

Kind = IdentifierKind
ANY_TEXT = st.one_of(
    st.text(),
    st.text("aAßéÅ\u0131İﬁ²½\u00ad\u200d\u0301\u0345\u1e9e ._-@/:?#+$0123456789\t\n", max_size=20),
    st.text("0123456789-/. T", max_size=12),
    st.text(st.characters(categories=["Cs", "Cc", "Lo", "Nd"]), max_size=20),
    st.integers(1, 20_000).map(lambda n: "1é" * n),
)


def one(kind: Kind, raw: str, role: Role = Role.SUSPECT, **more) -> Identifier:
    return Identifier(kind, raw, role, "/report/somewhere", **more)


def key(kind: Kind, raw: str, sender: str = "Harborline", **more) -> tuple[str, str, str] | None:
    form = normal_form(one(kind, raw, **more), sender)
    return form.key if form else None


@given(st.sampled_from(list(Kind)), ANY_TEXT, st.text(max_size=8), st.sampled_from(list(Role)))
@example(Kind.ESP_USER_ID, " \x00 a", "", Role.SUSPECT)
@example(Kind.DATE_OF_BIRTH, "\u0661\u0669\u0669\u0660-05-17", "", Role.SUSPECT)
@example(Kind.PAYMENT, "1" * 34, "", Role.SUSPECT)
def test_a_normal_form_is_its_own_or_says_why_there_is_none(kind, raw, qualifier, role):
    form = form_of(one(kind, raw, role, qualifier=qualifier), "Harborline")
    assert bool(form.value) == (form.problem is None)
    if not form.value:
        return
    again = form_of(one(kind, form.value, role, qualifier=qualifier), "Harborline")
    assert again == form
    assert 0 < len(form.value) <= LONGEST
    assert form.value == form.value.strip()
    form.value.encode()
    assert "\x00" not in form.value


@given(ANY_TEXT)
def test_looser_forms_take_any_text_and_are_their_own(text):
    bare = skeleton(text)
    assert skeleton(bare) == bare
    assert stem(stem(text)) == stem(text)
    assert trailing_number(text).isdigit() or not trailing_number(text)
    assert isinstance(words(text), frozenset)
    assert mailbox(mailbox(text)) == mailbox(text)
    assert user_of(text) == "" or user_of(text) in mailbox(text)
    assert network(text) == "" or network(network(text).partition("/")[0]) == network(text)
    assert len(national(text)) in (0, 9)
    assert written(written(text)) == written(text)
    written(text).encode()


@given(ANY_TEXT)
def test_case_and_width_and_invisible_signs_make_no_other_person(name):
    disguised = "\u200b" + name.casefold() + " \u00ad"
    if len(disguised) < 10_000:
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
        (Kind.NAME, "Anna Maria Example", "EXAMPLE, Anna-Maria"),
        (Kind.NAME, "Иван Пример", "Primer Ivan"),
        (Kind.ADDRESS, "12 Harbor Street, Apt. 4, Fresno", "12 harbor st apt 4 FRESNO"),
        (Kind.DATE_OF_BIRTH, "1990-05-17", "17.5.1990"),
        (Kind.DATE_OF_BIRTH, "1990-05-17Z", "05/17/1990"),
        (Kind.FILE_DIGEST, "AB12" * 8, "ab12" * 8),
        (Kind.PAYMENT, "https://cash.app/$BlueKite", "$bluekite"),
        (Kind.PAYMENT, "PayPal.me/BlueKite", "https://www.paypal.com/paypalme/bluekite"),
        (Kind.PAYMENT, "DE89 3704 0044 0532 0130 00", "de89370400440532013000"),
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
        (Kind.FILE_DIGEST, "ab12" * 8, "ab12" * 10),
    ],
)
def test_different_things(kind, one_value, another):
    assert key(kind, one_value) != key(kind, another)


@pytest.mark.parametrize(
    ("kind", "raw", "problem"),
    [
        (Kind.EMAIL, "no at sign", Problem.MALFORMED),
        (Kind.EMAIL, "@example.org", Problem.MALFORMED),
        (Kind.EMAIL, "someone@localhost", Problem.MALFORMED),
        (Kind.IP, "10.0.0.7", Problem.RESERVED),  # private: everybody has it
        (Kind.IP, "127.0.0.1", Problem.RESERVED),
        (Kind.IP, "100.64.3.2", Problem.RESERVED),  # behind a carrier's translation
        (Kind.IP, "not an address", Problem.MALFORMED),
        (Kind.PHONE, "no number", Problem.MALFORMED),
        (Kind.PROFILE_URL, "just words", Problem.MALFORMED),
        (Kind.SCREEN_NAME, "\u200b\u00ad", Problem.EMPTY),
        (Kind.SCREEN_NAME, "x" * (LONGEST + 1), Problem.TOO_LONG),
        (Kind.SCREEN_NAME, "\u200b" * 20_000 + "kite", Problem.TOO_LONG),
        (Kind.ADDRESS, "Fresno, CA, US", Problem.INCOMPLETE),
        (Kind.DATE_OF_BIRTH, "1990-01-01", Problem.DEFAULT),
        (Kind.DATE_OF_BIRTH, "03/04/1990", Problem.AMBIGUOUS),
        (Kind.DATE_OF_BIRTH, "1990-13-40", Problem.MALFORMED),
        (Kind.DATE_OF_BIRTH, "0001-05-05", Problem.MALFORMED),
        (Kind.FILE_DIGEST, "0" * 32, Problem.MALFORMED),
        (Kind.PAYMENT, "4111 1111 1111 1111", Problem.MALFORMED),  # a card is no identifier here
        (Kind.PAYMENT, "1BoatSLRHtKNngkdXEeobR76b53LETtpyU", Problem.MALFORMED),  # one letter off
    ],
)
def test_what_has_no_normal_form_says_why(kind, raw, problem):
    assert form_of(one(kind, raw), "Harborline").problem is problem
    assert key(kind, raw) is None


@pytest.mark.parametrize(
    ("raw", "network_"),
    [
        ("1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "bitcoin"),
        ("BC1QAR0SRRR7XFKVY5L643LYDNW9RE59GTZZWF5MDQ", "bitcoin"),  # BIP 173's own example
        ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "bitcoin"),  # BIP 350's
        ("0x" + "Ab" * 20, "ethereum"),
        ("GB29 NWBK 6016 1331 9268 19", "iban"),
        ("venmo.com/u/blue-kite", "venmo"),
        ("$bluekite", "cashtag"),
    ],
)
def test_payments_are_told_apart_by_their_networks(raw, network_):
    assert form_of(one(Kind.PAYMENT, raw), "").scope == network_


class TestPhones:
    """The country is the one that was said; none is ever assumed."""

    def test_a_stated_calling_code_is_used(self):
        assert key(Kind.PHONE, "415 555 0100", qualifier="1") == key(Kind.PHONE, "+1 4155550100")

    def test_a_number_without_a_country_is_no_number_of_another_country(self):
        found = key(Kind.PHONE, "415 555 0100")
        assert found == ("phone", "harborline", "4155550100")
        assert found != key(Kind.PHONE, "+41 5555 0100")

    def test_and_says_nothing_across_senders(self):
        assert key(Kind.PHONE, "415 555 0100", "Quillnet") != key(Kind.PHONE, "415 555 0100")


class TestScreenNames:
    @pytest.mark.parametrize(
        "decorated",
        [
            "xX_Blue.Kite_Xx", "blue-kite", "BLUE KITE", "bl\u0443ekite", "bluek1te", "itsbluekite",
            "real_blue_kite", "blu\u00e9kite", "bluekiteofficial",
        ],
    )  # fmt: skip
    def test_decorations_are_undone(self, decorated):
        wanted = "blyekite" if "\u0443" in decorated else "bluekite"
        assert skeleton(decorated) == wanted

    def test_digits_at_the_end_stay_and_letters_for_digits_do_not(self):
        assert skeleton("sh4dow_77") == "shadow77"
        assert stem("sh4dow_77") == "shadow"
        assert stem("ab12") == ""
        assert trailing_number("kite7731") == "7731"
        assert {trailing_number(name) for name in ("kite1987", "kite69", "kite123")} == {""}

    def test_words_in_any_order(self):
        assert words("Blue_Kite.77") == words("77 kite-blue")


def test_a_mailbox_is_what_its_provider_makes_of_it():
    assert mailbox("b.l.u.e+x@googlemail.com") == mailbox("blue@gmail.com") == "blue@gmail.com"
    assert mailbox("b.lue+x@example.org") == "b.lue@example.org"
    assert user_of("info@example.org") == ""


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
        kept = readings(map(Found, found), "")
        assert [form.role for form in kept] == [Role.SUSPECT, Role.VICTIM]

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
        [kept] = readings(map(Found, found), "")
        assert kept.verified is True
        raws = [seen["raw"] for seen in kept.sightings]
        assert raws == ["a@example.org", "A@example.org", "a@EXAMPLE.org"]


class TestReadings:
    @given(
        st.lists(
            st.builds(
                Found,
                st.builds(one, st.sampled_from(list(Kind)), ANY_TEXT, st.sampled_from(list(Role))),
                st.sampled_from(list(Origin)),
            ),
            max_size=6,
        )
    )
    def test_each_value_stands_once_in_each_role(self, found):
        kept = readings(found, "Harborline")
        keys = [(r.kind, r.scope, r.value, r.role, r.problem) for r in kept]
        assert len(keys) == len(set(keys))
        assert all(r.value or r.problem for r in kept)
        assert sum(len(r.sightings) for r in kept) <= len(found)

    def test_what_a_field_says_is_stronger_than_a_text(self):
        identifier = one(Kind.EMAIL, "a@example.org")
        [kept] = readings([Found(identifier, Origin.MINED, "d" * 64), Found(identifier)], "")
        assert (kept.origin, kept.passage) == (Origin.ASSERTED, "")
        assert [seen["origin"] for seen in kept.sightings] == ["mined", "asserted"]

    def test_a_field_that_cannot_be_read_is_kept_and_a_text_is_not(self):
        bad = one(Kind.PHONE, "call me")
        [kept] = readings([Found(bad), Found(bad, Origin.MINED)], "")
        assert (kept.value, kept.problem, kept.sightings[0]["raw"]) == (
            "",
            Problem.MALFORMED,
            "call me",
        )

    def test_a_value_named_ten_thousand_times_is_one_row_of_bounded_size(self):
        [kept] = readings([Found(one(Kind.IP, "169.229.216.200", port=n)) for n in range(999)], "")
        assert len(kept.sightings) == MOST_SIGHTINGS
        assert kept.sightings[1]["port"] == 1


@given(st.one_of(st.text(st.characters(max_codepoint=127)), ANY_TEXT))
def test_folding_the_short_way_gives_what_the_long_way_gives(text):
    assert folded(text) == _folded(" ".join(text.split()))
