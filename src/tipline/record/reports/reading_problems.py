"""What may be wrong with a report, what follows from it, and how its sender mends it.

Every finding has a code; this table says whether it refuses the document (answer 4100, or
4110 for XML that cannot be read) or only warns, in the lenient default and in strict mode.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. ``path`` is XPath-like and counts from 1 within the XML as sent;
    ``line`` is the line of the XML, None where none can be named; ``fix`` says what to do.
    """

    code: str
    path: str
    line: int | None
    message: str
    fix: str


class Code(StrEnum):
    """What a finding is about."""

    # the XML itself
    MALFORMED = "malformed_xml"
    FORBIDDEN = "forbidden_xml"
    WRONG_ROOT = "wrong_root"
    # content that must be there or must be right
    MISSING_ELEMENT = "missing_element"
    MISSING_ATTRIBUTE = "missing_attribute"
    UNKNOWN_VALUE = "unknown_value"
    BAD_REQUIRED_VALUE = "bad_required_value"
    BLANK_IDENTIFIER = "blank_identifier"
    # content that is kept, with a warning
    MISSPELLED_VALUE = "misspelled_value"
    PADDED_VALUE = "padded_value"
    ODD_TIME_FORM = "odd_time_form"
    BAD_VALUE = "bad_value"
    OUT_OF_RANGE = "out_of_range"
    BAD_FORM = "bad_form"
    TOO_LONG = "too_long"
    OUT_OF_ORDER = "out_of_order"
    REPEATED = "repeated"
    MANY_KEPT = "many_kept"
    EXCLUSIVE = "exclusive"
    UNKNOWN_ELEMENT = "unknown_element"
    UNKNOWN_FLAG = "unknown_flag"
    UNKNOWN_ATTRIBUTE = "unknown_attribute"
    STRAY_TEXT = "stray_text"
    FALSE_FLAG = "false_flag"
    BLANK_VALUE = "blank_value"
    BLANK_REQUIRED = "blank_required"
    BLANK_KEPT = "blank_kept"
    BLANK_BLOCK = "blank_block"
    EMPTY_DETAILS = "empty_details"
    SEVERAL_KINDS = "several_kinds"
    # documented elsewhere than where the schema has it
    OTHER_PLACE = "other_place"
    TWO_PLACES = "two_places"
    # rules beyond the schema
    BLANK_ESCALATION = "blank_escalation"
    FUTURE_INCIDENT = "future_incident"
    EXIF_WITHOUT_FILE = "exif_without_file"
    SUPPLEMENTAL_CLASSIFIED = "supplemental_classified"
    REPORTER_WITHOUT_EMAIL = "reporter_without_email"
    SEVERAL_REPORTED = "several_reported"
    COUNTRY_WITHOUT_PROCESS = "country_without_process"
    URL_WITH_SPACE = "url_with_space"
    FUTURE_UPLOAD = "future_upload"
    TIME_WITHOUT_ZONE = "time_without_zone"


class Effect(StrEnum):
    """What a finding does to the document."""

    REFUSE = "refuse"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Policy:
    """Effects by mode, and the words; ``{...}`` in them are the finding's own values."""

    lenient: Effect
    strict: Effect
    message: str
    fix: str


def _refused(message: str, fix: str) -> Policy:
    return Policy(Effect.REFUSE, Effect.REFUSE, message, fix)


def _strict(message: str, fix: str) -> Policy:
    return Policy(Effect.WARN, Effect.REFUSE, message, fix)


def _warned(message: str, fix: str) -> Policy:
    return Policy(Effect.WARN, Effect.WARN, message, fix)


POLICIES: Final[dict[Code, Policy]] = {
    Code.MALFORMED: _refused(
        "The XML is not well-formed: {reason}.",
        "Escape & and < in text as &amp; and &lt;, close every element, and send UTF-8.",
    ),
    Code.FORBIDDEN: _refused(
        "The XML is not accepted: {reason}.",
        "Send plain elements without a document type, within the documented sizes.",
    ),
    Code.WRONG_ROOT: _refused(
        "The document starts with {found}.", "Send {expected} without a namespace."
    ),
    Code.MISSING_ELEMENT: _refused("{name} is missing.", "Add {name}."),
    Code.MISSING_ATTRIBUTE: _refused(
        "The attribute {name} is missing.", "Add the attribute {name}."
    ),
    Code.UNKNOWN_VALUE: _refused(
        "{name} does not take the value {value}.", "Use one of: {allowed}."
    ),
    Code.BAD_REQUIRED_VALUE: _refused("{name} is not {kind}: {value}.", "Send {example}."),
    Code.BLANK_IDENTIFIER: _refused("{name} is blank.", "Send the value that the upload gave."),
    Code.MISSPELLED_VALUE: _strict("{value} was read as {meant}.", "Send exactly: {meant}"),
    Code.PADDED_VALUE: _strict(
        "{name} has white space around its value.", "Send the value without white space."
    ),
    Code.ODD_TIME_FORM: _strict("{name} is understood but not {kind}: {value}.", "Send {example}."),
    Code.BAD_VALUE: _strict(
        "{name} is not {kind}: {value}. It was kept as text only.", "Send {example}."
    ),
    Code.OUT_OF_RANGE: _strict(
        "{name} is outside {low} to {high}: {value}. It was kept as text only.",
        "Send a value from {low} to {high}, or leave it out.",
    ),
    Code.BAD_FORM: _strict("{name} has an unusual form: {value}.", "Send {example}."),
    Code.TOO_LONG: _strict(
        "{name} has {length} characters; at most {limit} are documented. All were kept.",
        "Shorten it to {limit} characters.",
    ),
    Code.OUT_OF_ORDER: _strict(
        "{name} stands after {after}.", "Send the children in the order of the schema."
    ),
    Code.REPEATED: _strict(
        "{name} stands more than once; the first was used, the others kept as text.",
        "Send {name} once.",
    ),
    Code.MANY_KEPT: _strict("{name} stands more than once; all were kept.", "Send {name} once."),
    Code.EXCLUSIVE: _strict("{name} and {other} stand together.", "Send only one of them."),
    Code.UNKNOWN_ELEMENT: _strict(
        "{name} is not in the schema here; it was kept as text only.",
        "Leave it out, or use an element of the schema.",
    ),
    Code.UNKNOWN_FLAG: _strict("{name} is not a known flag; it was kept.", "Leave it out."),
    Code.UNKNOWN_ATTRIBUTE: _strict(
        "The attribute {name} is not in the schema here; it was kept as text only.",
        "Leave it out.",
    ),
    Code.STRAY_TEXT: _strict(
        "There is text between elements; it was kept as text only.",
        "Put the text into an element, for example additionalInfo.",
    ),
    Code.FALSE_FLAG: _strict(
        "{name} says false; a flag can only say true, so it counts as not set.",
        "Leave the flag out.",
    ),
    Code.BLANK_VALUE: _strict("{name} is blank and counts as absent.", "Leave it out."),
    Code.BLANK_REQUIRED: _warned("{name} is blank.", "Send a value."),
    Code.BLANK_KEPT: _warned(
        "{name} is blank and counts as absent; its attributes were kept as text only.",
        "Leave it out, or give a value.",
    ),
    Code.BLANK_BLOCK: _strict(
        "{name} has no content and counts as absent.", "Leave it out, or fill it."
    ),
    Code.EMPTY_DETAILS: _strict(
        "internetDetails names no kind of incident and counts as absent.",
        "Leave it out, or put one kind of incident into it.",
    ),
    Code.SEVERAL_KINDS: _strict(
        "internetDetails holds several kinds of incident; it was read as one each.",
        "Send an internetDetails for each kind.",
    ),
    Code.OTHER_PLACE: _warned("{name} was read as {home}.", "Both forms are accepted."),
    Code.TWO_PLACES: _warned(
        "{name} and {home} stand together and differ; both were kept.", "Send only one of them."
    ),
    Code.BLANK_ESCALATION: _strict(
        "escalateToHighPriority is blank: the report is NOT escalated.",
        "Say why a child may be in immediate danger, or leave the element out.",
    ),
    Code.FUTURE_INCIDENT: _refused(
        "incidentDateTime lies in the future: {value}.",
        "Send when the incident happened, with its time zone.",
    ),
    Code.EXIF_WITHOUT_FILE: _refused(
        "exifViewedByEsp is true, but fileViewedByEsp is not.",
        "Set fileViewedByEsp to true only if the file was viewed; else set both to false.",
    ),
    Code.SUPPLEMENTAL_CLASSIFIED: _refused(
        "A supplemental file carries {name}.",
        "Leave {name} out, or send the file with fileRelevance Reported.",
    ),
    Code.REPORTER_WITHOUT_EMAIL: _warned(
        "reportingPerson has no email.", "Give at least one email address."
    ),
    Code.SEVERAL_REPORTED: _warned(
        "{count} users are reported in one report that is not batched.",
        "Send a report for each, unless they belong to one incident.",
    ),
    Code.COUNTRY_WITHOUT_PROCESS: _warned(
        "fleaCountry says nothing without servedLegalProcessInternational.",
        "Set servedLegalProcessInternational to true, or leave the country out.",
    ),
    Code.URL_WITH_SPACE: _strict(
        "A web address holds white space or control characters.",
        "Percent-encode them, and send one address per url element.",
    ),
    Code.FUTURE_UPLOAD: _warned(
        "uploadedToEspTimestamp lies in the future: {value}.",
        "Send when the file was uploaded to you, with its time zone.",
    ),
    Code.TIME_WITHOUT_ZONE: _warned(
        "{name} has no time zone, so its instant is unknown.",
        "Add Z for UTC, or the offset, as in 2025-03-01T12:00:00Z.",
    ),
}

_LONGEST_QUOTE = 80
_OUR_OWN = frozenset({"allowed", "meant"})  # lists of ours, useful only when whole


def problem(code: Code, path: str, line: int | None, **values: object) -> Problem:
    """The finding in words. Values are quoted and cut, so that no message grows with its input."""
    shown = {
        name: str(value) if name in _OUR_OWN else _quoted(value) for name, value in values.items()
    }
    policy = POLICIES[code]
    return Problem(
        code.value,
        path,
        line,
        policy.message.format(**shown),
        policy.fix.format(**shown),
    )


def _quoted(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1]}…"
