"""Bytes at rest: AES-256-GCM in frames, keys wrapped by keys.

A sealed stream is a header (magic, 7 random bytes) and frames of at most
:data:`FRAME` bytes of plaintext, each with a 16-byte tag. The nonce of a frame is the
random prefix, a 4-byte counter and one byte that marks the last frame: the STREAM
construction (Hoang, Reyhanitabar, Rogaway, Vizar 2015), so frames can be neither swapped
nor dropped nor cut off unseen. Memory stays at one frame, whatever the size.
"""

from __future__ import annotations

import os
import struct
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tipline.ground.foundation.store import sync_folder

FRAME = 256 * 1024
MAGIC = b"TLS1"
TAG = 16
KEY_SIZE = 32
_PREFIX = 7
HEADER = len(MAGIC) + _PREFIX


class Tampered(Exception):  # noqa: N818 - says what happened
    """The sealed bytes are not what was sealed under this key."""


def new_key() -> bytes:
    return AESGCM.generate_key(bit_length=8 * KEY_SIZE)


def _nonce(prefix: bytes, counter: int, *, last: bool) -> bytes:
    return prefix + struct.pack(">IB", counter, 1 if last else 0)


class Sealer:
    """Seals a stream piece by piece: feed any sizes to :meth:`update`, end with :meth:`finish`."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._prefix = os.urandom(_PREFIX)
        self._header = MAGIC + self._prefix
        self._pending = bytearray()
        self._counter = 0
        self._started = False

    def update(self, data: bytes | memoryview) -> bytes:
        """The sealed bytes that are ready now (often none)."""
        self._pending += data
        out = [] if self._started else [self._header]
        self._started = True
        # A full frame goes out only when more follows: the last one is marked.
        while len(self._pending) > FRAME:
            out.append(self._frame(bytes(self._pending[:FRAME]), last=False))
            del self._pending[:FRAME]
        return b"".join(out)

    def finish(self) -> bytes:
        head = b"" if self._started else self._header
        return head + self._frame(bytes(self._pending), last=True)

    def _frame(self, plain: bytes, *, last: bool) -> bytes:
        nonce = _nonce(self._prefix, self._counter, last=last)
        self._counter += 1
        return self._cipher.encrypt(nonce, plain, self._header)


def seal(data: bytes, key: bytes) -> bytes:
    sealer = Sealer(key)
    return sealer.update(data) + sealer.finish()


def unseal_stream(pieces: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    """Yield the plaintext, frame by frame; :class:`Tampered` on anything altered or cut."""
    cipher = AESGCM(key)
    buffer = bytearray()
    source = iter(pieces)
    while len(buffer) < HEADER:
        piece = next(source, None)
        if piece is None:
            raise Tampered("The sealed stream has no header.")
        buffer += piece
    header = bytes(buffer[:HEADER])
    if header[: len(MAGIC)] != MAGIC:
        raise Tampered("The sealed stream has an unknown header.")
    del buffer[:HEADER]
    counter = 0
    for piece in source:
        buffer += piece
        while len(buffer) > FRAME + TAG:
            yield _open(cipher, header, counter, bytes(buffer[: FRAME + TAG]), last=False)
            del buffer[: FRAME + TAG]
            counter += 1
    while len(buffer) > FRAME + TAG:
        yield _open(cipher, header, counter, bytes(buffer[: FRAME + TAG]), last=False)
        del buffer[: FRAME + TAG]
        counter += 1
    yield _open(cipher, header, counter, bytes(buffer), last=True)


def _open(cipher: AESGCM, header: bytes, counter: int, frame: bytes, *, last: bool) -> bytes:
    try:
        return cipher.decrypt(_nonce(header[len(MAGIC) :], counter, last=last), frame, header)
    except (InvalidTag, ValueError) as error:
        raise Tampered(f"Frame {counter} of a sealed stream does not open.") from error


def unseal(data: bytes, key: bytes) -> bytes:
    return b"".join(unseal_stream([data], key))


def wrap(key: bytes, under: bytes, purpose: str) -> bytes:
    """Seal a key under another one; ``purpose`` must be the same on :func:`unwrap`."""
    nonce = os.urandom(12)
    return nonce + AESGCM(under).encrypt(nonce, key, purpose.encode())


def unwrap(wrapped: bytes, under: bytes, purpose: str) -> bytes:
    try:
        return AESGCM(under).decrypt(wrapped[:12], wrapped[12:], purpose.encode())
    except (InvalidTag, ValueError) as error:
        raise Tampered(f"A key for {purpose} does not open: is this the right key file?") from error


def make_secret_file(path: Path, text: str) -> None:
    """Keep a secret in a file that only its owner reads: whole or not at all, and durable.

    The first one to be made stays, so that processes that start at once agree on it.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        Path(temporary).unlink()
    sync_folder(path.parent)
    sync_folder(path.parent.parent)


def read_or_make_key_file(path: Path) -> bytes:
    """The key in a file of 64 hex characters; made with mode 0600 when absent.

    Raises ValueError with a plain sentence when the file holds anything else.
    """
    if not path.exists():
        make_secret_file(path, os.urandom(KEY_SIZE).hex())
    text = path.read_text(encoding="ascii", errors="replace").strip()
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_SIZE:
        raise ValueError(f"The key file {path.name} must hold exactly 64 hex characters.")
    return key
