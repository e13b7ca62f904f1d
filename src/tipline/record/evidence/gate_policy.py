"""The gate's policy: what counsel may switch, and which circuit each state lies in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from tipline.ground.foundation.policy import Policy, Table, packaged
from tipline.ground.taxonomy.areas import US_STATES


class Match(StrEnum):
    """How the bytes match a known file. A perceptual match of ours is no PhotoDNA match."""

    NONE = "none"
    EXACT = "exact"
    PHOTODNA = "photodna"
    PERCEPTUAL = "perceptual"


@dataclass(frozen=True, slots=True)
class GateRules:
    """``circuits``: state code -> circuit; all else narrows or widens rules 2 and 4."""

    fingerprint_blocked_files: bool
    counsel_may_enable_public: bool
    hash_confirm_circuits: frozenset[str]
    hash_confirm_matches: frozenset[Match]
    circuits: Mapping[str, str]


GatePolicy = Policy[GateRules]

# No policy may let a perceptual match open: no court that allowed confirming a match
# had more before it than exact digests (Miller) or PhotoDNA-like hashes (Reddick).
_MAY_CONFIRM = (Match.EXACT, Match.PHOTODNA)


@cache
def default_policy(name: str = "gate-us") -> GatePolicy:
    """The gate policy that ships under this name. Raises PolicyError."""
    return packaged("tipline.record.evidence", f"policies/{name}.toml", validate)


def validate(table: Table) -> GateRules:
    """Read a gate policy; problems are noted in ``table``."""
    circuits = _circuits(table.table("circuits"))
    confirm = table.table("hash_confirm")
    matches = confirm.texts("matches", one_of=_MAY_CONFIRM)
    return GateRules(
        fingerprint_blocked_files=table.flag("fingerprint_blocked_files"),
        counsel_may_enable_public=table.flag("counsel_may_enable_public"),
        hash_confirm_circuits=frozenset(
            confirm.texts("circuits", one_of=sorted(set(circuits.values())))
        ),
        hash_confirm_matches=frozenset(match for match in _MAY_CONFIRM if match in matches),
        circuits=circuits,
    )


def circuit_of(state: str, policy: GatePolicy) -> str | None:
    """The federal circuit of a state code such as ``CA``; None when it is not known."""
    return policy.rules.circuits.get(state)


def _circuits(table: Table) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for circuit in table.keys():  # noqa: SIM118 - a Table is no mapping; keys() is its own reader
        for state in table.texts(circuit, one_of=US_STATES):
            if state in found:
                table.problem(circuit, f"{state} is already in circuit {found[state]}; keep one")
            found.setdefault(state, circuit)
    return MappingProxyType(found)
