"""Forms of the hash exchange: where a list is pulled from, who may pull from us."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.telling import Text
from tipline.insight.lists.pulling.sources import (
    LEAST_MINUTES,
    LONGEST_NAME,
    LONGEST_SECRET,
    MOST_MINUTES,
)

if TYPE_CHECKING:
    from tipline.insight.lists.models import HashList

_PLAIN = {"autocomplete": "off", "spellcheck": "false"}


class SourceForm(forms.Form):
    """Where a list of others is pulled from. The password is written and never shown."""

    root = Text(
        label=_("Address of the list"),
        max_length=400,
        help_text=_("The application root, such as https://HOST/npo."),
        widget=forms.TextInput(attrs=_PLAIN),
    )
    username = Text(
        label=_("User name that they gave us"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs=_PLAIN),
    )
    password = forms.CharField(
        label=_("Password that they gave us"),
        max_length=LONGEST_SECRET,
        help_text=_("It is sealed, and no page shows it again."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )
    every_minutes = forms.IntegerField(
        label=_("Minutes between two pulls"),
        min_value=LEAST_MINUTES,
        max_value=MOST_MINUTES,
        initial=60,
    )
    plain_http = forms.BooleanField(
        label=_("Allow http without encryption: the password can be read on the way"),
        required=False,
    )


class SharerForm(forms.Form):
    """Somebody with whom lists of ours are shared."""

    name = Text(label=_("Name of the member"), max_length=200)


class AccountForm(forms.Form):
    """A member's machine account; its secret is made, never chosen."""

    username = Text(
        label=_("User name of the machine account"),
        max_length=150,
        help_text=_("Without a colon. The secret is made for you and shown once."),
        widget=forms.TextInput(attrs=_PLAIN),
    )


class GrantForm(forms.Form):
    """A list of ours that a member may read."""

    slug = forms.ChoiceField(label=_("List"))
    may_vote = forms.BooleanField(label=_("The member may vote on its entries"), required=False)

    def __init__(self, lists: Sequence[HashList], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["slug"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(row.slug, row.name) for row in lists]
