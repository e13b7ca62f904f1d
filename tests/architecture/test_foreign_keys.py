"""Foreign keys point down, hold what they point to, and leave no name behind.

A key may point to its own room, to a room that stands lower, or to Django's own tables, which
stand below the ground. What those point to among themselves is Django's affair.
"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from tests.architecture.house import ranks, room_of

OURS = [model for model in apps.get_models() if model.__module__.startswith("tipline.")]
KEYS = [
    pytest.param(field, id=f"{model._meta.label}.{field.name}")
    for model in OURS
    for field in model._meta.local_fields
    if isinstance(field, models.ForeignKey)
]


def _may_point(source: type[models.Model], target: type[models.Model]) -> bool:
    if not target.__module__.startswith("tipline."):
        return True
    here, there = room_of(source.__module__), room_of(target.__module__)
    return here == there or ranks()[there] < ranks()[here]


def test_there_are_keys_to_look_at():
    assert KEYS


@pytest.mark.parametrize("field", KEYS)
def test_a_key_points_down(field):
    assert _may_point(field.model, field.related_model), (
        f"{field.model.__module__} may not point to {field.related_model.__module__}"
    )


@pytest.mark.parametrize("field", KEYS)
def test_a_key_protects_what_it_points_to(field):
    assert field.remote_field.on_delete is models.PROTECT


@pytest.mark.parametrize("field", KEYS)
def test_a_key_has_no_reverse_name(field):
    assert field.remote_field.related_name == "+"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_many_to_many_is_a_table_of_its_own(model):
    """An automatic join table would cascade; a written one has a name and constraints."""
    assert not model._meta.local_many_to_many


@pytest.mark.parametrize(
    ("source", "target", "allowed"),
    [
        ("tipline.record.evidence.models", "tipline.record.reports.models", True),
        ("tipline.record.evidence.models", "tipline.record.evidence.models", True),
        ("tipline.record.reports.models", "tipline.record.evidence.models", False),
        ("tipline.ground.audit.models", "tipline.delivery.cases.models", False),
        ("tipline.insight.entities.models", "tipline.insight.matching.models", False),
        ("tipline.insight.matching.models", "tipline.insight.entities.models", False),
        ("tipline.ground.accounts.models", "django.contrib.auth.models", True),
    ],
)
def test_the_rule_itself(source, target, allowed):
    above = type("Above", (), {"__module__": source})
    below = type("Below", (), {"__module__": target})

    assert _may_point(above, below) is allowed
