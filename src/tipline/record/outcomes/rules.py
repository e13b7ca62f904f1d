"""Which answers are complete: the published feedback form (OJJDP report for 2023), pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tipline.ground.foundation.errors import Invalid
from tipline.ground.taxonomy.outcomes import ClosingReason, NotUsefulReason, OutcomeStatus

MOST_VICTIMS = 100_000


@dataclass(frozen=True, slots=True)
class Answer:
    """One checked answer; questions that the status does not ask are None."""

    status: OutcomeStatus
    closing_reason: ClosingReason | None = None
    child_identified: bool | None = None
    additional_victims: int | None = None
    self_production: bool | None = None
    useful: bool | None = None
    not_useful_reason: NotUsefulReason | None = None


def check(data: Mapping[str, Any]) -> Answer:
    """Build an answer from form values; :class:`Invalid` names the question and the fix."""
    status = _member(OutcomeStatus, data.get("status"), "status")
    if status is None:
        raise Invalid("Choose what became of it.", field="status")
    closing = _member(ClosingReason, data.get("closing_reason"), "closing_reason")
    if status is OutcomeStatus.CLOSED and closing is None:
        raise Invalid("Choose why it was closed.", field="closing_reason")
    useful = _yes_no(data.get("useful"), "useful")
    why_not = _member(NotUsefulReason, data.get("not_useful_reason"), "not_useful_reason")
    if useful is False and why_not is None:
        raise Invalid("Say why the information was of no use.", field="not_useful_reason")
    arrest, closed = status is OutcomeStatus.ARREST, status is OutcomeStatus.CLOSED
    return Answer(
        status=status,
        closing_reason=closing if closed else None,
        child_identified=_yes_no(data.get("child_identified"), "child_identified")
        if arrest or closed
        else None,
        additional_victims=_count(data.get("additional_victims")) if arrest else None,
        self_production=_yes_no(data.get("self_production"), "self_production") if closed else None,
        useful=useful,
        not_useful_reason=why_not if useful is False else None,
    )


def _member(kind: Any, value: Any, field: str) -> Any:
    if value in (None, ""):
        return None
    try:
        return kind(value)
    except ValueError:
        choices = ", ".join(member.value for member in kind)
        raise Invalid(f"Choose one of: {choices}.", field=field) from None


def _yes_no(value: Any, field: str) -> bool | None:
    if value in (None, ""):
        return None
    if isinstance(value, bool):
        return value
    if value in ("yes", "no"):
        return bool(value == "yes")
    raise Invalid("Answer yes or no.", field=field)


def _count(value: Any) -> int | None:
    if value in (None, ""):
        return None
    text = str(value).strip()
    if not text.isascii() or not text.isdecimal() or int(text[:9]) > MOST_VICTIMS or len(text) > 6:
        raise Invalid(f"Give a whole number up to {MOST_VICTIMS}.", field="additional_victims")
    return int(text)
