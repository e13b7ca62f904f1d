"""Two subjects side by side: each value once, the near beside the near."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tipline.insight.entities.comparing.rules import Told, side_by_side
from tipline.insight.entities.scoring.rules_levels import LADDERS
from tipline.record.reports.facts import IdentifierKind as Kind


def told(kind, *values, scope=""):
    return [Told(n, kind, scope, value) for n, value in enumerate(values, 1)]


def shown(rows):
    return [
        (row.comparison, row.level, row.left and row.left.value, row.right and row.right.value)
        for row in rows
    ]


def test_the_nearest_stand_beside_each_other_and_the_rest_below():
    left = told(Kind.SCREEN_NAME, "blue.kite", "red_boat", "lantern")
    right = told(Kind.SCREEN_NAME, "harbor", "bluekite", "blue.kite")

    assert shown(side_by_side(left, right)) == [
        ("screen_name", "same_at_service", "blue.kite", "blue.kite"),
        ("screen_name", "else", "red_boat", "harbor"),
        ("screen_name", "else", "lantern", "bluekite"),
    ]


def test_one_who_has_no_such_value_has_an_empty_side():
    assert shown(side_by_side(told(Kind.PHONE, "+14155550100"), [])) == [
        ("phone", "", "+14155550100", None)
    ]


def test_a_mailbox_stands_beside_the_screen_name_that_it_is():
    left = told(Kind.EMAIL, "bluekite@example.org")
    right = told(Kind.SCREEN_NAME, "blue_kite")

    assert shown(side_by_side(left, right)) == [
        ("alias", "same_skeleton", "bluekite@example.org", "blue_kite")
    ]


def test_an_address_is_as_near_as_its_nearest_sightings():
    def seen(*times):
        sightings = [{"time": {"instant": time}, "port": 50123} for time in times]
        return [Told(1, Kind.IP, "", "169.229.216.200", sightings)]

    early, late = "2026-11-20T09:00:00+00:00", "2026-11-20T09:01:00+00:00"
    far = "2020-01-01T00:00:00+00:00"
    [row] = side_by_side(seen(far, early), seen(late))
    assert row.level == "same_port_minutes"
    [row] = side_by_side(seen(far), seen(late))
    assert (row.level, row.alike) == ("else", False)
    [row] = side_by_side([Told(1, Kind.IP, "", "169.229.216.200")], seen(late))
    assert row.level == "else"  # an address without a time says nothing


def test_accounts_and_payments_are_the_same_at_one_service_only():
    one = told(Kind.ESP_USER_ID, "7", scope="harbor")
    assert side_by_side(one, told(Kind.ESP_USER_ID, "7", scope="quill"))[0].level == "else"
    assert side_by_side(one, told(Kind.ESP_USER_ID, "7", scope="harbor"))[0].level == "same"


def test_files_that_differ_stand_alone_one_digest_each():
    left = [*told(Kind.FILE_DIGEST, "a" * 64, scope="sha256"), *told(Kind.FILE_DIGEST, "b" * 32)]
    right = told(Kind.FILE_DIGEST, "c" * 32, scope="md5")

    assert shown(side_by_side(left, right)) == [
        ("file", "", "a" * 64, None),
        ("file", "", None, "c" * 32),
    ]


VALUES = {
    Kind.SCREEN_NAME: st.sampled_from(["blue.kite", "bluekite", "bluekite7", "harbor", "x"]),
    Kind.EMAIL: st.sampled_from(["bluekite@a.org", "bluekite@b.org", "info@a.org"]),
    Kind.PHONE: st.sampled_from(["+14155550100", "+14155550109", "4155550100", "7"]),
    Kind.NAME: st.sampled_from(["example robin", "example robyn", "other"]),
    Kind.DATE_OF_BIRTH: st.sampled_from(["1990-05-07", "1990-07-05", "1971-02-03"]),
    Kind.FILE_DIGEST: st.sampled_from(["a" * 64, "b" * 64]),
    Kind.GROUP: st.just("a group"),
}
SUBJECTS = st.lists(
    st.sampled_from(list(VALUES)).flatmap(
        lambda kind: VALUES[kind].map(lambda value: Told(0, kind, "s", value))
    ),
    max_size=12,
    unique_by=lambda one: (one.kind, one.value),
)


@given(SUBJECTS, SUBJECTS)
def test_every_value_that_is_compared_stands_once_and_turning_it_round_changes_nothing(a, b):
    rows = side_by_side(a, b)
    compared = [one for one in a if one.kind is not Kind.GROUP]

    assert sorted(row.left.value for row in rows if row.left) == sorted(o.value for o in compared)
    for row in rows:
        assert row.left or row.right
        assert (row.level == "") == (row.left is None or row.right is None)
        assert row.comparison in LADDERS
    turned = side_by_side(b, a)
    assert sorted(row.level for row in turned) == sorted(row.level for row in rows)
