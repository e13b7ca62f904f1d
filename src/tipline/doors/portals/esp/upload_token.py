"""The right to send one file to one report, for an hour, from one session.

An upload is not parsed by Django (it would lay the file down in plain), so its form cannot
carry Django's own token; the address of the form carries this one. It is signed, bound to
person, session and report, and good for one file: sent again with the same bytes it is the
same file, with others it is refused.
"""

from __future__ import annotations

from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from tipline.ground.foundation.actor import Actor
from tipline.ground.foundation.errors import NotAllowed
from tipline.ground.foundation.ids import random_hex

SECONDS = 3600
_SALT = "tipline.esp.upload"


def make_token(request: HttpRequest, actor: Actor, number: int) -> str:
    """A token for one upload to this report."""
    said = [actor.person_key, number, random_hex(), _session(request)]
    return signing.dumps(said, salt=_SALT)


def one_time_key(request: HttpRequest, actor: Actor, number: int, token: str) -> str:
    """The token's own key, by which a repeated upload is known; NotAllowed when it is not good."""
    stale = NotAllowed(_("This form is too old. Load the page again; nothing was kept."))
    try:
        person, report, key, session = signing.loads(token, salt=_SALT, max_age=SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        raise stale from None
    same_session = constant_time_compare(str(session), _session(request))
    if (person, report) != (actor.person_id, number) or not same_session:
        raise stale
    return str(key)


def _session(request: HttpRequest) -> str:
    """A digest of the session's key: the key itself never stands in an address."""
    return salted_hmac(_SALT, request.session.session_key or "").hexdigest()[:32]
