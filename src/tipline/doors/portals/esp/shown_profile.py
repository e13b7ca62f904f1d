"""An ESP's profile in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipline.doors.portals.look.parts import Fact
from tipline.ground.accounts.queries import esp_facts

if TYPE_CHECKING:
    from tipline.ground.accounts.models import EspProfile


def profile_facts(row: EspProfile | None) -> tuple[Fact, ...]:
    """Every statement of the profile; what it does not say is shown as not said."""
    said = esp_facts(row)
    kept = tuple(
        Fact(_data_class(name), ngettext("%d day", "%d days", days) % days)
        for name, days in sorted(said.retention_days.items())
    )
    return (
        Fact(_("What “viewed” means in your reports"), _viewed(said.viewed_means)),
        Fact(_("What times without a zone are"), _times(said.times_mean)),
        Fact(_("Whether you tell the user"), _notice(said.user_notice)),
        Fact(_("Address for legal process"), said.legal_process_address),
        Fact(_("Contact in an emergency"), said.emergency_contact, note=said.emergency_hours),
        Fact(_("How long legal process usually takes with you"), _turnaround(said.turnaround_days)),
        Fact(_("How long you keep data"), children=kept),
    )


def _turnaround(days: int | None) -> str:
    return "" if days is None else ngettext("%d day", "%d days", days) % days


def _viewed(code: str) -> str:
    known = {
        "this_upload_by_person_before_reporting": _(
            "A person viewed this very upload, whole, before it was reported."
        ),
        "other": _("Something else: the flag opens no file."),
        "unknown": _("Not on record: the flag opens no file."),
    }
    return known.get(code, code)


def _times(code: str) -> str:
    known = {
        "zoned": _("Every time carries its zone."),
        "utc": _("UTC."),
        "local_to_user": _("The user's own time."),
        "unknown": _("Not on record."),
    }
    return known.get(code, code)


def _notice(code: str) -> str:
    known = {
        "never_tells_user": _("Never."),
        "tells_user": _("Yes."),
        "tells_user_after_delay": _("Yes, after a delay."),
        "unknown": _("Not on record."),
    }
    return known.get(code, code)


def _data_class(code: str) -> str:
    known = {
        "content": _("Content"),
        "account": _("Account data"),
        "access_logs": _("Access logs"),
        "messages": _("Messages"),
    }
    return known.get(code, code)
