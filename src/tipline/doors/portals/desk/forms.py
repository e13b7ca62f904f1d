"""The desk's small forms; the queue's are in ``forms_queue``, the call's in ``forms_call``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.forms import BaseForm
from django.utils.translation import gettext_lazy as _

from tipline.ground.foundation.errors import Invalid
from tipline.record.reports.services import LEAST_REASON, MOST_NOTE, MOST_REASON


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Add a note"),
        max_length=MOST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReferForm(forms.Form):
    """One more agency; those that have the report already are not offered."""

    agency = forms.TypedChoiceField(label=_("Agency"), coerce=int)
    why = forms.CharField(
        label=_("Why should this agency have it?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, agencies: Iterable[tuple[int, str]], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["agency"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [("", "---------"), *agencies]


class RevealForm(forms.Form):
    """Why an analyst must know who reported: asked each time, kept on the ledger."""

    why = forms.CharField(
        label=_("Why must you know who reported?"),
        help_text=_("It stands on the ledger: write no names."),
        min_length=LEAST_REASON,
        max_length=MOST_REASON,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="id_reveal_%s")


class ReleaseForm(forms.Form):
    """Why one agency must know who reported. Each hand-over of a page has a form of its own."""

    why = forms.CharField(
        label=_("Why must this agency know who reported?"),
        help_text=_("It stands on the ledger: write no names."),
        min_length=LEAST_REASON,
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, referral: int, data: Any = None) -> None:
        super().__init__(data, auto_id=f"id_release_{referral}_%s")
        self.referral = referral


def add_refusal(form: BaseForm, error: Invalid) -> None:
    """Put a service's refusal beside the field that it names, or on top."""
    form.add_error(error.field if error.field in form.fields else None, error.message)
