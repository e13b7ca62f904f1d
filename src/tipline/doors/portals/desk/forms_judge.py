"""The form with which a person judges a report, and the one with which they take it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.desk.shown_judgements import verdict_words
from tipline.insight.triage.judgements.rules import ANSWERS, REFUTED, Question
from tipline.insight.triage.judgements.services import MOST_REASON, Said, by_esp

if TYPE_CHECKING:
    from tipline.record.reports.models import Report


class JudgeForm(forms.Form):
    """One question: what do you say of this report? ``seen`` is how it stood on the page."""

    verdict = forms.ChoiceField(label=_("What do you say?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Not needed to say that it is urgent, or level 1."),
        required=False,
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, level_e: bool, refutable: bool, two_people: bool, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        field = self.fields["verdict"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (f"{question}:{answer}", verdict_words(question, answer, two_people=two_people))
                for question in Question
                for answer in ANSWERS[question]
                if (level_e or (question, answer) != (Question.LEVEL, "E"))
                and (refutable or answer != REFUTED)
            ]

    def said(self) -> Said:
        """What a form that is valid says."""
        question, _colon, answer = self.cleaned_data["verdict"].partition(":")
        return Said(
            Question(question), answer, self.cleaned_data["reason"], self.cleaned_data["seen"]
        )


class WhyForm(forms.Form):
    """Why a judgement is declined or taken back."""

    why = forms.CharField(label=_("Why?"), required=False, max_length=MOST_REASON)


def judge_form(report: Report, context: Mapping[str, Any], data: Any = None) -> JudgeForm:
    """The form as the report stands; what a person typed stays when the standing has changed."""
    choices: dict[str, bool] = context["judge_choices"]
    if data is not None:
        choices = {**choices, "refutable": True}  # a stale choice is refused with its reason
    return JudgeForm(data, level_e=by_esp(report), initial={"seen": context["seen"]}, **choices)
