"""Forms of the administrators' desk: organisations, machine accounts, people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.telling import Text
from tipline.ground.accounts.roles import ROLE_HOME, Role
from tipline.ground.foundation.actor import OrganisationKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tipline.ground.accounts.models import Organisation

KINDS = {
    OrganisationKind.CLEARINGHOUSE: _("Clearinghouse"),
    OrganisationKind.ESP: _("ESP"),
    OrganisationKind.AGENCY: _("Agency"),
}


class OrganisationForm(forms.Form):
    """A new ESP or agency. The clearinghouse itself is there from the start."""

    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[
            (kind.value, KINDS[kind]) for kind in (OrganisationKind.ESP, OrganisationKind.AGENCY)
        ],
        widget=forms.RadioSelect,
    )
    name = Text(label=_("Name"), max_length=200)
    test_only = forms.BooleanField(
        label=_("For tests only: its reports are no real ones"), required=False
    )


class CredentialForm(forms.Form):
    """A machine account; its secret is made, never chosen."""

    username = Text(
        label=_("User name of the machine account"),
        max_length=150,
        help_text=_("Without a colon. The secret is made for you and shown once."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class PersonForm(forms.Form):
    """A new person. The first password is made and shown once."""

    name = Text(label=_("Name"), max_length=200)
    username = Text(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    organisation = forms.TypedChoiceField(label=_("Organisation"), coerce=int)

    def __init__(self, organisations: Sequence[Organisation], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)
        self._kinds = {row.pk: OrganisationKind(row.kind) for row in organisations}
        field.choices = [(row.pk, f"{row.name} ({row.kind})") for row in organisations]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        role, home = said.get("role"), self._kinds.get(said.get("organisation", 0))
        if role and home and ROLE_HOME[Role(role)] != home:
            wanted = KINDS[ROLE_HOME[Role(role)]]
            self.add_error(
                "organisation", _("This role belongs to an organisation of the kind: %s.") % wanted
            )
        return said
