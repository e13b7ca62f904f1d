"""The house as `.importlinter` draws it: which room stands above which."""

from __future__ import annotations

import configparser
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"


def _layers(section: str) -> list[list[str]]:
    """The layers of a contract, lowest first; strangers stand in one layer."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    lines = contracts[f"importlinter:contract:{section}"]["layers"].split("\n")
    return [[word.strip(" ()") for word in line.split("|")] for line in lines if line][::-1]


@cache
def ranks() -> dict[str, tuple[int, int]]:
    """``{"tipline.record.evidence": (floor, place on it)}``; a higher pair stands higher."""
    found = {}
    for height, floor in enumerate(name for layer in _layers("floors") for name in layer):
        found[f"tipline.{floor}"] = (height, 0)
        if floor in {"ground", "record", "insight", "delivery", "doors"}:
            for place, layer in enumerate(_layers(floor)):
                found.update({f"tipline.{floor}.{room}": (height, place) for room in layer})
    return found


def room_of(module: str) -> str:
    """``tipline.record.evidence.models`` -> ``tipline.record.evidence``."""
    parts = module.split(".")
    for length in (3, 2):
        if (name := ".".join(parts[:length])) in ranks():
            return name
    raise LookupError(f"{module} stands in no room of .importlinter")
