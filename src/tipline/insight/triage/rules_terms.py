"""Which sign may move which score, and in which direction.

Directions are law here, points are policy: a policy file can neither turn a direction
round nor give points to a feature that must not move the score. Source: reference page
"domain", section 7; DESIGN, idea 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    RAISES = "raises"
    LOWERS = "lowers"


@dataclass(frozen=True, slots=True)
class Term:
    """A sign's part in a score. A guarded term counts only where no guard is found."""

    direction: Direction
    group: str
    guarded: bool = False


def _raises(group: str, *signs: str) -> dict[str, Term]:
    return {sign: Term(Direction.RAISES, group) for sign in signs}


def _lowers(group: str, *signs: str, guarded: bool = False) -> dict[str, Term]:
    return {sign: Term(Direction.LOWERS, group, guarded) for sign in signs}


DANGER: Mapping[str, Term] = {
    **_raises("urgency", "escalated", "child_in_danger_now", "level_1"),
    **_raises("urgency", "imminent_danger", "suicidal_victim", "planned_meeting"),
    **_raises("cues", "cue_planned_meeting", "cue_self_harm", "cue_live_abuse"),
    **_raises("cues", "cue_extortion_deadline", "cue_travel"),
    **_raises("incident", "type_enticement", "type_trafficking", "type_molestation"),
    **_raises("incident", "type_tourism", "type_unsolicited_obscene", "sextortion", "sadistic"),
    **_raises("incident", "csam_solicitation", "minor_to_minor"),
    **_raises("conduct", "chat", "grooming", "production", "live_streaming", "self_production"),
    **_raises("content", "novel_viewed", "unidentified_series", "infant", "violence", "bestiality"),
    **_raises("content", "industry_a1", "industry_a2", "industry_b1", "industry_b2"),
    **_raises("people", "victim", "young_victim", "several_children"),
    **_raises("people", "access_to_children", "convicted", "other_convictions"),
    **_raises("pattern", "several_esps", "linked_reports", "prior_reports"),
    **_lowers("viral", "own_viral", guarded=True),
}

ACTIONABILITY: Mapping[str, Term] = {
    **_raises("who", "user_id", "contact", "verified_contact", "screen_name", "person_named"),
    **_raises("who", "ip", "ip_zoned", "ip_port"),
    **_raises("what", "file", "file_openable", "chat", "url"),
    **_raises("where", "location", "place_resolved"),
    **_raises("when", "incident_time", "incident_time_zoned"),
    **_raises("record", "sender_useful"),
    **_lowers("record", "sender_rarely_useful"),
    **_lowers("missing", "only_hash", "no_location", "no_incident_time", "stale"),
    **_lowers("missing", "unviewed_meme", "third_party", "compromised_account"),
    **_lowers("viral", "own_viral", "esp_viral", "batched", guarded=True),
    **_lowers("viral", "spam", "esp_informational", guarded=True),
}

NEVER_DANGER: Mapping[str, str] = {
    "completeness": "how complete a report is says nothing about danger",
    "duplicates": "many reports of one file are one fact",
    "bundle_size": "the size of a bundle is not danger",
    "files": "the number of files is not danger",
    "known_files": "the number of files is not danger",
    "new_files": "the number of files is not danger",
    "generative_ai": "the flag alone says nothing; many such reports carry no usable data",
    "esp_viral": "only our own three-person viral list lowers danger",
    "potential_meme": "only our own three-person viral list lowers danger",
    "batched": "only our own three-person viral list lowers danger",
    "preservation_clock": "a short clock orders the queue; it is not danger",
    "sender_useful": "what became of a sender's other reports says nothing of this child",
    "sender_rarely_useful": "what became of a sender's other reports says nothing of this child",
    "minor_suspect": "a child who is the reported person goes to a lane of its own",
    "with_police": "it decides whom to tell, not how dangerous it is",
}

NEVER_ACTIONABILITY: Mapping[str, str] = {
    "duplicates": "many reports of one file are one fact",
    "bundle_size": "the size of a bundle helps nobody to act",
    "files": "the number of files is not what makes a report usable",
    "generative_ai": "the flag alone says nothing",
    "minor_suspect": "a child who is the reported person goes to a lane of its own",
    "preservation_clock": "a short clock orders the queue; it is not usability",
}

ALWAYS_URGENT = (
    "urgent_confirmed",
    "level_1",
    "escalated",
    "child_in_danger_now",
    "imminent_danger",
    "suicidal_victim",
    "planned_meeting",
)
"""Signs that make a report urgent under every policy."""

MAY_BE_URGENT = tuple(sign for sign in DANGER if sign not in ALWAYS_URGENT and sign != "own_viral")
"""Signs that a policy may add to them."""
