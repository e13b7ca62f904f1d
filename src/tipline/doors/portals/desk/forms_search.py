"""The form of a search: what for, what, of which kind."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.desk.shown_identifiers import kind_words
from tipline.insight.entities.searching.purposes import PURPOSES
from tipline.insight.entities.searching.rules import KEPT_AS, MOST_TEXT
from tipline.insight.entities.searching.services import MOST_WORDS
from tipline.record.reports.facts import IdentifierKind


def _kinds() -> list[tuple[str, str]]:
    return [("", str(_("as it looks"))), *((kind.value, kind_words(kind)) for kind in KEPT_AS)]


class SearchForm(forms.Form):
    """It is sent, not linked: what people search for does not belong into an address.

    The purpose comes first, so that it is there before Enter is pressed in what is searched for.
    """

    why = forms.ChoiceField(label=_("What for?"), choices=[("", ""), *PURPOSES.items()])
    words = forms.CharField(
        label=_("In your own words"),
        help_text=_("It stands on the ledger: write no names and no values."),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label=_("Search for"),
        help_text=_(
            "An address, a number, a name, a device, a digest: as you have it, in any spelling."
        ),
        max_length=MOST_TEXT,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )
    kind = forms.ChoiceField(label=_("It is"), required=False, choices=_kinds)
    near = forms.BooleanField(label=_("What is like it, too"), required=False)

    def asked_kind(self) -> IdentifierKind | None:
        """The kind that was chosen in a form that is valid; None: as it looks."""
        chosen = self.cleaned_data["kind"]
        return IdentifierKind(chosen) if chosen else None
