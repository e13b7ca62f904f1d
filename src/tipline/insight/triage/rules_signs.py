"""Signs: named facts that rules may speak about, each found in the same way everywhere.

A sign is found only in what is known: an unknown field never shows one. Each finding
says who asserted it. Sources of the choice: reference page "domain", section 7, and the
ESP API's section 9 (fields that make a report actionable).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tipline.ground.foundation.reasons import Reason, Source
from tipline.ground.taxonomy.files import FileAnnotation, IndustryClassification
from tipline.ground.taxonomy.incidents import IncidentType, ReportAnnotation
from tipline.ground.taxonomy.levels import Level
from tipline.insight.triage.features import CueKind, Features, Label


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers from the policy that a few signs need: years and days."""

    young_victim_years: int
    stale_days: int


@dataclass(frozen=True, slots=True)
class Found:
    """A sign that is there: who says so, and with which facts."""

    source: Source
    params: Mapping[str, Any] = field(default_factory=dict)

    def reason(self, sign: str, points: int, version: str) -> Reason:
        return Reason(f"triage.{sign}", self.params, points, self.source, version)


Finder = Callable[[Features, Limits], Found | None]


def _told(name: str, source: Source, *, value: bool = True) -> Finder:
    return lambda f, _: Found(source) if getattr(f, name) is value else None


def _some(*names: str, source: Source = Source.REPORTER, least: int = 1) -> Finder:
    # The count is shown to no rule: more of the same never moves a score.
    return lambda f, _: (
        Found(source) if any((getattr(f, name) or 0) >= least for name in names) else None
    )


def _typed(code: str) -> Finder:
    return lambda f, _: Found(Source.REPORTER) if f.incident_type == code else None


def _flagged(name: str) -> Finder:
    return lambda f, _: Found(Source.REPORTER) if name in f.annotations else None


def _labelled(*codes: str) -> Finder:
    return lambda f, _: Found(Source.ANALYST) if f.labels & set(codes) else None


def _shown(*, flags: Iterable[str], labels: Iterable[str]) -> Finder:
    """Content that the ESP flagged on a file or our analysts labelled; theirs comes first."""
    wanted, ours = frozenset(flags), frozenset(labels)

    def find(features: Features, _: Limits) -> Found | None:
        if features.labels & ours:
            return Found(Source.ANALYST)
        return Found(Source.REPORTER) if features.file_annotations & wanted else None

    return find


GRAVEST_FIRST = tuple(IndustryClassification(code) for code in ("A1", "B1", "A2", "B2"))
"""Industry classes, a sex act before an exhibition, as the UK crosswalk weighs them."""


def _gravest(code: IndustryClassification) -> Finder:
    """Only the gravest class of a report counts: the number of files must not."""

    def find(features: Features, _: Limits) -> Found | None:
        gravest = next((c for c in GRAVEST_FIRST if c in features.industry_classes), None)
        return Found(Source.REPORTER, {"class": code.value}) if gravest == code else None

    return find


def _victim(features: Features, _: Limits) -> Found | None:
    known = features.victim_present is True or features.victim_age is not None
    return Found(Source.REPORTER) if known or features.several_children is True else None


def _young_victim(features: Features, limits: Limits) -> Found | None:
    age = features.victim_age
    if age is None or age >= limits.young_victim_years:
        return None
    return Found(Source.REPORTER, {"age": age})


def _only_hash(features: Features, _: Limits) -> Found | None:
    bare = features.only_hash is True and features.chat_content is not True
    return Found(Source.SYSTEM) if bare else None


def _no_location(features: Features, _: Limits) -> Found | None:
    return Found(Source.SYSTEM) if features.places == 0 else None


def _stale(features: Features, limits: Limits) -> Found | None:
    hours = features.hours_since_incident
    if hours is None or hours <= limits.stale_days * 24:
        return None
    return Found(Source.SYSTEM, {"days": int(hours // 24)})


def _cue(kind: CueKind) -> Finder:
    """Words in free text, quoted as they stand: what a machine read, which a person judges."""

    def find(features: Features, _: Limits) -> Found | None:
        cue = next((cue for cue in features.cues if cue.kind is kind), None)
        if cue is None:
            return None
        return Found(Source.SYSTEM, {"words": cue.words, "path": cue.path})

    return find


def _level_1(features: Features, _: Limits) -> Found | None:
    return Found(Source.ANALYST) if features.analyst_level == Level.ONE else None


_R, _S, _A = Source.REPORTER, Source.SYSTEM, Source.ANALYST

SIGNS: Mapping[str, Finder] = {
    # urgency
    "escalated": _told("escalated", _R),
    "child_in_danger_now": _told("child_in_danger_now", _R),
    "level_1": _level_1,
    "urgent_confirmed": _told("urgent_confirmed", _A),
    "imminent_danger": _labelled(Label.IMMINENT_DANGER),
    "suicidal_victim": _labelled(Label.SUICIDAL_VICTIM),
    "planned_meeting": _labelled(Label.PLANNED_MEETING),
    # what the words of a narrative hint at
    "cue_planned_meeting": _cue(CueKind.PLANNED_MEETING),
    "cue_self_harm": _cue(CueKind.SELF_HARM),
    "cue_live_abuse": _cue(CueKind.LIVE_ABUSE),
    "cue_extortion_deadline": _cue(CueKind.EXTORTION_DEADLINE),
    "cue_travel": _cue(CueKind.TRAVEL),
    # the kind of incident
    "type_enticement": _typed(IncidentType.ENTICEMENT),
    "type_trafficking": _typed(IncidentType.TRAFFICKING),
    "type_molestation": _typed(IncidentType.MOLESTATION),
    "type_tourism": _typed(IncidentType.TOURISM),
    "type_unsolicited_obscene": _typed(IncidentType.UNSOLICITED_OBSCENE),
    "sextortion": _flagged(ReportAnnotation.SEXTORTION),
    "sadistic": _flagged(ReportAnnotation.SADISTIC_ONLINE_EXPLOITATION),
    "csam_solicitation": _flagged(ReportAnnotation.CSAM_SOLICITATION),
    "minor_to_minor": _flagged(ReportAnnotation.MINOR_TO_MINOR),
    # conduct
    "grooming": _labelled(Label.GROOMING, Label.INCITEMENT, Label.SEXUAL_TALK),
    "production": _labelled(Label.PRODUCTION),
    "live_streaming": _shown(flags=[FileAnnotation.LIVE_STREAMING], labels=[Label.LIVE_STREAMING]),
    "self_production": _shown(
        flags=[FileAnnotation.POSSIBLE_SELF_PRODUCTION], labels=[Label.SELF_PRODUCTION]
    ),
    # content
    "novel_viewed": _told("novel_viewed", _S),
    "unidentified_series": _told("unidentified_series", _S),
    "infant": _shown(flags=[FileAnnotation.INFANT], labels=[Label.INFANT_TODDLER]),
    "violence": _shown(
        flags=[FileAnnotation.PHYSICAL_HARM, FileAnnotation.VIOLENCE_GORE], labels=[Label.VIOLENCE]
    ),
    "bestiality": _shown(flags=[FileAnnotation.BESTIALITY], labels=[Label.BESTIALITY]),
    "industry_a1": _gravest(IndustryClassification.A1),
    "industry_a2": _gravest(IndustryClassification.A2),
    "industry_b1": _gravest(IndustryClassification.B1),
    "industry_b2": _gravest(IndustryClassification.B2),
    # people
    "victim": _victim,
    "young_victim": _young_victim,
    "several_children": _told("several_children", _R),
    "access_to_children": _told("access_to_children", _R),
    "convicted": _told("convicted", _R),
    "other_convictions": _told("other_convictions", _R),
    # pattern
    "linked_reports": _some("linked_reports", source=_A),
    "several_esps": _some("linked_esps", source=_A, least=2),
    "prior_reports": _told("prior_reports", _R),
    # who
    "user_id": _some("user_ids"),
    "contact": _some("contacts", "verified_contacts"),
    "verified_contact": _some("verified_contacts"),
    "screen_name": _some("screen_names"),
    "person_named": _told("person_named", _R),
    "ip": _some("ips_untimed", "ips_zoned", "ips_with_port"),
    "ip_zoned": _some("ips_zoned", "ips_with_port"),
    "ip_port": _some("ips_with_port"),
    # what
    "file": _some("files_with_bytes"),
    "file_openable": _some("files_openable", source=_S),
    "chat": _told("chat_content", _R),
    "url": _some("urls"),
    "only_hash": _only_hash,
    "unviewed_meme": _told("unviewed_meme", _S),
    # where and when
    "location": _some("places", source=_S),
    "place_resolved": _told("place_resolved", _S),
    "no_location": _no_location,
    "incident_time": _told("incident_time_known", _R),
    "incident_time_zoned": _told("incident_time_zoned", _R),
    "no_incident_time": _told("incident_time_known", _R, value=False),
    "stale": _stale,
    # what lowers
    "own_viral": _told("all_files_on_viral_list", _S),
    "esp_viral": _told("all_files_flagged_viral", _R),
    "batched": _told("batched", _R),
    "spam": _flagged(ReportAnnotation.SPAM),
    "esp_informational": _flagged(ReportAnnotation.INFORMATIONAL),
    "third_party": _told("third_party", _R),
    "compromised_account": _told("compromised_account", _R),
    # the sender's record
    "sender_useful": _told("sender_useful", _S),
    "sender_rarely_useful": _told("sender_useful", _S, value=False),
    # judgements
    "nexus_judged": _told("nexus_judged", _A),
}

GUARDS = (
    "escalated",
    "child_in_danger_now",
    "level_1",
    "urgent_confirmed",
    "imminent_danger",
    "suicidal_victim",
    "planned_meeting",
    "cue_planned_meeting",
    "cue_self_harm",
    "cue_live_abuse",
    "cue_extortion_deadline",
    "cue_travel",
    "type_enticement",
    "type_trafficking",
    "type_molestation",
    "type_tourism",
    "type_unsolicited_obscene",
    "sextortion",
    "sadistic",
    "csam_solicitation",
    "minor_to_minor",
    "grooming",
    "production",
    "novel_viewed",
    "unidentified_series",
    "victim",
    "several_children",
    "access_to_children",
    "convicted",
    "chat",
    "nexus_judged",
)
"""Signs against which no viral, meme, batch, spam or "informational" flag ever counts."""


def find(sign: str, features: Features, limits: Limits) -> Found | None:
    """Is ``sign`` there? KeyError for a sign that does not exist."""
    return SIGNS[sign](features, limits)


def guards(features: Features, limits: Limits) -> tuple[str, ...]:
    """The guards found: while there is one, nothing that lowers by being viral counts."""
    return tuple(sign for sign in GUARDS if find(sign, features, limits))
