"""What a visitor has answered so far, sealed: it travels in the page and is kept nowhere.

The field is encrypted and authenticated (Fernet: AES-128-CBC with HMAC-SHA-256 and the time
of sealing) under a key derived from the secret of this deployment (HKDF, RFC 5869), so a
visitor's computer holds nothing readable and nobody else can make one.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tipline.ground.foundation.ids import random_hex

#: How long one page may stay open, in seconds.
LIFE = 2 * 3600


class StaleDraft(Exception):  # noqa: N818 - says what happened
    """The field is too old, altered, or was never ours."""


@dataclass(frozen=True, slots=True)
class Draft:
    """``nonce`` makes all sendings of this form one report; ``page`` is the one shown.

    ``answers``: by page and field, as typed. ``checking``: all pages were seen, so that each
    further answer leads back to the check.
    """

    nonce: str
    page: str
    checking: bool = False
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def at(self, page: str, *, checking: bool = False) -> Draft:
        return replace(self, page=page, checking=self.checking or checking)

    def with_answers(self, said: Mapping[str, str]) -> Draft:
        """The same draft with what was typed on its page."""
        return replace(self, answers={**self.answers, self.page: dict(said)})

    def said_on(self, page: str) -> dict[str, str]:
        return dict(self.answers.get(page, {}))


def new_draft(page: str) -> Draft:
    return Draft(nonce=random_hex(), page=page)


def with_new_nonce(draft: Draft) -> Draft:
    """The same answers as another report."""
    return replace(draft, nonce=random_hex())


def seal(draft: Draft) -> str:
    return _fernet().encrypt(json.dumps(asdict(draft)).encode()).decode()


def unseal(text: str) -> Draft:
    """The draft of a field; :class:`StaleDraft` when it is none of ours or too old."""
    try:
        return Draft(**json.loads(_fernet().decrypt(text.encode(), ttl=LIFE)))
    except (InvalidToken, ValueError, TypeError) as error:
        raise StaleDraft from error


def _fernet() -> Fernet:
    return _keyed(settings.SECRET_KEY)


@lru_cache(maxsize=1)
def _keyed(secret: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=b"tipline public form").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
