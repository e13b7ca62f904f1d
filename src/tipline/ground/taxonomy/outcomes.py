"""What an agency answers about a referral: the published feedback form, question by question."""

from __future__ import annotations

from enum import StrEnum


class OutcomeStatus(StrEnum):
    """What became of the referral."""

    CONVICTION = "conviction"
    ARREST = "arrest"
    ONGOING = "ongoing"
    REFERRED = "referred"
    CLOSED = "closed"

    @property
    def wire(self) -> str:
        """The form's own words."""
        return _STATUS_WIRE[self]


_STATUS_WIRE = {
    OutcomeStatus.CONVICTION: "Conviction",
    OutcomeStatus.ARREST: "Arrest",
    OutcomeStatus.ONGOING: "Ongoing Investigation",
    OutcomeStatus.REFERRED: "Referred",
    OutcomeStatus.CLOSED: "Closed",
}


class ClosingReason(StrEnum):
    """Why a case was closed; asked when the status is ``closed``."""

    SUBJECT_NOT_LOCATED = "subject_not_located"
    ESP_RESPONSE_EMPTY = "esp_response_empty"
    NO_CRIME = "no_crime"
    NO_PROSECUTORIAL_MERIT = "no_prosecutorial_merit"
    ADULT = "adult"
    AGE_UNDETERMINED = "age_undetermined"
    FALSE_REPORT = "false_report"
    UNFOUNDED = "unfounded"
    DECEASED = "deceased"
    OTHER = "other"

    @property
    def wire(self) -> str:
        """The form's own words."""
        return _CLOSING_WIRE[self]


_CLOSING_WIRE = {
    ClosingReason.SUBJECT_NOT_LOCATED: "Unable to locate subject",
    ClosingReason.ESP_RESPONSE_EMPTY: "ESP legal response does not contain information",
    ClosingReason.NO_CRIME: "No crime committed",
    ClosingReason.NO_PROSECUTORIAL_MERIT: "No prosecutorial merit",
    ClosingReason.ADULT: "Alleged child is an adult",
    ClosingReason.AGE_UNDETERMINED: "Age of child victim unable to be determined",
    ClosingReason.FALSE_REPORT: "False Report",
    ClosingReason.UNFOUNDED: "Unfounded",
    ClosingReason.DECEASED: "Person or user reported is deceased",
    ClosingReason.OTHER: "Other",
}


class NotUsefulReason(StrEnum):
    """Why the information of a report was of no use; asked when it was not."""

    STALE = "stale"
    LIMITED = "limited"
    OTHER = "other"


class Question(StrEnum):
    """The form's other questions, answered yes, no or (a count) a number."""

    CHILD_IDENTIFIED = "child_identified"
    ADDITIONAL_VICTIMS = "additional_victims"
    ADDITIONAL_VICTIM_COUNT = "additional_victim_count"
    SELF_PRODUCTION = "self_production"
    INFORMATION_USEFUL = "information_useful"


# Which questions the form asks after which status; usefulness is asked always.
QUESTIONS_AFTER: dict[OutcomeStatus, tuple[Question, ...]] = {
    OutcomeStatus.CONVICTION: (Question.INFORMATION_USEFUL,),
    OutcomeStatus.ARREST: (
        Question.CHILD_IDENTIFIED,
        Question.ADDITIONAL_VICTIMS,
        Question.ADDITIONAL_VICTIM_COUNT,
        Question.INFORMATION_USEFUL,
    ),
    OutcomeStatus.ONGOING: (Question.INFORMATION_USEFUL,),
    OutcomeStatus.REFERRED: (Question.INFORMATION_USEFUL,),
    OutcomeStatus.CLOSED: (
        Question.SELF_PRODUCTION,
        Question.CHILD_IDENTIFIED,
        Question.INFORMATION_USEFUL,
    ),
}
