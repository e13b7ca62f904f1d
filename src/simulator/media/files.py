"""Any file of a report: a picture, or one of the few other kinds."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from typing import TypeAlias

from simulator.dice import dice
from simulator.media.pictures import Picture, picture_bytes

CHAT_LINES = (
    "[synthetic chat: greeting]",
    "[synthetic chat: question about age]",
    "[synthetic chat: question about home town]",
    "[synthetic chat: request for a picture]",
    "[synthetic chat: refusal]",
    "[synthetic chat: offer of a gift]",
    "[synthetic chat: proposal to change to another service]",
    "[synthetic chat: goodbye]",
)


@dataclass(frozen=True, slots=True)
class OtherFile:
    """No picture. ``kind``: ``video`` (video-like bytes), ``transcript``, ``note``, ``empty``."""

    key: str
    kind: str

    @property
    def family(self) -> str:
        return self.key

    @property
    def suffix(self) -> str:
        return {"video": "mp4", "transcript": "csv", "note": "txt", "empty": "jpg"}[self.kind]


Content: TypeAlias = Picture | OtherFile

MEDIA_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "mp4": "video/mp4",
    "csv": "text/csv",
    "txt": "text/plain",
}


def content_bytes(content: Content) -> bytes:
    """The bytes that are uploaded."""
    if isinstance(content, Picture):
        return picture_bytes(content)
    if content.kind == "video":
        return _video(content.key)
    if content.kind == "transcript":
        return _transcript(content.key)
    return b"" if content.kind == "empty" else _note(content.key)


@dataclass(frozen=True, slots=True)
class Digest:
    """The hex digest of a file, worked out when a document is written."""

    content: Content
    algorithm: str = "md5"

    def text(self) -> str:
        return hashlib.new(self.algorithm, content_bytes(self.content)).hexdigest()


def _video(key: str) -> bytes:
    """The opening of an MP4 file and random bytes: a player finds nothing to play."""
    pick = dice("video", key)
    brand = b"isom" + struct.pack(">I", 512) + b"isomiso2avc1mp41"
    data = pick.randbytes(pick.randint(2_000, 30_000))
    return _box(b"ftyp", brand) + _box(b"free", b"synthetic") + _box(b"mdat", data)


def _box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data) + 8) + kind + data


def _transcript(key: str) -> bytes:
    pick = dice("transcript", key)
    rows = ["time,from,text"]
    for minute in range(pick.randint(3, 12)):
        sender = pick.choice(("account A", "account B"))
        rows.append(f"18:{minute:02d},{sender},{pick.choice(CHAT_LINES)}")
    return ("\r\n".join([*rows, f"end,,{key}"]) + "\r\n").encode()


def _note(key: str) -> bytes:
    return f"[synthetic note {key}: account settings exported by the provider]\n".encode()
