"""Times in words: relative for age, absolute with their zone.

Pure: the instant of now is given. Instants are aware; a naive one is refused, because an
absent zone is never UTC.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_YEAR = 365 * _DAY


def span(length: timedelta) -> str:
    """A length of time in its largest useful unit: ``45 s``, ``3 h``, ``41 d``.

    Rounded down, so that nothing reads as more time than there is. Hours run to two
    days and days to two years: "41 d" can be acted on, "1 month" cannot.
    """
    seconds = int(abs(length).total_seconds())
    if seconds < _MINUTE:
        return _("%(n)d s") % {"n": seconds}
    if seconds < _HOUR:
        return _("%(n)d min") % {"n": seconds // _MINUTE}
    if seconds < 2 * _DAY:
        return _("%(n)d h") % {"n": seconds // _HOUR}
    if seconds < 2 * _YEAR:
        return _("%(n)d d") % {"n": seconds // _DAY}
    return _("%(n)d y") % {"n": seconds // _YEAR}


def ago(instant: datetime, now: datetime) -> str:
    """How long ago: ``3 h ago``; an instant to come reads ``in 3 h``."""
    length = _aware(now) - _aware(instant)
    if abs(length) < timedelta(seconds=_MINUTE):
        return _("just now")
    pattern = _("%(span)s ago") if length > timedelta(0) else _("in %(span)s")
    return pattern % {"span": span(length)}


def left(instant: datetime, now: datetime) -> str:
    """How much time is left: ``3 h left``; once passed ``3 h over``."""
    length = _aware(instant) - _aware(now)
    pattern = _("%(span)s left") if length >= timedelta(0) else _("%(span)s over")
    return pattern % {"span": span(length)}


def absolute(instant: datetime) -> str:
    """The instant with its zone, in the reader's time zone: ``2026-03-02 10:11 UTC``."""
    return timezone.localtime(_aware(instant)).strftime("%Y-%m-%d %H:%M %Z")


def machine(instant: datetime) -> str:
    """The instant for ``<time datetime>``: ISO 8601 with its offset."""
    return _aware(instant).isoformat(timespec="seconds")


def _aware(instant: datetime) -> datetime:
    if timezone.is_naive(instant):
        raise ValueError("a time without zone has no place on a page: show it as written")
    return instant
