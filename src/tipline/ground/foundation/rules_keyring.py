"""The master keys of a deployment: which one seals, which others still open. Pure.

Their file has one key a line, 64 hex characters. The first one seals; those after it open what
has not been wrapped anew yet. A line that ends with the word ``next`` holds a key that seals
nothing yet. ``#`` begins a remark. A file of one bare line is a file like any other.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

KEY_SIZE = 32
_NEXT = "next"
_HEAD = (
    "# Master keys of this deployment. The first one seals; the others open what has not been\n"
    "# wrapped anew yet. `tipline keys status` says which are still needed.\n"
)


class BadKeyFile(ValueError):  # noqa: N818 - says what it is
    """The text is no set of master keys; the message says where and what to write."""


@dataclass(frozen=True, slots=True)
class Master:
    """A master key. ``ident`` names it in tables, pages and ledger, and gives nothing away."""

    ident: str
    secret: bytes = field(repr=False)


def master(secret: bytes) -> Master:
    """The key with its name: the beginning of an HMAC under the key itself."""
    named = hmac.new(secret, b"tipline-master-key", hashlib.sha256)
    return Master(named.hexdigest()[:12], secret)


@dataclass(frozen=True, slots=True)
class Ring:
    """``current`` seals; ``older`` only open; ``next`` waits until every machine has it."""

    current: Master
    older: tuple[Master, ...] = ()
    next: Master | None = None

    @property
    def masters(self) -> tuple[Master, ...]:
        """All that open, the one in use first."""
        return (self.current, *self.older, *((self.next,) if self.next else ()))

    def find(self, ident: str) -> Master | None:
        return next((one for one in self.masters if one.ident == ident), None)


def parse(text: str) -> Ring:
    """The keys of a file's text; :class:`BadKeyFile` names the line."""
    found = [_line(number, line) for number, line in enumerate(text.splitlines(), 1)]
    lines = [one for one in found if one is not None]
    masters = [master(secret) for secret, _waits in lines]
    usable = [one for one, (_secret, waits) in zip(masters, lines, strict=True) if not waits]
    waiting = [one for one, (_secret, waits) in zip(masters, lines, strict=True) if waits]
    if not usable:
        raise BadKeyFile(f"must hold exactly {2 * KEY_SIZE} hex characters on a line: a key.")
    if len(waiting) > 1:
        raise BadKeyFile(f"marks {len(waiting)} keys with the word next: mark one at most.")
    if len({one.ident for one in masters}) != len(masters):
        raise BadKeyFile("holds the same key twice: take one of the two lines out.")
    return Ring(usable[0], tuple(usable[1:]), waiting[0] if waiting else None)


def _line(number: int, line: str) -> tuple[bytes, bool] | None:
    """The key of a line and whether it waits; None for a line without any."""
    words = line.partition("#")[0].split()
    if not words:
        return None
    try:
        secret = bytes.fromhex(words[0])
    except ValueError:
        secret = b""
    if len(secret) != KEY_SIZE or len(words[0]) != 2 * KEY_SIZE or words[1:] not in ([], [_NEXT]):
        raise BadKeyFile(
            f"must hold exactly {2 * KEY_SIZE} hex characters on line {number}, "
            "and after them nothing or the word next."
        )
    return secret, len(words) > 1


def render(ring: Ring) -> str:
    """The file's text; a single key is written as the bare line that it has always been."""
    if ring.masters == (ring.current,):
        return f"{ring.current.secret.hex()}\n"
    lines = [f"{one.secret.hex()}  # {one.ident}\n" for one in (ring.current, *ring.older)]
    if ring.next:
        lines.append(f"{ring.next.secret.hex()} {_NEXT}  # {ring.next.ident}\n")
    return _HEAD + "".join(lines)


def prepared(ring: Ring, fresh: bytes) -> Ring:
    """With a key that waits; the one that waits already stays."""
    return Ring(ring.current, ring.older, ring.next or master(fresh))


def rotated(ring: Ring, fresh: bytes) -> Ring:
    """The waiting key, or a fresh one where none waits, seals from now on."""
    return Ring(ring.next or master(fresh), (ring.current, *ring.older))


def without(ring: Ring, ident: str) -> Ring:
    """Without one that does not seal; ValueError for the one that does."""
    if ring.current.ident == ident:
        raise ValueError("the key in use cannot be taken out")
    older = tuple(one for one in ring.older if one.ident != ident)
    waits = None if ring.next and ring.next.ident == ident else ring.next
    return Ring(ring.current, older, waits)
