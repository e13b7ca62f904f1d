"""Identifiers that others will store."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from tipline.ground.foundation.errors import Invalid

#: The largest whole number that JavaScript clients keep exactly.
LARGEST_NUMBER = 2**53 - 1


def random_hex(octets: int = 16) -> str:
    return secrets.token_hex(octets)


def fresh(accept: Callable[[str], bool]) -> str:
    """A random 32-character hex value that a rule accepts (draws again otherwise)."""
    while True:
        candidate = random_hex()
        if accept(candidate):
            return candidate


def report_number(text: str) -> int:
    """A report number as sent by a client: decimal, positive, at most 2^53 - 1."""
    digits = text.strip()
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 16:
        raise Invalid("Send the report number as plain digits.", field="id")
    number = int(digits)
    if not 0 < number <= LARGEST_NUMBER:
        raise Invalid("The report number is out of range.", field="id")
    return number
