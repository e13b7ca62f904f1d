"""Phone numbers, by the numbering plans of phonenumbers. Pure."""

from __future__ import annotations

from tipline.ground.places.phone import place_of_phone
from tipline.ground.places.place import NoPlace
from tipline.insight.entities.forms.rules_form import Form, Problem, form, none, scope_of


def phone(raw: str, calling_code: str, sender: str) -> Form:
    """The number in international form (E.164).

    A country is never assumed: "415 555 0100" read as international would be a Swiss number.
    One that lacks its country keeps its digits and says something within its sender only.
    """
    reading = place_of_phone(raw, calling_code or None)
    if reading.e164:
        return form(reading.e164)
    if reading.problem is not NoPlace.NO_COUNTRY:
        return none(Problem.MALFORMED)
    return form("".join(str(int(c)) for c in raw if c.isdecimal()), scope_of(sender))


def national(value: str) -> str:
    """The last nine digits of a number, for comparing one that lacks its country; or nothing."""
    digits = value.removeprefix("+")
    return digits[-9:] if len(digits) >= 9 else ""
