"""Sealed bytes come back as they were, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.foundation import sealing
from tipline.ground.foundation.sealing import FRAME, HEADER, TAG, Tampered

KEY = bytes(range(32))


def chunks(data: bytes, size: int) -> list[bytes]:
    return [data[i : i + size] for i in range(0, len(data), size)]


@given(st.binary(max_size=3_000), st.integers(1, 999), st.integers(1, 999))
def test_any_pieces_in_any_pieces_out(data: bytes, fed: int, read: int) -> None:
    sealer = sealing.Sealer(KEY)
    sealed = b"".join(sealer.update(piece) for piece in chunks(data, fed)) + sealer.finish()
    assert b"".join(sealing.unseal_stream(chunks(sealed, read), KEY)) == data


@pytest.mark.parametrize("size", [0, 1, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME, 2 * FRAME + 7])
def test_sizes_around_a_frame(size: int) -> None:
    data = b"\xa5" * size
    assert sealing.unseal(sealing.seal(data, KEY), KEY) == data


def test_the_plaintext_is_not_in_the_sealed_bytes() -> None:
    canary = b"canary-canary-canary" * 1000
    assert b"canary" not in sealing.seal(canary, KEY)


@pytest.mark.parametrize("at", [0, 5, HEADER, HEADER + 10, HEADER + FRAME + TAG + 3, -1])
def test_one_flipped_bit_is_seen(at: int) -> None:
    sealed = bytearray(sealing.seal(b"x" * (FRAME + 100), KEY))
    sealed[at] ^= 1
    with pytest.raises(Tampered):
        sealing.unseal(bytes(sealed), KEY)


def test_a_cut_tail_a_dropped_and_a_swapped_frame_are_seen() -> None:
    sealed = sealing.seal(b"a" * FRAME + b"b" * FRAME + b"c" * 10, KEY)
    first = sealed[HEADER : HEADER + FRAME + TAG]
    second = sealed[HEADER + FRAME + TAG : HEADER + 2 * (FRAME + TAG)]
    last = sealed[HEADER + 2 * (FRAME + TAG) :]
    head = sealed[:HEADER]
    for wrong in (head + first + second, head + second + first + last, head + second + last, head):
        with pytest.raises(Tampered):
            sealing.unseal(wrong, KEY)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(Tampered):
        sealing.unseal(sealing.seal(b"secret", KEY), bytes(32))


def test_a_wrapped_key_is_bound_to_its_purpose() -> None:
    wrapped = sealing.wrap(b"k" * 32, KEY, "files/1")
    assert sealing.unwrap(wrapped, KEY, "files/1") == b"k" * 32
    with pytest.raises(Tampered):
        sealing.unwrap(wrapped, KEY, "files/2")


def test_a_key_file_is_made_once_and_for_its_owner_only(tmp_path) -> None:
    path = tmp_path / "keys" / "master.key"
    key = sealing.read_or_make_key_file(path)
    assert sealing.read_or_make_key_file(path) == key
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["", "zz", "ab" * 31, "ab" * 33])
def test_a_wrong_key_file_says_what_it_must_hold(tmp_path, text: str) -> None:
    path = tmp_path / "master.key"
    path.write_text(text)
    with pytest.raises(ValueError, match="64 hex characters"):
        sealing.read_or_make_key_file(path)
