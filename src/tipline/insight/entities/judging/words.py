"""The words of kinds of evidence."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

_KINDS: Final[dict[str, Any]] = {
    "account": _("account"),
    "screen_name": _("screen name"),
    "trailing_number": _("number at the end of a screen name"),
    "email": _("mailbox"),
    "alias": _("mailbox name used as a screen name"),
    "phone": _("phone number"),
    "ip": _("IP address"),
    "name": _("name"),
    "date_of_birth": _("date of birth"),
    "device": _("device"),
    "address": _("postal address"),
    "page": _("profile page"),
    "payment": _("payment handle"),
    "file": _("file"),
}


def kind_words(kind: str) -> str:
    """A kind of evidence (``rules.kinds``) in words; one that no model has any more as it is."""
    return str(_KINDS.get(kind, kind))
