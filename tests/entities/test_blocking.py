"""Which keys a subject has, and who is compared by them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.insight.entities.blocking.rules import (
    MOST,
    MOST_COMPARED,
    MOST_FILES,
    MOST_KEYS,
    Keys,
    compared,
    is_certain,
    key_of,
    keys,
    moved,
)
from tipline.insight.entities.rules_reported import Certain, Reported
from tipline.insight.entities.scoring.rules_levels import LADDERS, hits
from tipline.insight.entities.scoring.rules_subject import (
    Subject,
    handle,
    mail,
    phone,
    seen,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TEXT = st.text(max_size=30)


def few(values, most=4):
    return st.lists(values, max_size=most).map(tuple)


def set_of(values):
    return st.frozensets(values, max_size=4)


ANY_SUBJECT = st.builds(
    Subject,
    accounts=set_of(st.tuples(TEXT, TEXT)),
    handles=few(st.builds(handle, TEXT, TEXT)),
    mails=few(st.builds(mail, TEXT)),
    phones=few(st.builds(phone, TEXT)),
    seen=few(st.builds(seen, TEXT, st.none() | st.just(NOON), shared=st.booleans())),
    names=set_of(TEXT),
    births=set_of(TEXT),
    devices=set_of(TEXT),
    addresses=set_of(TEXT),
    pages=set_of(TEXT),
    payments=set_of(st.tuples(TEXT, TEXT)),
    files=set_of(TEXT),
)
ANY = st.builds(
    Reported,
    told=st.just(Subject()),
    whole=ANY_SUBJECT,
    certain=set_of(st.builds(Certain, TEXT, TEXT, TEXT)),
)


def of(**values) -> Keys:
    return keys(Reported(whole=Subject(**values)), test=False)


@given(ANY, st.booleans())
def test_any_values_give_keys_and_the_same_ones_again(subject, test):
    found = keys(subject, test=test)
    assert found == keys(subject, test=test)
    assert all(re.fullmatch(r"[0-9a-f]{16}", key) for key in found.all)
    assert len(set(found.all)) == len(found.all) <= MOST_KEYS
    assert not set(found.all) & set(keys(subject, test=not test).all)
    assert all(map(is_certain, found.certain))
    assert not any(map(is_certain, found.shared))


@given(st.text(min_size=1, max_size=5).map(lambda text: text * 3000))
def test_no_length_is_too_long(text):
    found = of(
        handles=(handle(text, text),), mails=(mail(text),), phones=(phone(text),),
        names=frozenset({text}), births=frozenset({text}), accounts=frozenset({(text, text)}),
    )  # fmt: skip
    assert found.shared


def test_many_values_give_a_bounded_number_of_keys():
    many = frozenset(f"{n:064x}" for n in range(5000))
    found = of(
        files=many, devices=many, pages=many, addresses=many,
        handles=tuple(handle(f"name number_{n}") for n in range(5000)),
    )  # fmt: skip
    assert len(found.shared) == MOST_KEYS
    assert len(of(files=many).shared) == MOST_FILES
    assert of(files=many) == of(files=many | {"f" * 64})  # the smallest are those of both


#: Two subjects at each level that is looked for, by (comparison, level).
FOUND = {
    ("account", "same"): [{"accounts": frozenset({("chat", "7")})}] * 2,
    ("screen_name", "same_at_service"): [{"handles": (handle("abc", "chat"),)}] * 2,
    ("screen_name", "same_name"): [
        {"handles": (handle("bluekite", "chat"),)},
        {"handles": (handle("bluekite", "mail"),)},
    ],
    ("screen_name", "same_skeleton"): [
        {"handles": (handle("xx_blue.kite_xx", "chat"),)},
        {"handles": (handle("blu3k1te", "mail"),)},
    ],
    ("screen_name", "same_stem"): [
        {"handles": (handle("bluekite77"),)},
        {"handles": (handle("blue_kite12"),)},
    ],
    ("screen_name", "same_words"): [
        {"handles": (handle("blue_kite"),)},
        {"handles": (handle("kite.blue"),)},
    ],
    ("email", "same_mailbox"): [
        {"mails": (mail("blue.kite@gmail.com"),)},
        {"mails": (mail("bluekite+x@googlemail.com"),)},
    ],
    ("email", "same_user"): [
        {"mails": (mail("blue.kite@example.org"),)},
        {"mails": (mail("blue.kite@example.net"),)},
    ],
    ("alias", "same_skeleton"): [
        {"mails": (mail("blue.kite@example.org"),)},
        {"handles": (handle("bluekite"),)},
    ],
    ("phone", "same"): [{"phones": (phone("+14155550100"),)}] * 2,
    ("phone", "same_national"): [
        {"phones": (phone("+14155550100"),)},
        {"phones": (phone("4155550100"),)},
    ],
    **{
        ("ip", level): [
            {"seen": (seen("169.229.216.200", NOON, 7),)},
            {"seen": (seen("169.229.216.200", NOON + apart, port),)},
        ]
        for level, apart, port in (
            ("same_port_minutes", timedelta(0), 7),
            ("same_hour", timedelta(minutes=40), 8),
            ("same_day", timedelta(hours=20), 8),
            ("same_month", timedelta(days=20), 8),
        )
    },
    **{
        (kind, "same"): [{field: frozenset({"one"})}] * 2
        for kind, field in (
            ("device", "devices"), ("address", "addresses"), ("page", "pages"), ("file", "files")
        )
    },
    ("payment", "same"): [{"payments": frozenset({("bitcoin", "1a")})}] * 2,
    ("name", "same"): [{"names": frozenset({"anna example"}), "births": frozenset({"1990-05-17"})}]
    * 2,
    ("name", "shared_word"): [
        {"names": frozenset({"anna example"}), "births": frozenset({"1990-05-17"})},
        {"names": frozenset({"example maria"}), "births": frozenset({"1990-05-17"})},
    ],
}  # fmt: skip
#: Levels at which nobody is looked for: too far apart for a key, or too weak without another.
NOT_LOOKED_FOR = {
    ("screen_name", "near"), ("trailing_number", "same"), ("email", "near_user"),
    ("phone", "one_digit"), ("ip", "same_network_week"), ("name", "near"),
    ("date_of_birth", "same"), ("date_of_birth", "swapped"), ("date_of_birth", "one_digit"),
    ("date_of_birth", "same_year"),
}  # fmt: skip


@pytest.mark.parametrize(("comparison", "level"), list(FOUND))
def test_who_is_alike_at_a_level_that_is_looked_for_shares_a_key(comparison, level):
    one, other = (Subject(**values) for values in FOUND[comparison, level])
    assert level in {hit.level for hit in dict(hits(one, other))[comparison]}
    ours, theirs = (keys(Reported(whole=each), test=False).shared for each in (one, other))
    assert set(ours) & set(theirs)


def test_every_level_is_looked_for_or_known_not_to_be():
    levels = {(name, each.name) for name, ladder in LADDERS.items() for each in ladder[:-1]}
    assert levels == set(FOUND) | NOT_LOOKED_FOR


@pytest.mark.parametrize(
    "nothing",
    [
        {"handles": (handle("ab"),)},
        {"names": frozenset({"anna example"})},
        {"births": frozenset({"1990-05-17"})},
        {"seen": (seen("169.229.216.200"),)},
        {"seen": (seen("104.28.0.7", NOON, shared=True),)},
        {},
    ],
)
def test_what_many_people_have_gives_no_key(nothing):
    assert of(**nothing).all == ()


def test_parts_of_a_value_do_not_run_into_each_other():
    assert key_of("account", "a", "bc") != key_of("account", "ab", "c")
    assert key_of("device", "a") != key_of("page", "a")


NUMBERS = st.lists(st.integers(1, 200), max_size=60, unique=True).map(sorted)
SHARED = st.dictionaries(st.sampled_from("abcdef"), NUMBERS, max_size=6)


@given(SHARED, st.integers(1, 200))
def test_only_earlier_ones_and_only_while_few_have_the_key(shared, number):
    found = compared(number, shared)
    assert len(found) <= MOST_COMPARED
    few_have = [
        {one for one in numbers if one < number}
        for numbers in shared.values()
        if sum(one < number for one in numbers) < MOST
    ]
    assert set(found) <= set().union(*few_have)
    if len(set().union(*few_have)) <= MOST_COMPARED:
        assert set(found) == set().union(*few_have)


@given(SHARED, st.integers(1, 200))
def test_what_stands_behind_the_first_ones_makes_no_difference(shared, number):
    read = {key: numbers[: MOST + 1] for key, numbers in shared.items()}
    assert compared(number, read) == compared(number, shared)
    assert moved(number, read) == moved(number, shared)


@given(SHARED, st.integers(1, 200), st.sets(st.sampled_from("abcdef")))
def test_whoever_is_compared_with_others_now_is_told(shared, number, own):
    """A report comes late: of those that share a key with it, all whom it moves are known."""
    before = {key: [one for one in found if one != number] for key, found in shared.items()}
    after = {
        key: sorted({*found, number}) if key in own else found for key, found in before.items()
    }
    mine = {key: found for key, found in after.items() if key in own}
    for other in {one for found in before.values() for one in found}:
        theirs = {key for key, found in before.items() if other in found}
        was = compared(other, {key: before[key] for key in theirs})
        now = compared(other, {key: after[key] for key in theirs})
        assert was == now or other in moved(number, mine)
