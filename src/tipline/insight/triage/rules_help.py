"""What would help: the few smallest facts that would make a report more useful.

Each candidate is tried: the rules are asked again with the fact filled in. A fact that
turns an informational report into a referral comes first, then the most gained for the
least effort. Facts that are already there, or that gain nothing, are not asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from tipline.ground.foundation.reasons import Reason
from tipline.ground.taxonomy.levels import Disposition
from tipline.insight.triage.features import Features
from tipline.insight.triage.policy import TriagePolicy
from tipline.insight.triage.rules_disposition import disposition
from tipline.insight.triage.rules_score import actionability

MOST = 3
"""People read two or three wishes, not ten."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """A fact to ask for: when it is missing, what it would fill in, what it costs (1-3)."""

    code: str
    missing: Callable[[Features], bool]
    fills: dict[str, Any]
    effort: int


def _none(name: str) -> Callable[[Features], bool]:
    return lambda f: not getattr(f, name)


_WISHES = (
    _Wish(
        "zone_of_ip_time",
        lambda f: bool(f.ips_untimed) and not f.ips_zoned,
        {"ips_zoned": 1},
        1,
    ),
    _Wish(
        "port_of_ip",
        lambda f: bool(f.ips_zoned) and not f.ips_with_port,
        {"ips_with_port": 1},
        1,
    ),
    _Wish(
        "zone_of_incident_time",
        lambda f: f.incident_time_known is True and f.incident_time_zoned is not True,
        {"incident_time_zoned": True},
        1,
    ),
    _Wish(
        "verified_contact",
        lambda f: bool(f.contacts) and not f.verified_contacts,
        {"verified_contacts": 1},
        1,
    ),
    _Wish(
        "viewed_flag",
        lambda f: bool(f.files_with_bytes) and not f.files_openable,
        {"files_openable": 1},
        1,
    ),
    _Wish("user_id", _none("user_ids"), {"user_ids": 1}, 1),
    _Wish(
        "incident_time",
        lambda f: f.incident_time_known is not True,
        {"incident_time_known": True, "incident_time_zoned": True},
        2,
    ),
    _Wish(
        "ip_with_time",
        lambda f: not f.ips_untimed and not f.ips_zoned,
        {"ips_zoned": 1, "places": 1},
        2,
    ),
    _Wish(
        "contact",
        lambda f: not f.contacts and not f.verified_contacts,
        {"contacts": 1, "places": 1},
        2,
    ),
    _Wish("chat", _none("chat_content"), {"chat_content": True}, 3),
    _Wish(
        "file",
        lambda f: f.files_with_bytes == 0 or f.only_hash is True,
        {"files_with_bytes": 1, "only_hash": False},
        3,
    ),
)

WISHES = tuple(wish.code for wish in _WISHES)
"""Codes of everything that may be asked for, as in the reasons ``triage.help.<code>``."""


def what_would_help(
    features: Features, policy: TriagePolicy, *, without: Collection[str] = ()
) -> tuple[Reason, ...]:
    """At most three reasons ``triage.help.*``, points 0, the most helpful first.

    Params: ``gain`` = points of actionability; ``turns_referral`` = the fact alone makes
    an informational report a referral. ``without``: codes that are not asked for.
    """
    tried = sorted(_tried(features, policy, without), key=lambda t: t[0])
    return tuple(reason for _, reason in tried[:MOST])


def _tried(
    features: Features, policy: TriagePolicy, without: Collection[str]
) -> Iterator[tuple[tuple[int, float, str], Reason]]:
    now = actionability(features, policy).value
    informational = disposition(features, policy).code is Disposition.INFORMATIONAL
    for wish in _WISHES:
        if wish.code in without or not wish.missing(features):
            continue
        filled = replace(features, **wish.fills)
        gain = actionability(filled, policy).value - now
        turns = informational and disposition(filled, policy).code is Disposition.REFERRAL
        if gain <= 0 and not turns:
            continue
        params = {"gain": gain, "turns_referral": turns}
        reason = Reason(f"triage.help.{wish.code}", params, version=policy.stamp)
        yield (0 if turns else 1, -gain / wish.effort, wish.code), reason
