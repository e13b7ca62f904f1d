"""Rows added in a plain statement are those that Django would have written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.entities.linked import some_reports
from tests.filing import world
from tests.personas import World

from tipline.ground.foundation.adding import add, add_missing, add_or_set, add_values
from tipline.ground.foundation.models import Job
from tipline.insight.entities.models import Identifier, Link

__all__ = ["world"]

_NOW = timezone.now()
_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
_JOBS = st.builds(
    Job,
    kind=_TEXT,
    lane=_TEXT,
    payload=st.dictionaries(_TEXT, st.integers(-(2**31), 2**31) | _TEXT | st.none(), max_size=3),
    priority=st.integers(-9, 9),
    run_at=st.datetimes().map(lambda at: at.replace(year=2026, tzinfo=_NOW.tzinfo)),
    lease_until=st.none() | st.just(_NOW),
    created_at=st.just(_NOW),
)


def _said(rows: list[Job]) -> list[dict[str, object]]:
    names = [field.name for field in Job._meta.concrete_fields if field.name != "id"]
    return [{name: getattr(row, name) for name in names} for row in rows]


class AsDjangoWritesThem(TestCase):
    @given(st.lists(_JOBS, min_size=1, max_size=4))
    def test_rows_are_the_same(self, rows: list[Job]) -> None:
        plain = [Job(**one) for one in _said(rows)]
        Job.objects.bulk_create(rows)
        add(plain)
        theirs = Job.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk")
        ours = Job.objects.filter(pk__in=[row.pk for row in plain]).order_by("pk")
        assert _said(list(ours)) == _said(list(theirs))
        assert all(not row._state.adding for row in plain)


@pytest.mark.django_db
def test_an_expression_is_answered_for_each_row(world: World):
    first, second, third = some_reports(world, 3)
    rows = [_link(first, second), _link(first, third)]
    told = add_values(Link, tuple(rows[0]), [tuple(row.values()) for row in rows], "high_id - 1")
    assert [Link.objects.get(pk=key).high_id for key, _less in told] == [second, third]
    assert [less for _key, less in told] == [second - 1, third - 1]
    assert add_values(Link, tuple(rows[0]), []) == []


@pytest.mark.django_db
def test_what_is_not_named_is_as_django_would_have_it(world: World):
    first, second, third = some_reports(world, 3)
    theirs, ours = _link(first, second), _link(first, third)
    Link.objects.bulk_create([Link(**theirs)])
    add_values(Link, tuple(ours), [tuple(ours.values())])
    wrote, added = Link.objects.order_by("high").values()
    differs = {name for name, value in wrote.items() if added[name] != value}
    assert differs == {"id", "high_id"}
    assert added["reasons"] == [{"a": 1}]
    assert added["news"] == []


def _link(low: int, high: int) -> dict[str, Any]:
    said = {"state": "proposed", "version": "v", "at": _NOW, "reasons": [{"a": 1}]}
    return {"low_id": low, "high_id": high, **said}


@pytest.mark.django_db
def test_what_is_there_stays(world: World):
    (number,) = some_reports(world, 1)

    def one(path: str) -> Identifier:
        return Identifier(
            report_id=number, kind="email", normal="a@b.example", role="suspect", path=path
        )

    add_missing([one("first")])
    add_missing([one("second")])
    assert [row.path for row in Identifier.objects.all()] == ["first"]
    with pytest.raises(IntegrityError), transaction.atomic():
        add([one("third")])
    add_missing([])
    add([])


@pytest.mark.django_db
def test_what_is_there_takes_one_value():
    for minutes in (1, 2):
        at = _NOW + timedelta(minutes=minutes)
        row = Job(kind=str(minutes), run_at=at, created_at=_NOW, dedup_key="one")
        add_or_set([row], "dedup_key", "run_at")
    (row,) = Job.objects.all()
    assert (row.kind, row.run_at) == ("1", _NOW + timedelta(minutes=2))
