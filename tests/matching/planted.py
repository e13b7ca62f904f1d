"""Hashes with known neighbours, and counting bits as nobody can get it wrong."""

from __future__ import annotations

import numpy as np

_BITS = np.array([number.bit_count() for number in range(256)], np.uint8)


def flipped(value: bytes, bits) -> bytes:
    number = int.from_bytes(value)
    for bit in bits:
        number ^= 1 << int(bit)
    return number.to_bytes(32)


def distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def near(query: bytes, rows, radius: int):
    """(key, distance) of all rows within the radius, nearest first."""
    return near_each([query], list(rows), radius)[0]


def near_each(queries, rows, radius: int):
    """The same for several hashes: every bit of every pair is counted, one table for all."""
    keys = [key for key, _value in rows]
    table = np.frombuffer(b"".join(value for _key, value in rows), np.uint8).reshape(-1, 32)
    told = []
    for query in queries:
        apart = _BITS[table ^ np.frombuffer(query, np.uint8)].sum(axis=1, dtype=np.int64).tolist()
        found = [(key, bits) for key, bits in zip(keys, apart, strict=True) if bits <= radius]
        told.append(sorted(found, key=lambda one: (one[1], one[0])))
    return told


def clustered(count: int, seed: int) -> list[bytes]:
    """Random centres, each with many copies a few bits away, and equals: as real ones lie."""
    dice = np.random.default_rng(seed)
    found = list[bytes]()
    while len(found) < count:
        centre = dice.bytes(32)
        for _copy in range(int(dice.integers(1, 40))):
            found.append(flipped(centre, dice.choice(256, dice.integers(0, 25), replace=False)))
    return found[:count]


def worst(value: bytes, shuffle, seed: int) -> bytes:
    """31 bits away with one flip in one band and two in each other: the last place to look."""
    dice = np.random.default_rng(seed)
    single = int(dice.integers(16))
    places = [
        int(place)
        for band in range(16)
        for place in band * 16 + dice.choice(16, 1 if band == single else 2, replace=False)
    ]
    bits = np.unpackbits(np.frombuffer(value, np.uint8))
    for place in places:
        bits[shuffle[place]] ^= 1
    return np.packbits(bits).tobytes()
