"""A mark that no one else would write, and the search for it in everything on disk.

Either half of it counts as a find: a database may cut a long value where a page ends.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from pathlib import Path


class Canary:
    """48 random letters; ``forms`` are the ways in which they might have been written down."""

    def __init__(self) -> None:
        self.text = b"canary" + secrets.token_hex(21).encode()

    @property
    def forms(self) -> tuple[bytes, ...]:
        """As they are, in UTF-16, in hex, and in base64 at each of its three offsets."""
        inner = [base64.b64encode(b"x" * shift + self.text)[4:-4] for shift in range(3)]
        whole = (
            self.text,
            self.text.decode().encode("utf-16-le"),
            self.text.hex().encode(),
            self.text.hex().upper().encode(),
            *inner,
        )
        return tuple(half for form in whole for half in _halves(form))

    def found_below(self, *folders: Path) -> tuple[list[str], int]:
        """The files that hold it in any form, and how many files were searched."""
        return search(self.forms, *folders)


def search(forms: tuple[bytes, ...], *folders: Path) -> tuple[list[str], int]:
    """The files that hold any of these, and how many files were searched."""
    hits, searched = [], 0
    for path in _files(folders):
        searched += 1
        data = path.read_bytes()
        if any(form in data for form in forms):
            hits.append(path.name)
    return hits, searched


def _halves(form: bytes) -> tuple[bytes, bytes]:
    return form[: len(form) // 2], form[len(form) // 2 :]


def _files(folders: tuple[Path, ...]) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file())
