"""HTTP Basic for machine accounts: on every endpoint, before anything is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

from tipline.doors.interfaces.basic import login_of
from tipline.ground.accounts.queries import credential
from tipline.ground.accounts.services import credential_matches

if TYPE_CHECKING:
    from tipline.ground.accounts.models import EspCredential


def credential_of(request: HttpRequest) -> EspCredential | None:
    """The account behind the Authorization header, or None."""
    login = login_of(request)
    if login is None:
        return None
    row = credential(login[0])
    return row if credential_matches(row, login[1]) else None
