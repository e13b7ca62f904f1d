"""What the list of reports shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from tipline.record.reports.rules import State

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tipline.record.reports.models import Report

_DIGITS = RegexValidator(r"^[0-9]{1,16}$", _("A report number has up to 16 digits."))


class ListForm(forms.Form):
    """Empty fields do not narrow."""

    q = forms.CharField(
        label=_("Number"),
        required=False,
        validators=[_DIGITS],
        widget=forms.TextInput(attrs={"size": 12, "inputmode": "numeric"}),
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("any")),
            (State.OPEN.value, _("open")),
            (State.FINISHED.value, _("filed")),
            (State.RETRACTED.value, _("retracted")),
            (State.EXPIRED.value, _("expired")),
        ],
    )

    def narrow(self, rows: QuerySet[Report]) -> QuerySet[Report]:
        """The rows that a valid form leaves."""
        said = self.cleaned_data
        if said["q"]:
            rows = rows.filter(pk=int(said["q"]))
        if said["state"]:
            rows = rows.filter(state=said["state"])
        return rows
