"""Errors that people and machines can act on.

Each names a stable ``code``, the ``field`` it is about (empty when none) and a sentence
that says what to do. Doors turn them into their own shapes; nothing else is caught there.
"""

from __future__ import annotations


class TiplineError(Exception):
    """Base of every error that a caller may cause and can mend."""

    code = "invalid"

    def __init__(self, message: str, *, field: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        if code:
            self.code = code


class NotVisible(TiplineError):  # noqa: N818 - the field's words read better than an Error suffix
    """The thing does not exist for this actor: not visible means not found."""

    code = "not_found"


class NotAllowed(TiplineError):  # noqa: N818
    """The actor may see the thing but not do this to it."""

    code = "not_allowed"


class Invalid(TiplineError):  # noqa: N818
    """The input is wrong; the message names the fix."""

    code = "invalid"


class Conflict(TiplineError):  # noqa: N818
    """The thing has moved on meanwhile; look again and decide anew."""

    code = "conflict"


class Unavailable(TiplineError):  # noqa: N818
    """Nothing is wrong with the request, but it cannot be kept safe now: try again later."""

    code = "unavailable"
