"""What the profiles of ESPs and agencies say, as plain checked values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from tipline.ground.foundation.errors import Invalid
from tipline.ground.taxonomy.areas import COUNTRIES, NO_COUNTRY, US_STATES

VIEWED_MEANINGS = ("this_upload_by_person_before_reporting", "other", "unknown")
TIME_MEANINGS = ("zoned", "utc", "local_to_user", "unknown")
INCIDENT_TIME_MEANINGS = ("event", "detection", "unknown")
NOTICE_POLICIES = ("never_tells_user", "tells_user", "tells_user_after_delay", "unknown")
DATA_CLASSES = ("content", "account", "access_logs", "messages")
_LONGEST_TEXT = 2_000
MOST_TURNAROUND = 3_650
#: What routing can lead to: anything else would be an agency that never gets a report.
_AREAS = frozenset(
    {
        "US-FEDERAL",
        *(f"US-{state}" for state in (*US_STATES, "AS", "MP")),
        *(country for country in COUNTRIES if country not in NO_COUNTRY),
    }
)


@dataclass(frozen=True, slots=True)
class EspFacts:
    """What an ESP states about itself.

    ``viewed_means``: what its ``fileViewedByEsp`` flag stands for; only the first meaning
    can open the legal gate. ``times_mean``: what its times without a zone are.
    ``incident_time_means``: whether its incident time is that of the event or of its finding.
    ``retention_days``: per data class, how long the ESP itself keeps it, in days.
    ``turnaround_days``: how long it usually takes to answer legal process; None: not stated.
    """

    legal_process_address: str = ""
    emergency_contact: str = ""
    emergency_hours: str = ""
    retention_days: Mapping[str, int] = field(default_factory=dict)
    turnaround_days: int | None = None
    user_notice: str = "unknown"
    viewed_means: str = "unknown"
    times_mean: str = "unknown"
    incident_time_means: str = "unknown"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> EspFacts:
        """Check and build; :class:`Invalid` names the field and the fix."""
        _only_known(cls, data)
        _texts(data, except_for=("retention_days", "turnaround_days"))
        if not isinstance(data.get("retention_days", {}), Mapping):
            raise Invalid("Give days per data class.", field="retention_days")
        facts = cls(**data)
        _one_of("viewed_means", facts.viewed_means, VIEWED_MEANINGS)
        _one_of("times_mean", facts.times_mean, TIME_MEANINGS)
        _one_of("incident_time_means", facts.incident_time_means, INCIDENT_TIME_MEANINGS)
        _one_of("user_notice", facts.user_notice, NOTICE_POLICIES)
        for data_class, days in facts.retention_days.items():
            _one_of("retention_days", data_class, DATA_CLASSES)
            _whole_days("retention_days", days, 36_500)
        if facts.turnaround_days is not None:
            _whole_days("turnaround_days", facts.turnaround_days, MOST_TURNAROUND)
        return facts


_SWITCHES = ("allow_hash_confirm", "public_opens", "receives_and_assesses")


@dataclass(frozen=True, slots=True)
class AgencyFacts:
    """Where an agency is responsible (``US-CA``, ``DE``, ``US-FEDERAL``) and its gate policy.

    ``allow_hash_confirm``: its counsel lets an exact match confirm a single file (rows 3 and 4
    of the gate); ``public_opens``: its counsel accepts public availability (row 2).
    ``receives_and_assesses``: the law makes it the one who receives reports and assesses them,
    as the NCA in the United Kingdom; tables without a row for that never ask.
    """

    areas: tuple[str, ...] = ()
    allow_hash_confirm: bool = False
    public_opens: bool = False
    receives_and_assesses: bool = False
    urgent_phone: str = ""

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "areas": list(self.areas)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> AgencyFacts:
        _only_known(cls, data)
        _texts(data, except_for=("areas", *_SWITCHES))
        for name in _SWITCHES:
            if not isinstance(data.get(name, False), bool):
                raise Invalid("Answer true or false.", field=name)
        areas = tuple(data.get("areas", ()))
        for area in areas:
            if not isinstance(area, str) or area not in _AREAS:
                raise Invalid(
                    f"{area!r} is no area: write US-CA, DE, or US-FEDERAL.", field="areas"
                )
        return cls(**{**data, "areas": areas})


def _only_known(cls: type, data: Mapping[str, Any]) -> None:
    unknown = sorted(set(data) - {f.name for f in fields(cls)})
    if unknown:
        raise Invalid(f"There is no such field: {', '.join(unknown)}.", field=unknown[0])


def _texts(data: Mapping[str, Any], *, except_for: tuple[str, ...]) -> None:
    for name, value in data.items():
        fits = isinstance(value, str) and len(value) <= _LONGEST_TEXT
        if name not in except_for and not fits:
            raise Invalid(f"Write at most {_LONGEST_TEXT} characters.", field=name)


def _whole_days(name: str, days: object, most: int) -> None:
    if type(days) is not int or not 0 <= days <= most:
        raise Invalid(f"Give whole days from 0 to {most}.", field=name)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise Invalid(f"Choose one of: {', '.join(allowed)}.", field=name)
