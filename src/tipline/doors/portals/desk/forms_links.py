"""What a second person says of a link, and what a senior says of a value in two roles."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tipline.insight.entities.judging.writing import MOST_NOTE
from tipline.insight.entities.roles import services as roles
from tipline.insight.entities.roles.rules import Answer


class SecondForm(forms.Form):
    """Whether two reports belong together, and a note."""

    verdict = forms.ChoiceField(
        label=_("Is it one person?"),
        choices=[("yes", _("Yes")), ("no", _("No")), ("unsure", _("Unsure"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Answer yes, no or unsure.")},
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=MOST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the answer rests on."),
    )


class ConflictForm(forms.Form):
    """Whether a value is one person's on both sides, and why."""

    answer = forms.ChoiceField(
        label=_("Whose is it?"),
        choices=[
            (Answer.SAME_PERSON, _("The same person's: a victim who is reported, too")),
            (Answer.DIFFERENT_PEOPLE, _("Of different people")),
            (Answer.UNSURE, _("Unsure")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whose it is.")},
    )
    note = forms.CharField(
        label=_("Why"),
        min_length=roles.LEAST_NOTE,
        max_length=roles.MOST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands on both reports."),
    )
    seen = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
