"""Lists: a new one, its policy, a file for it, a series."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.telling import line
from tipline.insight.lists.files.reading import FORMS, form_of
from tipline.insight.lists.rules_entries import Content
from tipline.insight.lists.rules_policy import BOUNDS, ListRules, Part, Trust

CONTENTS = {
    Content.APPARENT_CSAM: _("Apparent CSAM"),
    Content.EXPLOITATIVE: _("Exploitative, not CSAM"),
    Content.YOUTH_PRODUCED: _("Youth-produced"),
    Content.VIRAL: _("Widely spread"),
    Content.HARMLESS: _("Harmless"),
    Content.OTHER: _("Other"),
}
TRUSTS = {
    Trust.SHOWN: _("It shows what it matches, and knows nothing"),
    Trust.KNOWN: _("Known material, where the bytes that were read here are equal"),
}
PARTS = {
    Part.REPORTS: _("Its matches are shown"),
    Part.SUPPRESSES: _("It is harmless: what looks like it is not shown"),
}
STATUSES = {
    "unidentified": _("Unidentified"),
    "identified": _("Identified"),
    "safeguarded": _("Safeguarded"),
}
WHOLE_NUMBERS = {
    "radius": _("Near by eye, up to so many of 256 bits (-1: never)"),
    "same_within": _("The same picture saved again, up to so many bits"),
    "quality_floor": _("Least quality of both pictures"),
    "flood_least": _("Set an entry aside from so many files a day (0: never)"),
    "flood_times": _("and from so many times what is usual"),
    "flood_list_times": _("The whole list, from so many times what is usual"),
}
#: Django takes no larger file into memory, and nothing is spooled to disk.
MOST_MEGABYTES = 2


class AddListForm(forms.Form):
    slug = forms.SlugField(
        label=_("Short name"),
        help_text=_("Small letters, digits and dashes; it stands in addresses and never changes."),
        max_length=50,
    )
    name = forms.CharField(label=_("Name"), min_length=2, max_length=200)
    content = forms.ChoiceField(label=_("What it holds"), choices=list(CONTENTS.items()))


class ListPolicyForm(forms.Form):
    """How far a list's word goes. ``seen``: the version that the reader saw."""

    trust = forms.ChoiceField(label=_("Trust"), choices=list(TRUSTS.items()))
    part = forms.ChoiceField(label=_("Part"), choices=list(PARTS.items()))
    declared = forms.BooleanField(
        label=_("Fingerprints that senders declare match, too"), required=False
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, label in WHOLE_NUMBERS.items():
            low, high = BOUNDS[name]
            self.fields[name] = forms.IntegerField(label=label, min_value=low, max_value=high)

    def content(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


def policy_initial(rules: ListRules, version: int) -> dict[str, Any]:
    return {**rules.as_json(), "seen": version}


class ImportForm(forms.Form):
    """A file of at most a few megabytes; larger ones by the command line."""

    file = forms.FileField(
        label=_("The file"),
        help_text=_(
            "VICS 2.0 JSON, or CSV with a header; at most 2 MB here. "
            "Larger files: ./tipline lists import"
        ),
        allow_empty_file=True,
    )
    skip_wrong = forms.BooleanField(
        label=_("Leave out what is wrong, and take the rest"), required=False
    )
    remove = forms.BooleanField(label=_("Take its entries off the list instead"), required=False)

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_MEGABYTES * 1024 * 1024:
            raise forms.ValidationError(
                _("More than 2 MB: import it by ./tipline lists import LIST FILE.")
            )
        return file

    def form_of_file(self) -> str:
        form = form_of(str(self.cleaned_data["file"].name))
        return form if form in FORMS else "vics"


class EntrySeriesForm(forms.Form):
    series = line(_("Series"), 100, help_text=_("Empty takes the entry out of its series."))


class SeriesForm(forms.Form):
    name = forms.CharField(label=_("Name of the series"), max_length=100)
    status = forms.ChoiceField(label=_("The child is"), choices=list(STATUSES.items()))
    agency = forms.TypedChoiceField(
        label=_("Agency that holds it"), coerce=int, required=False, empty_value=None
    )

    def __init__(self, agencies: Iterable[tuple[int, str]], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["agency"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [("", _("nobody")), *agencies]
