"""What the studio's form sends: the labels of one content, and what of it was on the screen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tipline.insight.annotation.vocabulary import LABELS
from tipline.insight.review.rules import How
from tipline.insight.review.services import Said


class StudioForm(forms.Form):
    """All labels that hold; ``seen``: the newest statement that the page showed."""

    label = forms.MultipleChoiceField(
        label=_("Labels"), required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["label"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(one.code, one.words) for one in LABELS]

    def said(self) -> Said:
        """What a form that is valid says."""
        return Said(frozenset(self.cleaned_data["label"]), self.cleaned_data["seen"])


class ClosedForm(forms.Form):
    """What is said by its metadata of a file that the gate closes."""

    how = forms.ChoiceField(
        choices=[
            (str(How.ASK_OPENING), _("Ask for a paper that opens it")),
            (str(How.LEAVE_CLOSED), _("Leave it closed")),
        ]
    )
