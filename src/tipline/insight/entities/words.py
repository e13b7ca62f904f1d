"""The words of this room's reasons."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tipline.ground.foundation.reasons import register_words

register_words(
    {
        "link.same_value": _("Same {kind} of the reported person, seen on {reports} reports"),
        "link.shared_by_many": _("Same {kind}, but {reports} reports share it: counts nothing"),
    }
)
