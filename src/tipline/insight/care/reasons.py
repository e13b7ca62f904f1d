"""Why somebody has a picture revealed: a short list, beside their own words. Codes are stored."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

REVEAL_REASONS: Final[dict[str, Any]] = {
    "age": _("To tell an age"),
    "content": _("To tell what it is"),
    "person": _("To find out who it is"),
    "place": _("To find out where it is"),
    "text": _("To read what is written there"),
    "compare": _("To compare it with another file"),
    "request": _("An agency asks for it"),
}
