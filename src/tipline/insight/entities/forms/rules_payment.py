"""Handles by which money is sent. Pure.

Networks with a checksum in their addresses are told by it, so that a chance text is none of
them. Card numbers are no identifier here: they are not kept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Final

from tipline.insight.entities.forms.rules_form import Form, Problem, folded, form, none

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
#: What the checksum comes to: of the first form of such addresses (BIP 173), and of the second
#: (BIP 350).
_CONSTANTS: Final = frozenset({1, 0x2BC830A3})
_ETHEREUM = re.compile(r"0x[0-9a-f]{40}", re.ASCII | re.IGNORECASE)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)
_CASHTAG = re.compile(r"\$[a-z][a-z0-9_-]{0,19}", re.ASCII)
_PAGES = re.compile(
    r"(?:https?://)?(?:www\.)?(?:"
    r"(?P<paypal>paypal\.me|paypal\.com/paypalme)/(?P<payee>[a-z0-9._-]{1,40})"
    r"|(?P<venmo>venmo\.com/(?:u/)?)(?P<user>[a-z0-9._-]{1,40})"
    r"|cash\.app/(?P<tag>\$[a-z][a-z0-9_-]{0,19})"
    r")/?(?:[?#].*)?",
    re.ASCII,
)


def payment(raw: str) -> Form:
    """The handle within its network: ``bitcoin``, ``ethereum``, ``iban``, ``cashtag``, ..."""
    bare = raw.strip()
    for network, read in _NETWORKS:
        if value := read(bare):
            return form(value, network)
    return none(Problem.MALFORMED)


def _bitcoin(bare: str) -> str:
    if bare.lower().startswith("bc1"):
        return bare.lower() if _bech32_holds(bare) else ""
    return bare if _base58_holds(bare) else ""


def _base58_holds(bare: str) -> bool:
    if not 25 <= len(bare) <= 35 or bare[0] not in "13" or set(bare) - set(_BASE58):
        return False
    number = 0
    for letter in bare:
        number = number * 58 + _BASE58.index(letter)
    if number >= 1 << 200:
        return False
    whole = number.to_bytes(25, "big")
    twice = hashlib.sha256(hashlib.sha256(whole[:21]).digest()).digest()
    return whole[0] in (0, 5) and twice[:4] == whole[21:]


def _bech32_holds(bare: str) -> bool:
    if not 14 <= len(bare) <= 90 or bare not in (bare.lower(), bare.upper()):
        return False
    data = bare.lower()[3:]
    if set(data) - set(_BECH32):
        return False
    values = [3, 3, 0, 2, 3, *map(_BECH32.index, data)]  # "bc", as the checksum takes it
    return _polymod(values) in _CONSTANTS


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, part in enumerate(_GENERATOR):
            check ^= part if top >> bit & 1 else 0
    return check


def _ethereum(bare: str) -> str:
    return bare.lower() if _ETHEREUM.fullmatch(bare) else ""


def _iban(bare: str) -> str:
    plain = "".join(bare[:80].split()).upper()
    if not _IBAN.fullmatch(plain):
        return ""
    turned = plain[4:] + plain[:4]
    return plain if int("".join(str(int(c, 36)) for c in turned)) % 97 == 1 else ""


def _page(group: str, prefix: str, payee: str) -> Callable[[str], str]:
    def read(bare: str) -> str:
        found = _PAGES.fullmatch(folded(bare[:200]))
        return f"{prefix}{found[payee]}" if found and found[group] else ""

    return read


def _cashtag(bare: str) -> str:
    plain = folded(bare[:200])
    if found := _PAGES.fullmatch(plain):
        return found["tag"] or ""
    return plain if _CASHTAG.fullmatch(plain) else ""


_NETWORKS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("bitcoin", _bitcoin),
    ("ethereum", _ethereum),
    ("iban", _iban),
    ("paypal", _page("paypal", "paypal.me/", "payee")),
    ("venmo", _page("venmo", "venmo.com/u/", "user")),
    ("cashtag", _cashtag),
)
