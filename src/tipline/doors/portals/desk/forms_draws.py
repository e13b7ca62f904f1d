"""What a look at a drawn report found."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tipline.insight.triage.draws.rules import Finding
from tipline.insight.triage.draws.services import MOST_NOTE


class FindingForm(forms.Form):
    """The finding is the button that is pressed."""

    finding = forms.ChoiceField(
        choices=[(finding.value, finding.value) for finding in Finding],
        widget=forms.HiddenInput,
        error_messages={"required": _("Say whether the report is ranked right.")},
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=MOST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
