"""The form of a check: a report's XML, pasted or chosen, and the details of its files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from tipline.pipeline.check.rules_check import MOST_FILES, Draft

MOST_DETAILS = 50
Chosen: TypeAlias = "UploadedFile[Any]"
_XML = {"accept": ".xml,text/xml,application/xml"}


class _Several(forms.FileInput):
    """A choice of several files: all of them, and none is an empty list."""

    allow_multiple_selected = True

    def value_from_datadict(
        self, _data: Mapping[str, Any], files: MultiValueDict[str, Chosen], name: str
    ) -> list[Chosen]:
        return files.getlist(name)


class _SeveralField(forms.FileField):
    widget = _Several

    def clean(self, data: Any, _initial: Any = None) -> list[Chosen]:
        if len(data) > MOST_DETAILS:
            raise forms.ValidationError(
                _("Choose at most %(most)d."), params={"most": MOST_DETAILS}, code="most"
            )
        return [super(_SeveralField, self).clean(one) for one in data]


class CheckForm(forms.Form):
    """A report in one of two ways; everything else may stay empty."""

    text = forms.CharField(
        label=_("The report's XML"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "dir": "ltr"}),
    )
    report = forms.FileField(
        label=_("Or choose it as a file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs=_XML),
    )
    details = _SeveralField(
        label=_("File details, one XML file for each"),
        help_text=_("The fileDetails documents, never the files themselves."),
        required=False,
        allow_empty_file=True,
        widget=_Several(attrs={**_XML, "multiple": True}),
    )
    count = forms.IntegerField(
        label=_("How many files will you upload?"),
        required=False,
        min_value=0,
        max_value=MOST_FILES,
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if not said.get("report") and not said.get("text", "").strip():
            self.add_error("text", _("Paste the XML, or choose a file of at most 2 MB."))
        return said

    def draft(self) -> Draft:
        """What is to be checked, of a form that is valid; a chosen file goes before the text."""
        said = self.cleaned_data
        chosen = said["report"]
        raw = chosen.read() if chosen else said["text"].encode("utf-8", "replace")
        return Draft(raw, [one.read() for one in said["details"]], said["count"])
