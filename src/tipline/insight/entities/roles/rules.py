"""Which values are told when they stand in two roles, and what a senior may answer. Pure.

Only what belongs to one person: accounts, mailboxes, numbers, devices, payment handles, and screen
names within a service. An address that a family shares says nothing here. Source: DESIGN, idea 9;
reference on entity matching, section 9.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Final

from tipline.record.reports.facts import IdentifierKind, Role


class Side(StrEnum):
    """On which side of an offence a value stands."""

    SUSPECT = "suspect"
    VICTIM = "victim"


class Answer(StrEnum):
    """What a senior says of a value on both sides."""

    SAME_PERSON = "same_person"
    DIFFERENT_PEOPLE = "different_people"
    UNSURE = "unsure"


SIDES: Final = {
    Role.SUSPECT: Side.SUSPECT,
    Role.ASSOCIATED: Side.SUSPECT,
    Role.VICTIM: Side.VICTIM,
    Role.RECIPIENT: Side.VICTIM,
}
_OF_ONE_PERSON: Final = frozenset(
    {
        IdentifierKind.ESP_USER_ID,
        IdentifierKind.EMAIL,
        IdentifierKind.PHONE,
        IdentifierKind.PROFILE_URL,
        IdentifierKind.DEVICE_ID,
        IdentifierKind.PAYMENT,
    }
)


def side_of(kind: IdentifierKind, scope: str, role: Role) -> Side | None:
    """The side that a value stands on; None where it would say nothing of one person."""
    within_service = kind is IdentifierKind.SCREEN_NAME and bool(scope)
    if kind not in _OF_ONE_PERSON and not within_service:
        return None
    return SIDES.get(role)


def key_of(kind: str, scope: str, value: str, *, is_test: bool) -> str:
    """The digest of a value, 64 hex digits; tests and real reports never meet.

    It hides nothing from who can guess the value: the table is as secret as identifiers.
    """
    text = "\0".join((kind, scope, value, "test" if is_test else "real"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
