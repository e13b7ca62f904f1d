"""The life cycle of a report, its clocks, and file ids that survive every client. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Open until finished, retracted or expired; those three never change again."""

    OPEN = "open"
    FINISHED = "finished"
    RETRACTED = "retracted"
    EXPIRED = "expired"


class Verb(StrEnum):
    """What may be asked of a report."""

    UPLOAD = "upload"
    FILE_DETAILS = "fileinfo"
    FINISH = "finish"
    RETRACT = "retract"
    EXPIRE = "expire"


NO_SUCH_REPORT: Final = 5001
ALREADY_RETRACTED: Final = 5101
ALREADY_FINISHED: Final = 5102

_AFTER: Final = {
    Verb.UPLOAD: State.OPEN,
    Verb.FILE_DETAILS: State.OPEN,
    Verb.FINISH: State.FINISHED,
    Verb.RETRACT: State.RETRACTED,
    Verb.EXPIRE: State.EXPIRED,
}
_REFUSALS: Final = {
    State.FINISHED: ALREADY_FINISHED,
    State.RETRACTED: ALREADY_RETRACTED,
    State.EXPIRED: NO_SUCH_REPORT,
}


def transition(state: State | None, verb: Verb) -> State | int:
    """The state after ``verb``, or the code that refuses it (API table 4).

    None is a report that does not exist or is not the caller's. An expired report looks the
    same: its data are gone, and clients take 5001 for "start again".
    """
    if state is None:
        return NO_SUCH_REPORT
    return _AFTER[verb] if state is State.OPEN else _REFUSALS[state]


def expires_at(opened_at: datetime, modified_at: datetime | None) -> datetime:
    """When an open report expires: 24 hours after opening or 1 hour after the last change
    (a file or file details), whichever is LATER (API table 4).
    """
    after_opening = opened_at + timedelta(hours=24)
    if modified_at is None:
        return after_opening
    return max(after_opening, modified_at + timedelta(hours=1))


_REPORT_ACT = datetime(2024, 5, 7, tzinfo=UTC)


def preservation_until(finished_at: datetime) -> datetime:
    """Until when the provider must keep the content: one year from the completed submission.

    18 U.S.C. 2258A(h)(1) as amended by Public Law 118-59 on 7 May 2024; 90 days for reports
    finished before. ``finished_at`` is aware.
    """
    days = 365 if finished_at >= _REPORT_ACT else 90
    return finished_at + timedelta(days=days)


_NUMBER = re.compile(
    r"[+-]?(?:Infinity|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)|[+-]?0(?:x[0-9a-f]+|o[0-7]+|b[01]+)|NaN",
    re.ASCII | re.IGNORECASE,
)


def looks_like_number(text: str) -> bool:
    """Whether a client that guesses types would read the text as a JavaScript number."""
    return _NUMBER.fullmatch(text.strip()) is not None


def acceptable_file_id(file_id: str) -> bool:
    """32 lower-case hexadecimal characters with at least two letters.

    One client library reads all-digit ids, and digits around a single ``e``, as numbers and
    sends back something else; two letters make that impossible.
    """
    letters = sum(character.isalpha() for character in file_id)
    return re.fullmatch(r"[0-9a-f]{32}", file_id) is not None and letters >= 2
