"""The form of one file: what the ESP says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.esp.forms_fields import (
    as_flag,
    check_time,
    clock_time,
    day,
    written,
    yes_no,
    zone,
)
from tipline.doors.portals.telling import line, lines
from tipline.ground.foundation.times import read_time
from tipline.ground.taxonomy.files import FileAnnotation, FileRelevance, IndustryClassification
from tipline.ground.taxonomy.words import choices
from tipline.record.reports.document import Document, block, text, without_blanks

_NOT_SAID = ("", _("not said"))


class FileForm(forms.Form):
    """Everything may stay empty: what is not said is not no."""

    viewed = yes_no(
        _("Did a person of your company view the entire file?"),
        _("Software does not count, nor does a match with an earlier file."),
    )
    exif_viewed = yes_no(_("Did that person view its EXIF data too?"))
    public = yes_no(_("Was the entire file open to everybody online?"))
    annotations = forms.MultipleChoiceField(
        label=_("Does any of these apply to the file?"),
        choices=choices(FileAnnotation),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    classification = forms.ChoiceField(
        label=_("Industry class"),
        choices=[_NOT_SAID, *choices(IndustryClassification)],
        required=False,
    )
    relevance = forms.ChoiceField(
        label=_("Is it what you report, or context?"),
        choices=[_NOT_SAID, *choices(FileRelevance)],
        required=False,
    )
    original_name = line(_("Name when it was uploaded to you"), 2056)
    uploaded_day = day(_("Day it was uploaded to you"))
    uploaded_time = clock_time(_("Time it was uploaded to you"))
    uploaded_zone = zone(_("Time zone of the upload"))
    location = line(_("Web address where it was found"), 2083)
    narrative = lines(_("Anything else about this file"), 3000, 3)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        check_time(self, "uploaded")
        if said.get("exif_viewed") == "yes" and said.get("viewed") != "yes":
            self.add_error(
                "exif_viewed", _("Whoever viewed the EXIF data of a file must have viewed it.")
            )
        meme = FileAnnotation.POTENTIAL_MEME.value in said.get("annotations", ())
        if said.get("relevance") == FileRelevance.SUPPLEMENTAL.value and (
            said.get("classification") or meme
        ):
            self.add_error("relevance", _("Context carries neither a class nor the meme flag."))
        return said

    def document(self, number: int, file_id: str, before: Document) -> dict[str, Any]:
        """The ``fileDetails`` document of a form that is valid.

        ``before``: what was said by the API or an earlier form; what this form does not ask
        stays as it was.
        """
        kept = {name: value for name, value in before.items() if name not in _ASKED}
        return {**kept, **details_of(self.cleaned_data, number, file_id)}


_ASKED = frozenset(
    {
        "reportId",
        "fileId",
        "originalFileName",
        "uploadedToEspTimestamp",
        "locationOfFile",
        "fileViewedByEsp",
        "exifViewedByEsp",
        "publiclyAvailable",
        "fileRelevance",
        "fileAnnotations",
        "potentialMeme",
        "industryClassification",
        "additionalInfo",
    }
)


def details_of(said: Mapping[str, Any], number: int, file_id: str) -> dict[str, Any]:
    """What the form says, as the API would have it; blanks leave no trace."""
    found: dict[str, Any] = without_blanks(
        {
            "reportId": number,
            "fileId": file_id,
            "originalFileName": said["original_name"],
            "uploadedToEspTimestamp": written(said, "uploaded"),
            "locationOfFile": said["location"],
            "fileViewedByEsp": as_flag(said["viewed"]),
            "exifViewedByEsp": as_flag(said["exif_viewed"]),
            "publiclyAvailable": as_flag(said["public"]),
            "fileRelevance": said["relevance"],
            "fileAnnotations": dict.fromkeys(said["annotations"], True),
            "industryClassification": said["classification"],
            "additionalInfo": [said["narrative"]],
        }
    )
    return found


def said_before(details: Document, name: str) -> dict[str, Any]:
    """What the form starts with: the details as they are kept, else the file's own name."""
    time = read_time(text(details, "uploadedToEspTimestamp"))
    zone_part = time.as_written[len("2026-03-01T12:00:00") :] if time.naive else ""
    return {
        "viewed": _yes_no(details, "fileViewedByEsp"),
        "exif_viewed": _yes_no(details, "exifViewedByEsp"),
        "public": _yes_no(details, "publiclyAvailable"),
        "annotations": list(block(details, "fileAnnotations")),
        "classification": text(details, "industryClassification"),
        "relevance": text(details, "fileRelevance"),
        "original_name": text(details, "originalFileName") or ("" if details else name),
        "uploaded_day": time.day,
        "uploaded_time": time.naive.time() if time.naive else None,
        "uploaded_zone": zone_part or ("unknown" if time.naive else ""),
        "location": text(details, "locationOfFile"),
        "narrative": "\n".join(details.get("additionalInfo", ())),
    }


def _yes_no(details: Document, name: str) -> str:
    said = details.get(name)
    return ("yes" if said else "no") if isinstance(said, bool) else ""
