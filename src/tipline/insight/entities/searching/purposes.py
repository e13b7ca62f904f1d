"""What a person may search for. The code stands on the ledger, with their words."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

OTHER: Final = "other"
PURPOSES: Final[dict[str, Any]] = {
    "report": _("To read a report with what belongs to it"),
    "link": _("To judge whether reports belong together"),
    "tip": _("A call or a tip names it"),
    "agency": _("An agency asks for it"),
    "check": _("To check what we know of a sender's or an agency's answer"),
    OTHER: _("Another purpose, in words"),
}
