"""What one version of a profile says that the one before it did not, in the form's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from tipline.doors.portals.look.parts import Words
from tipline.doors.portals.staff.forms_profiles import (
    AgencyProfileForm,
    EspProfileForm,
    initial_agency,
    initial_esp,
)

Change = tuple[Words, Words, Words]
"""A statement, what it said before, what it says now."""

_NOTHING = "\N{EN DASH}"


def changes_between(older: Mapping[str, Any], newer: Mapping[str, Any]) -> tuple[Change, ...]:
    """Every statement that differs, in the order of the form."""
    is_agency = "areas" in newer
    form: forms.Form = AgencyProfileForm() if is_agency else EspProfileForm()
    flat = initial_agency if is_agency else initial_esp
    before, after = flat(older, 0), flat(newer, 0)
    return tuple(
        (field.label or name, _words(field, before.get(name)), _words(field, after.get(name)))
        for name, field in form.fields.items()
        if before.get(name) != after.get(name)
    )


def _words(field: forms.Field, value: Any) -> Words:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, forms.ChoiceField):
        choices: dict[str, Words] = dict(field.widget.choices)
        return choices.get(str(value), _NOTHING)
    return _NOTHING if value in (None, "") else str(value)
