"""The answer to a referral: the field's closed list, one page of radio buttons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.look.parts import Words
from tipline.ground.foundation.errors import Invalid
from tipline.ground.foundation.ids import random_hex
from tipline.ground.taxonomy.outcomes import (
    ClosingReason,
    NotUsefulReason,
    OutcomeStatus,
    Question,
)
from tipline.ground.taxonomy.words import choices, label
from tipline.record.outcomes.rules import check

_HOW_MANY: Any = label(Question.ADDITIONAL_VICTIM_COUNT)
YES_NO = [("", _("not said")), ("yes", _("yes")), ("no", _("no"))]


def _radios(words: Any, options: list[Any], *, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=words, choices=options, widget=forms.RadioSelect, required=required
    )


class WhenAsked(forms.ChoiceField):
    """Asked by some answers only: never called optional, never missed where nobody asked."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


def _when_asked(words: Any, options: list[Any]) -> WhenAsked:
    return WhenAsked(label=words, choices=options, widget=forms.RadioSelect)


class AnswerForm(forms.Form):
    """Only the status must be answered, and what that status asks; the rest helps."""

    use_required_attribute = False

    token = forms.CharField(widget=forms.HiddenInput, max_length=64)
    status = _radios(_("What became of it?"), choices(OutcomeStatus), required=True)
    closing_reason = _when_asked(_("If closed: why?"), choices(ClosingReason))
    child_identified = _radios(label(Question.CHILD_IDENTIFIED), YES_NO)
    additional_victims = forms.IntegerField(
        label=_HOW_MANY,
        help_text=_("After an arrest. Leave empty if you do not know; 0 is an answer."),
        min_value=0,
        max_value=100_000,
        required=False,
    )
    self_production = _radios(label(Question.SELF_PRODUCTION), YES_NO)
    useful = _radios(label(Question.INFORMATION_USEFUL), YES_NO)
    not_useful_reason = _when_asked(_("If it was not: why?"), choices(NotUsefulReason))
    release = forms.BooleanField(
        label=_("The provider may learn this answer for this report"),
        help_text=_("Otherwise it counts in sums only. Your agency is never named."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                check(self.answers())
            except Invalid as error:
                self.add_error(error.field if error.field in self.fields else None, error.message)
        return said

    def answers(self) -> dict[str, Any]:
        """The values as :func:`tipline.record.outcomes.rules.check` reads them."""
        beside = {"token", "release"}
        return {name: value for name, value in self.cleaned_data.items() if name not in beside}


#: The questions by what they belong to, in the order of the page.
SECTIONS: tuple[tuple[Words, tuple[str, ...]], ...] = (
    (_("The answer"), ("status",)),
    (_("If the case was closed"), ("closing_reason", "self_production")),
    (_("If there was an arrest, or the case was closed"), ("child_identified",)),
    (_("If there was an arrest"), ("additional_victims",)),
    (_("The information itself"), ("useful", "not_useful_reason")),
    (_("Who learns of it"), ("release",)),
)


@dataclass(frozen=True, slots=True)
class OneClick:
    """A common answer as one button: its words and the values that it sends."""

    words: Words
    values: tuple[tuple[str, str], ...]
    token: str


_COMMON: tuple[tuple[OutcomeStatus, ClosingReason | None], ...] = (
    (OutcomeStatus.ONGOING, None),
    (OutcomeStatus.REFERRED, None),
    (OutcomeStatus.CLOSED, ClosingReason.SUBJECT_NOT_LOCATED),
    (OutcomeStatus.CLOSED, ClosingReason.NO_CRIME),
)


def one_clicks() -> list[OneClick]:
    """The commonest answers; each button has a token, so that two clicks are one answer."""
    return [_one_click(status, reason) for status, reason in _COMMON]


def _one_click(status: OutcomeStatus, reason: ClosingReason | None) -> OneClick:
    values = [("status", status.value)]
    words = str(label(status))
    if reason is not None:
        values.append(("closing_reason", reason.value))
        words = f"{words}: {label(reason)}"
    return OneClick(words, tuple(values), random_hex())
