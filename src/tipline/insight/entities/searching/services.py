"""A search: a purpose first, an entry on the ledger, then what was found."""

from __future__ import annotations

from typing import Final

from django.utils.crypto import salted_hmac

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid
from tipline.ground.foundation.transactions import write_tx
from tipline.insight.entities.searching.purposes import OTHER, PURPOSES
from tipline.insight.entities.searching.queries import Found, find
from tipline.insight.entities.searching.rules import MOST_TEXT, Asked

LEAST_WORDS: Final = 3
MOST_WORDS: Final = 250
#: A shorter value stands in many a word by chance.
LEAST_VALUE: Final = 4
_SALT: Final = "tipline.insight.entities.searching"


def search(actor: Actor, one: Asked, why: str, words: str, *, near: bool) -> Found:
    """Find it, and put on the ledger who asked, what for, and a keyed digest of what.

    Raises Invalid where the purpose is missing or holds what is searched for. The entry commits
    before anything is shown; the digest tells whether two searches were for one value, and to
    whoever lacks the secret key nothing else.
    """
    actor.require(Permission.REPORTS_READ_ALL)
    _check(one, why, words)
    found = find(actor, one, near=near)
    digest = digest_of(one)
    said = words.strip()
    detail = {"kind": one.kind.value, "digest": digest, "near": near, "reports": len(found.reports)}
    with write_tx():
        record(
            actor,
            Verb.IDENTIFIER_SEARCHED,
            f"search:{digest[:16]}",
            purpose=f"{why}: {said}" if said else why,
            detail=detail,
        )
    return found


def digest_of(one: Asked) -> str:
    """The keyed digest by which the ledger names what was asked for: 64 hex digits."""
    told = f"{one.kind.value}:{one.form.scope}:{one.form.value or one.text.strip()}"
    return salted_hmac(_SALT, told, algorithm="sha256").hexdigest()


def _check(one: Asked, why: str, words: str) -> None:
    if not one.text.strip() or len(one.text) > MOST_TEXT:
        raise Invalid(f"Type what to search for, in 1 to {MOST_TEXT} characters.", field="text")
    if why not in PURPOSES:
        raise Invalid("Choose what you search for it for.", field="why")
    if len(words.strip()) > MOST_WORDS:
        raise Invalid(f"Say it in {MOST_WORDS} characters.", field="words")
    if why == OTHER and len(words.strip()) < LEAST_WORDS:
        raise Invalid("Say what for in your own words.", field="words")
    own = (one.text.strip().casefold(), one.form.value.casefold())
    if any(len(value) >= LEAST_VALUE and value in words.casefold() for value in own):
        told = "The ledger holds no values: say it without what you search for."
        raise Invalid(told, field="words")
