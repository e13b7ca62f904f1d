"""The looser forms of a screen name, by which it is compared with others. Pure.

The ladder of forms, from near to far: as written, folded, its *skeleton* (decorations, signs
and look-alike letters undone, digits at the end kept), its *stem* (the skeleton without digits).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from tipline.insight.entities.forms.rules_form import folded

#: Letters of other scripts that look like a Latin one (after Unicode's UTS 39), lower case.
_LOOKS_LIKE: Final = str.maketrans(
    "\u0430\u0441\u0435\u0456\u0458\u043e\u0440\u0455\u0445\u0443\u0501\u04bb\u051b\u051d"
    "\u03b1\u03bf\u03c1\u03bd\u03b9\u03ba\u03c5\u03c7\u0131\u0253\u0257\u0261\u026a\u0280",
    "aceijopsxydhqw" + "aopvikuxibdgir",
)
_LEET: Final = str.maketrans("013457@$!|8", "oieastasiib")
_WRAPPER = re.compile(r"^(x{1,3})(?=[^x])(.{2,}?)(x{1,3})$")
_WORDS_AROUND = re.compile(r"^(?:its|iam|im|the|real|official)(?=.{4})|(?<=.{4})(?:real|official)$")
#: A stem of fewer letters is shared by too many.
SHORTEST_STEM: Final = 5
_BEFORE: Final = ("its", "iam", "im", "the", "real", "official")
_BEHIND: Final = ("real", "official")
_TAIL = re.compile(r"\d+$")
_IS_PLAIN = re.compile(r"[a-z0-9]*").fullmatch
_ASCII_WORD = re.compile(r"[A-Za-z0-9]+")
_DIGITS: Final = "0123456789"
_NO_DIGITS: Final = str.maketrans("", "", _DIGITS)
_SIGNS: Final = "".join(c for c in map(chr, range(128)) if not c.isalnum() and c not in "@$!|")
_NO_SIGNS: Final = str.maketrans("", "", _SIGNS)


@lru_cache(maxsize=1024)  # a name's other forms begin with it
def skeleton(name: str) -> str:
    """The name without decorations; two of one person's habit most often have the same.

    What stands around a name may stand around it twice: it is taken off until nothing changes.
    """
    once = _undecorated(_plain(name))
    while (again := _undecorated(once if _IS_PLAIN(once) else _plain(once))) != once:
        once = again
    return once


def _undecorated(plain: str) -> str:
    """``plain``: what :func:`_plain` gives; of a text of :data:`_IS_PLAIN` that is the text."""
    body = _untailed(plain)
    tail = plain[len(body) :]
    return _unwrapped(body.translate(_LEET)) + tail if body else plain


def _untailed(plain: str) -> str:
    """Without the digits at the end. Here as in other forms ASCII, the usual case, goes a shorter
    way to the same: to link a report, they are made of all that it is compared with.
    """
    return plain.rstrip(_DIGITS) if plain.isascii() else _TAIL.sub("", plain)


def stem(name: str) -> str:
    """The skeleton without its digits; empty where too little is left to say anything."""
    whole = skeleton(name)
    if whole.isascii():
        bare = whole.translate(_NO_DIGITS)
    else:
        bare = "".join(c for c in whole if not c.isdigit())
    return bare if len(bare) >= SHORTEST_STEM else ""


def trailing_number(name: str) -> str:
    """The digits at the end, where they say more than a year or a joke; else empty."""
    plain = _plain(name)
    digits = plain[len(_untailed(plain)) :]
    common = {"69", "123", "420", "1234", "12345"}
    is_year = len(digits) == 4 and 1940 <= int(digits) <= 2029
    return "" if len(digits) < 3 or digits in common or is_year else digits


def words(name: str) -> frozenset[str]:
    """The words of a name, where signs part it into several."""
    plain = _without_accents(folded(name))
    if plain.isascii():
        parts = _ASCII_WORD.findall(plain)
    else:
        parts = "".join(c if c.isalnum() else " " for c in plain).split()
    return frozenset(part.translate(_LEET) for part in parts)


@lru_cache(maxsize=1024)  # several forms begin with it
def _plain(name: str) -> str:
    """Letters and digits only, look-alikes and accents undone."""
    whole = folded(name)
    bare = whole if whole.isascii() else _without_accents(whole).translate(_LOOKS_LIKE)
    if bare.isascii():
        return bare.translate(_NO_SIGNS)
    return "".join(c for c in bare if c.isalnum() or c in "@$!|")


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if not unicodedata.combining(c))


def _unwrapped(body: str) -> str:
    """Without what people put around a name: ``xX…Xx``, ``its``, ``real``, ``official``."""
    found = _WRAPPER.match(body)
    inner = found[2] if found else body
    if not (inner.startswith(_BEFORE) or inner.endswith(_BEHIND)):
        return inner
    return _WORDS_AROUND.sub("", inner) or inner
