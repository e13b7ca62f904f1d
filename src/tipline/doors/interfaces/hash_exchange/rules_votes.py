"""Reading what a client votes: one word on one fingerprint, from a small XML document."""

from __future__ import annotations

from dataclasses import dataclass

from tipline.ground.foundation.errors import Invalid
from tipline.ground.foundation.xml import Limits, Node, XmlError, read

MOST_BYTES = 64 * 1024
_LIMITS = Limits(bytes=MOST_BYTES, depth=8, elements=200, attributes=200, text=1_000)
MOST_REASONS = 50


@dataclass(frozen=True, slots=True)
class Ballot:
    affirmative: bool
    reasons: tuple[str, ...] = ()


def read_ballot(body: bytes) -> Ballot:
    """``feedbackSubmission`` with ``affirmative``, or ``negative`` and the guids of its reasons.

    Names count, namespaces do not: older clients leave them out.
    """
    try:
        root = read(body, limits=_LIMITS)
    except XmlError as error:
        raise Invalid(f"The vote cannot be read: {error.reason}.", field="body") from error
    said = [node for node in root.children if _name(node) in {"affirmative", "negative"}]
    if _name(root) != "feedbackSubmission" or len(said) != 1:
        raise Invalid(
            "Send feedbackSubmission with either affirmative or negative in it.", field="body"
        )
    [word] = said
    if _name(word) == "affirmative":
        return Ballot(affirmative=True)
    return Ballot(affirmative=False, reasons=_reasons(word))


def _reasons(word: Node) -> tuple[str, ...]:
    guids = [
        node.text.strip()
        for ids in word.children
        if _name(ids) == "reasonIds"
        for node in ids.children
        if _name(node) == "guid" and node.text.strip()
    ]
    if not 0 < len(guids) <= MOST_REASONS:
        raise Invalid("Give one or more guids in reasonIds with a negative.", field="reasonIds")
    return tuple(dict.fromkeys(guids))


def _name(node: Node) -> str:
    return node.tag.rpartition("}")[2]
