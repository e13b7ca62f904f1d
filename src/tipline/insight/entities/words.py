"""The words of this room's reasons."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tipline.ground.foundation.reasons import register_codes, register_words
from tipline.record.reports.facts import IdentifierKind

KINDS = {
    IdentifierKind.EMAIL.value: _("e-mail address"),
    IdentifierKind.PHONE.value: _("phone number"),
    IdentifierKind.SCREEN_NAME.value: _("screen name"),
    IdentifierKind.ESP_USER_ID.value: _("account id"),
    IdentifierKind.PROFILE_URL.value: _("profile address"),
    IdentifierKind.DEVICE_ID.value: _("device id"),
    IdentifierKind.IP.value: _("IP address"),
}
register_codes(KINDS)
register_words(
    {
        "link.same_account": _("Same account at the same sender: linked by policy, nobody asked"),
        "link.verified_contact": _("Same verified {kind}: linked by policy, nobody asked"),
        # Of links that were made before likeness was counted in bits.
        "link.same_value": _("Same {kind} of the reported person, seen on {reports} reports"),
        "link.shared_by_many": _("Same {kind}, but {reports} reports share it: counts nothing"),
    }
)
