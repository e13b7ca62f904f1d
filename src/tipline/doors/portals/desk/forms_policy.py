"""Proposing a policy, publishing one, taking one back, as forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.telling import lines
from tipline.ground.foundation.policy import MOST_BYTES, PolicyError
from tipline.insight.triage.publication.rules import LONGEST_REASON
from tipline.insight.triage.publication.services import LONGEST_NOTE


class ProposeForm(forms.Form):
    """The file as text, or as a file; a file that is chosen counts."""

    content = forms.CharField(
        label=_("The policy file"),
        help_text=_("Change what you want to change, and give it another version."),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 32, "class": "code", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Or a file from your machine"),
        help_text=_("A TOML file; it is taken in place of the text above."),
        required=False,
        allow_empty_file=True,
    )
    note = lines(_("What it is meant to do"), LONGEST_NOTE, 2)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["content"].required = not self.files.get("file")

    def said(self) -> bytes:
        """The bytes that are proposed; of a file that is too long, enough to see that it is."""
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            return bytes(file.read(MOST_BYTES + 1))
        return str(self.cleaned_data["content"]).replace("\r\n", "\n").encode()

    def blame(self, error: PolicyError) -> None:
        """Each problem with its key beside the field that the bytes came from, and on top."""
        field = "file" if self.cleaned_data["file"] else "content"
        for problem in error.problems:
            words = f"{problem.key}: {problem.fix}" if problem.key else problem.fix
            self.add_error(field, words)


def _reason(label: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=LONGEST_REASON, widget=area)


class PublishForm(forms.Form):
    reason = _reason(_("Why this policy?"))


class TakeBackForm(forms.Form):
    """``seen``: the act that the reader saw, so that no other is taken back."""

    reason = _reason(_("Why is it taken back?"))
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
