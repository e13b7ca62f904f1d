"""The small forms of an agency's desk; the answer's is in ``forms_answer``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from tipline.delivery.cases.queries import VIEWS, ReferralFilter
from tipline.delivery.routing.services import MOST_REFUSAL
from tipline.doors.portals.look.signs import BANDS
from tipline.ground.taxonomy.levels import Disposition
from tipline.ground.taxonomy.words import choices

if TYPE_CHECKING:
    from tipline.delivery.cases.models import Case

_ANY = ("", _("any"))
_DIGITS = RegexValidator(r"^[0-9]{1,16}$", _("A report number has up to 16 digits."))
STATES = [
    ("available", _("waits")),
    ("accepted", _("accepted")),
    ("refused", _("handed back")),
]


class ListForm(forms.Form):
    """What the list of referrals shows. Empty fields do not narrow it."""

    view = forms.ChoiceField(
        choices=[("", ""), *((name, name) for name in VIEWS)],
        required=False,
        widget=forms.HiddenInput,
    )
    q = forms.CharField(
        label=_("Number"),
        required=False,
        validators=[_DIGITS],
        widget=forms.TextInput(attrs={"size": 12, "inputmode": "numeric"}),
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[_ANY, *STATES])
    disposition = forms.ChoiceField(
        label=_("Disposition"), required=False, choices=[_ANY, *choices(Disposition)]
    )
    band = forms.ChoiceField(
        label=_("Danger"),
        required=False,
        choices=[_ANY, *((sign.code, sign.word) for sign in BANDS.values())],
    )

    def wanted(self) -> ReferralFilter:
        """The filter of a form that is valid."""
        said = self.cleaned_data
        return ReferralFilter(
            view=said["view"],
            state=said["state"],
            disposition=said["disposition"],
            band=said["band"],
            number=said["q"],
        )


class RefuseForm(forms.Form):
    why = forms.CharField(
        label=_("Why do you hand it back?"),
        help_text=_("The clearinghouse reads this and finds the right agency."),
        max_length=MOST_REFUSAL,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CaseForm(forms.Form):
    """A new case. ``token`` makes a form that is sent twice one case."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=64)
    title = forms.CharField(
        label=_("Title of the case"),
        help_text=_("Your own words or number; empty takes the report's number."),
        max_length=200,
        required=False,
    )


class AddForm(forms.Form):
    """One of the agency's open cases."""

    case = forms.TypedChoiceField(label=_("Add to a case you have"), coerce=int)

    def __init__(self, cases: Iterable[Case], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["case"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [("", "---------"), *((case.pk, case.title) for case in cases)]


class PurposeForm(forms.Form):
    """Why somebody takes the bytes of a file: asked each time, kept on the ledger."""

    for_case = forms.BooleanField(required=False)
    reason = forms.CharField(
        label=_("What do you need the file for?"),
        help_text=_("Kept on the ledger with your name."),
        max_length=300,
        required=False,
    )

    def __init__(self, case: Case | None, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._case = case
        if case is None:
            del self.fields["for_case"]
            self.fields["reason"].required = True
        else:
            self.fields["for_case"].label = _("For the case: %s") % case.title
            self.fields["for_case"].initial = True

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if self._case and not said.get("for_case") and len(said.get("reason", "").strip()) < 3:
            self.add_error("reason", _("Say what you need it for, or that it is for the case."))
        if not self._case and "reason" in said and len(said["reason"].strip()) < 3:
            self.add_error("reason", _("Say what you need it for, in a few words."))
        return said

    def purpose(self) -> str:
        """What the ledger keeps."""
        parts = []
        if self._case and self.cleaned_data.get("for_case"):
            parts.append(f"case:{self._case.pk}")
        parts.append(self.cleaned_data["reason"].strip())
        return " ".join(part for part in parts if part)


class CaseListForm(forms.Form):
    q = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"size": 20}),
    )
