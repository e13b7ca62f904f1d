"""User names and secrets of machine accounts, of ESPs and of members of the hash exchange.

A secret is long and generated, so it is not stretched (an argon2 check costs a request 165 ms):
it is kept as an HMAC-SHA-256 under a key of its own, which is wrapped like any data key, so that
master keys can change under it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from tipline.ground.foundation.errors import Invalid
from tipline.ground.foundation.keys import key_or_new, new_data_key
from tipline.ground.foundation.models import DataKey

SECRET_BYTES = 24
LEAST_SECRET = 16
LONGEST_USERNAME = 150


@dataclass(frozen=True, slots=True)
class Made:
    """A secret, which is shown once, and what is kept of it."""

    secret: str = field(repr=False)
    mac: str
    key: DataKey


def check_login(username: str, secret: str = "") -> None:
    """:class:`Invalid` for a name that HTTP Basic cannot carry, or a short secret of one's own."""
    if not 0 < len(username) <= LONGEST_USERNAME:
        raise Invalid("Give a user name of 1 to 150 characters.", field="username")
    if ":" in username or not username.isprintable():
        raise Invalid("The user name must be printable, without a colon.", field="username")
    if secret and len(secret) < LEAST_SECRET:
        raise Invalid(
            f"The password must have {LEAST_SECRET} characters or more.", field="password"
        )


def make_secret(secret: str = "") -> Made:
    """A generated secret, or the one that is given. Call it in the transaction that keeps it."""
    secret = secret or secrets.token_urlsafe(SECRET_BYTES)
    key, plain = new_data_key()
    return Made(secret, _mac(plain, secret), key)


def secret_matches(mac: str | None, key: DataKey | None, secret: str) -> bool:
    """Compare in constant time, also when there is no such account: then ``mac`` is None."""
    same = hmac.compare_digest(_mac(key_or_new(key), secret), mac or "0" * 64)
    return same and mac is not None


def _mac(key: bytes, secret: str) -> str:
    return hmac.new(key, secret.encode(), hashlib.sha256).hexdigest()
