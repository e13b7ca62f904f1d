"""How the values of a copied row differ from those of the row it was copied from. Pure.

Names carry a mark that :func:`marked` puts into the documents of the pack before anything is
derived from them. It is lower-case letters, so that it survives every form in which names are
compared (digits are read as letters there), and a copy's own mark takes its place wherever it got
to. Digests and ids, which nobody can mark, are digested once more with the generation's number.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
#: Generations that a mark can tell apart.
MOST_GENERATIONS = len(_LETTERS) ** 4
#: Names of accounts, devices and pages: what tells one person from another.
_NAMES = frozenset(
    {"espIdentifier", "screenName", "displayName", "idValue", "groupIdentifier", "profileUrl"}
)
_ADDRESSES = frozenset({"url", "thirdPartyURL"})
#: Not the decimals of a number, which may be as many.
_HEX = re.compile(
    r"(?<![0-9a-z])(?<!\d\.)(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32}|[0-9a-f]{16})(?![0-9a-z])",
    re.IGNORECASE,
)


def mark_of(generation: int) -> str:
    """The mark of a generation: eight characters that occur in no name by chance."""
    if not 0 <= generation < MOST_GENERATIONS:
        raise ValueError(f"there are {MOST_GENERATIONS} generations, from 0")
    text = ""
    for _letter in range(4):
        generation, place = divmod(generation, len(_LETTERS))
        text = _LETTERS[place] + text
    return f"zq{text}qz"


MARK = mark_of(0)


def marked(document: Mapping[str, Any], generation: int = 0) -> dict[str, Any]:
    """The document with the generation's mark in every name, e-mail address and URL."""
    made: dict[str, Any] = _walk(document, mark_of(generation), "")
    return made


def _walk(value: Any, mark: str, name: str) -> Any:
    if isinstance(value, Mapping):
        return {key: _walk(part, mark, _deeper(name, key)) for key, part in value.items()}
    if isinstance(value, list):
        return [_walk(part, mark, name) for part in value]
    return _named(value, mark, name) if isinstance(value, str) and value.strip() else value


def _deeper(name: str, key: str) -> str:
    """What a part is called: the text of an element with attributes is the element's own."""
    return name if key == "value" else key


def _named(text: str, mark: str, name: str) -> str:
    if name == "email":
        local, at, domain = text.rpartition("@")
        return f"{local}{mark}@{domain}" if at and local else text
    if name in _ADDRESSES:
        return f"{text}/{mark}"
    return text + mark if name in _NAMES else text


def copied_text(text: str, generation: int) -> str:
    """The text of a copy: its own mark, and other digests and ids of the same length."""
    return _HEX.sub(lambda found: _other(found[0], generation), text).replace(
        MARK, mark_of(generation)
    )


def _other(digest: str, generation: int) -> str:
    made = hashlib.sha256(f"{generation}:{digest.lower()}".encode()).hexdigest()[: len(digest)]
    return made.upper() if digest.isupper() else made


def copied_fingerprint(value: bytes, generation: int) -> bytes:
    """Other fingerprints of 32 bytes each; those of one generation keep their distances."""
    mask = hashlib.sha256(f"fingerprint:{generation}".encode()).digest()
    return bytes(a ^ b for a, b in zip(value, itertools.cycle(mask), strict=False))


def shift_numbers(text: str, names: Sequence[str], by: int) -> str:
    """JSON text in which the whole numbers under these names are ``by`` larger."""
    pattern = rf'("(?:{"|".join(map(re.escape, names))})"\s*:\s*)(\d+)'
    return re.sub(pattern, lambda found: f"{found[1]}{int(found[2]) + by}", text)


def shift_last_number(text: str, by: int) -> str:
    """The text with the whole number at its end ``by`` larger."""
    return re.sub(r"\d+$", lambda found: str(int(found[0]) + by), text)
