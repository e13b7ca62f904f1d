"""How the wire writes the types of fingerprints: one name, three spellings, two sizes.

``md5`` in an entry, ``MD5`` in an address, ``Md5`` in feedback. Types that are too large for an
entry stand there by address only, and with a dash where others have a line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

INLINE: Final = ("md5", "sha1", "pdna", "pdq", "netclean")
LARGE: Final = ("videntifier", "tmk_pdqf", "ssvh_pdna", "ssvh_safer_hash")
#: One page of the documentation spells the last type so.
_ALIASES: Final = {"TMK_SAFER_HASH": "ssvh_safer_hash"}
_IN_ADDRESS: Mapping[str, str] = {kind.upper(): kind for kind in (*INLINE, *LARGE)} | _ALIASES


def type_in_address(text: str) -> str | None:
    """The type behind ``MD5``; None when there is none of that name."""
    return _IN_ADDRESS.get(text)


def in_address(kind: str) -> str:
    return kind.upper()


def in_feedback(kind: str) -> str:
    return "".join(word.capitalize() for word in kind.split("_"))


def in_entry(kind: str) -> str:
    return kind.replace("_", "-")
