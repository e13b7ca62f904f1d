"""Forms around looking: why, what somebody wishes, what a supervisor sets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tipline.insight.annotation import vocabulary
from tipline.insight.care.policy import MOST_LOOKS
from tipline.insight.care.reasons import REVEAL_REASONS
from tipline.insight.care.rules import Limits
from tipline.insight.care.rules_practice import MOST_EXERCISES
from tipline.insight.care.rules_wishes import Wishes


class PreviewForm(forms.Form):
    """Why somebody must look: asked each time, kept on the ledger."""

    reason = forms.CharField(label=_("Reason for looking"), min_length=3, max_length=300)

    def purpose(self) -> str:
        return str(self.cleaned_data["reason"])

    def at(self) -> None:
        """A preview shows no single frame."""


class RevealPictureForm(forms.Form):
    """Why somebody must see a picture as it is: from the list, and in their own words."""

    why = forms.ChoiceField(
        label=_("What do you need to see it for?"), choices=list(REVEAL_REASONS.items())
    )
    words = forms.CharField(label=_("In your own words"), min_length=3, max_length=250)
    at_ms = forms.TypedChoiceField(
        label=_("Which frame"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, stills: Iterable[int], data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["at_ms"]
        choices = [(str(at_ms), str(at_ms)) for at_ms in stills]
        if isinstance(field, forms.TypedChoiceField):
            field.choices, field.required = choices, bool(choices)

    def purpose(self) -> str:
        """As the ledger has it: the code, then the words."""
        return f"{self.cleaned_data['why']}: {self.cleaned_data['words']}"

    def at(self) -> int | None:
        """The frame of a film, in milliseconds; None of a picture."""
        found = self.cleaned_data["at_ms"]
        return None if found is None else int(found)


class PracticeForm(forms.Form):
    """Which exercise; whatever cannot be read is the first."""

    n = forms.IntegerField(min_value=1, max_value=MOST_EXERCISES)

    @classmethod
    def number_in(cls, data: Any) -> int:
        form = cls(data)
        return int(form.cleaned_data["n"]) if form.is_valid() else 1


def _number(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, required=False, min_value=0, max_value=MOST_LOOKS
    )


class WishesForm(forms.Form):
    """What a person wishes for their own work."""

    off = forms.MultipleChoiceField(
        label=_("Do not offer me files that are known to show"),
        help_text=_("By our labels, or by what the provider says. You can still open them."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    looks = _number(
        _("At most so many looks in any 24 hours"),
        _("Empty: as for the team. Only you see this number."),
    )
    more_blur = forms.BooleanField(label=_("Blur previews more"), required=False)
    stay_grey = forms.BooleanField(label=_("Keep revealed pictures grey"), required=False)

    def __init__(self, data: Any = None, *, wishes: Wishes | None = None) -> None:
        super().__init__(data, initial=wishes.as_json() if wishes else None)
        field = self.fields["off"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(label.code, label.words) for label in vocabulary.own().in_force]

    def wishes(self) -> Wishes:
        said = self.cleaned_data
        return Wishes(frozenset(said["off"]), said["looks"], said["more_blur"], said["stay_grey"])


class LimitForm(forms.Form):
    """What a team, or one of it, may look at in any 24 hours."""

    person = forms.TypedChoiceField(
        label=_("For whom"), coerce=int, empty_value=None, required=False
    )
    looks = _number(_("Most looks in any 24 hours"), _("Empty: no limit by you."))
    reveals = _number(_("Most reveals among them"), _("Empty: no limit by you."))
    why = forms.CharField(
        label=_("Why"),
        help_text=_("They read this when the limit stops them."),
        min_length=3,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, people: Iterable[tuple[int, str]], data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["person"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [("", _("The whole team")), *people]

    def limits(self) -> Limits:
        return Limits(self.cleaned_data["looks"], self.cleaned_data["reveals"])
