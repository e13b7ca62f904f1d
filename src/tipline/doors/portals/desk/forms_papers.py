"""Forms of papers: what a warrant, consent or exigency says, and what has become of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.desk.shown_papers import STATES
from tipline.record.evidence.papers.rules import State
from tipline.record.evidence.papers.services import LONGEST_REASON, Move, OpeningTerms

if TYPE_CHECKING:
    from tipline.record.evidence.papers.queries import Paper


def _instant(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class OpeningForm(forms.Form):
    """A warrant, consent or exigency, and the files that it names."""

    kind = forms.ChoiceField(
        label=_("What opens the files?"),
        choices=[
            ("warrant", _("Warrant")),
            ("consent", _("Consent of the owner")),
            ("exigency", _("Exigency")),
        ],
        widget=forms.RadioSelect,
    )
    state = forms.ChoiceField(
        label=_("Is it granted?"),
        choices=[
            ("granted", _("Granted")),
            ("applied", _("Applied for, not decided: it opens nothing yet")),
        ],
        widget=forms.RadioSelect,
    )
    reference = forms.CharField(label=_("Number of the paper"), max_length=100)
    issuer = forms.CharField(
        label=_("Who issued it"),
        help_text=_("The court of a warrant, the owner who consents, the office of an exigency."),
        max_length=200,
    )
    approved_by = forms.CharField(
        label=_("Supervisor who approved it"),
        help_text=_("Needed for an exigency."),
        max_length=200,
        required=False,
    )
    valid_from = _instant(_("Holds from (UTC)"))
    valid_until = _instant(
        _("Holds until (UTC)"), required=False, help_text=_("Consent and exigency need an end.")
    )
    named = forms.MultipleChoiceField(
        label=_("Files that it names"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _(
                "Select a valid choice. A file that is named is not of this report: a paper is "
                "recorded on the page of each report whose files it names."
            )
        },
    )

    def __init__(self, files: Iterable[tuple[str, str]], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["named"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(files)

    def terms(self) -> OpeningTerms:
        said = dict(self.cleaned_data)
        said.pop("named")
        for name in ("valid_from", "valid_until"):
            said[name] = said[name].astimezone(UTC) if said[name] else None
        return OpeningTerms(**said)


class MoveForm(forms.Form):
    """What has become of a paper, why, and what was granted where it was only applied for."""

    to = forms.ChoiceField(label=_("What has become of it?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("The court's words, a number, or what was wrong with it."),
        max_length=LONGEST_REASON,
    )
    approved_by = forms.CharField(
        label=_("Supervisor who approved it"), max_length=200, required=False
    )
    valid_from = _instant(_("Granted from (UTC)"), required=False)
    valid_until = _instant(_("Granted until (UTC)"), required=False)

    def __init__(self, paper: Paper, data: Any = None) -> None:
        row = paper.row
        was = {name: getattr(row, name) for name in ("approved_by", "valid_from", "valid_until")}
        super().__init__(data, initial=was)
        field = self.fields["to"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(state.value, STATES[state]) for state in paper.may_become]
        if State.GRANTED not in paper.may_become:
            for name in was:
                del self.fields[name]

    def move(self) -> Move:
        said = dict(self.cleaned_data)
        for name in ("valid_from", "valid_until"):
            said[name] = said[name].astimezone(UTC) if said.get(name) else None
        return Move(**{**said, "to": State(said["to"])})
