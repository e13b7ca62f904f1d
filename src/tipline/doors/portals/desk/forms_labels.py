"""What a form about labels carries: what it has seen, and open classification values."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tipline.ground.foundation.ids import LARGEST_NUMBER
from tipline.insight.annotation import vocabulary


class SeenForm(forms.Form):
    """The position of the newest statement that the form was made from; 0: there was none."""

    seen = forms.IntegerField(min_value=0, max_value=LARGEST_NUMBER)


class ValueForm(forms.Form):
    """A free key of an open scheme, in one of its blocks; an empty value withdraws it."""

    block = forms.ChoiceField(label=_("Block"))
    key = forms.CharField(label=_("Key"), max_length=100)
    value = forms.CharField(label=_("Value"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ucs = vocabulary.ucs()
        choices = list(ucs.blocks.items())
        self.fields["block"].choices = choices  # type: ignore[attr-defined]
        self.fields["key"].max_length = ucs.longest_key  # type: ignore[attr-defined]
