"""Signs that carry a word and a shape, so that none hangs on colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tipline.ground.foundation.reasons import Source


@dataclass(frozen=True, slots=True)
class Sign:
    """A code, its word and its shape; ``words`` says on hover what it means."""

    code: str
    word: str | Promise
    shape: str
    words: str | Promise


BANDS: dict[str, Sign] = {
    sign.code: sign
    for sign in (
        Sign("urgent", pgettext_lazy("danger", "Urgent"), "◆", _("Danger band: urgent")),
        Sign("high", pgettext_lazy("danger", "High"), "▲", _("Danger band: high")),
        Sign("medium", pgettext_lazy("danger", "Medium"), "●", _("Danger band: medium")),
        Sign("low", pgettext_lazy("danger", "Low"), "○", _("Danger band: low")),
    )
}

SOURCES: dict[str, Sign] = {
    sign.code: sign
    for sign in (
        Sign(Source.REPORTER, _("reporter"), "▸", _("Asserted by the reporter")),
        Sign(Source.SYSTEM, _("system"), "■", _("Added by the system")),
        Sign(Source.ANALYST, _("analyst"), "✎", _("Said by an analyst")),
        Sign(Source.ROUTER, _("router"), "⇄", _("Set by routing")),
        Sign(Source.AGENCY, _("agency"), "★", _("Answered by an agency")),
    )
}


#: How near the end of a clock is, by :data:`NEAR` and :data:`ALARM` of the queue.
ALARMS: dict[int, Sign] = {
    1: Sign("near", pgettext_lazy("clock", "Soon"), "▽", _("Evidence ends soon")),
    2: Sign("now", pgettext_lazy("clock", "Act now"), "▼", _("Too little time is left to wait")),
}


def band_sign(code: str) -> Sign:
    """The sign of a danger band. An unknown code shows itself rather than a wrong band."""
    return BANDS.get(str(code)) or Sign("unknown", str(code), "?", _("Danger band not known"))


def source_sign(code: str) -> Sign:
    """The sign of who asserted something. An unknown code shows itself."""
    return SOURCES.get(str(code)) or Sign("unknown", str(code), "?", _("Source not known"))
