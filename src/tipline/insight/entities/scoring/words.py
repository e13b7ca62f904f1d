"""The words of the scorer's reasons. Points are hundredths of a bit."""

from __future__ import annotations

from typing import Any, Final

from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tipline.ground.foundation.reasons import Reason, register_words, words
from tipline.insight.entities.scoring.rules_levels import LADDERS
from tipline.insight.entities.scoring.rules_model import POINTS_A_BIT

_SEEN: Final = _("seen on {count:,} of {subjects:,} accounts")
_LEVELS: Final[dict[str, dict[str, Any]]] = {
    "account": {"same": _("Same account"), "else": _("Another account")},
    "screen_name": {
        "same_at_service": _("Same screen name at the same service"),
        "same_name": _("Same screen name at another service"),
        "same_skeleton": _("Same screen name after removing decorations"),
        "same_stem": _("Same screen name but for its numbers"),
        "same_words": _("Screen names of the same words"),
        "near": _("Screen names an edit or two apart"),
        "else": _("Different screen names"),
    },
    "trailing_number": {
        "same": _("Same number at the end of the screen names"),
        "else": _("Different numbers at the end of the screen names"),
    },
    "email": {
        "same_mailbox": _("Same mailbox"),
        "same_user": _("Same mailbox name at another provider"),
        "near_user": _("Mailbox names an edit apart"),
        "else": _("Different mailboxes"),
    },
    "alias": {
        "same_skeleton": _("The mailbox name of one is the screen name of the other"),
        "else": _("No mailbox name is a screen name of the other"),
    },
    "phone": {
        "same": _("Same phone number"),
        "same_national": _("Same phone number, once without its country"),
        "one_digit": _("Phone numbers one digit apart"),
        "else": _("Different phone numbers"),
    },
    "ip": {
        "same_port_minutes": _("Same IP address and port within minutes"),
        "same_hour": _("Same IP address within an hour"),
        "same_day": _("Same IP address within a day"),
        "same_month": _("Same IP address within 30 days"),
        "same_network_week": _("Same network within a week"),
        "else": _("Different IP addresses, or other times"),
    },
    "name": {
        "same": _("Same name"),
        "near": _("Names an edit apart in each word"),
        "shared_word": _("Names with a word in common"),
        "else": _("Different names"),
    },
    "date_of_birth": {
        "same": _("Same date of birth"),
        "swapped": _("Same date of birth with day and month swapped"),
        "one_digit": _("Dates of birth one digit apart"),
        "same_year": _("Same year of birth"),
        "else": _("Different dates of birth"),
    },
    "device": {"same": _("Same device"), "else": _("Different devices")},
    "address": {"same": _("Same postal address"), "else": _("Different postal addresses")},
    "page": {"same": _("Same profile page"), "else": _("Different profile pages")},
    "payment": {"same": _("Same payment handle"), "else": _("Different payment handles")},
    "file": {"same": _("Same file"), "else": _("Different files")},
}

for _comparison, _levels in _LEVELS.items():
    register_words({f"bits.{_comparison}.{level}": said for level, said in _levels.items()})
    register_words(
        {
            f"bits.{_comparison}.{level.name}.seen": format_lazy(
                "{}, {}", _levels[level.name], _SEEN
            )
            for level in LADDERS[_comparison]
            if level.form
        }
    )
register_words(
    {
        "bits.shared_address": _("Many people use this address at once: it counts little"),
        "bits.counted_once": _("Says the same as a stronger reason: counted once"),
        "bits.mentioned": _("Only a text mentions it: that counts at most {bits} bits"),
        "bits.cap": _("Evidence of one kind counts at most {bits} bits"),
    }
)


_COMPARISONS: Final[dict[str, Any]] = {
    "account": _("account"),
    "screen_name": _("screen name"),
    "trailing_number": _("number at the end of a screen name"),
    "email": _("e-mail address"),
    "alias": _("mailbox name and screen name"),
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


_GROUPS: Final[dict[str, Any]] = {
    "account": _("accounts"),
    "alias": _("screen names and mailboxes"),
    "contact": _("phone numbers"),
    "machine": _("devices and IP addresses"),
    "name": _("names"),
    "birth": _("dates of birth"),
    "place": _("postal addresses"),
    "money": _("payment handles"),
    "file": _("files"),
}


def group_words(group: str) -> str:
    """A group of correlated evidence; an unknown code shows itself."""
    return str(_GROUPS.get(group, group))


def comparison_words(comparison: str) -> str:
    """What two subjects are compared by; an unknown code shows itself."""
    return str(_COMPARISONS.get(comparison, comparison))


def level_words(comparison: str, level: str) -> str:
    """A level of a comparison as people read it."""
    return str(_LEVELS[comparison][level])


def told(reason: Reason) -> str:
    """A reason as people read it: its words, and what it is worth."""
    return f"{words(reason)}, {in_bits(reason.points)}"


def in_bits(points: int) -> str:
    """Points of the scorer as bits: ``+14.1 bits``."""
    return _now("%(bits)s bits") % {"bits": f"{points / POINTS_A_BIT:+.1f}"}
