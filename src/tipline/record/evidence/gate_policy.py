"""The gate's policy: what counsel may switch."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from tipline.ground.foundation.policy import Policy, Table, packaged


class Match(StrEnum):
    """How the bytes match a known file. A perceptual match of ours is no PhotoDNA match."""

    NONE = "none"
    EXACT = "exact"
    PHOTODNA = "photodna"
    PERCEPTUAL = "perceptual"


@dataclass(frozen=True, slots=True)
class GateRules:
    """The two hash_confirm sets bound rule 4; an agency's own counsel must allow it besides."""

    fingerprint_blocked_files: bool
    counsel_may_enable_public: bool
    hash_confirm_circuits: frozenset[str]
    hash_confirm_matches: frozenset[Match]


GatePolicy = Policy[GateRules]

_CIRCUITS = (*(str(number) for number in range(1, 12)), "DC")  # 28 U.S.C. 41

# No policy may let a perceptual match open: no court that allowed confirming a match
# had more before it than exact digests (Miller) or PhotoDNA-like hashes (Reddick).
_MAY_CONFIRM = (Match.EXACT, Match.PHOTODNA)


@cache
def default_policy(name: str = "gate-us") -> GatePolicy:
    """The gate policy that ships under this name. Raises PolicyError."""
    return packaged("tipline.record.evidence", f"policies/{name}.toml", validate)


def validate(table: Table) -> GateRules:
    """Read a gate policy; problems are noted in ``table``."""
    confirm = table.table("hash_confirm")
    matches = confirm.texts("matches", one_of=_MAY_CONFIRM)
    return GateRules(
        fingerprint_blocked_files=table.flag("fingerprint_blocked_files"),
        counsel_may_enable_public=table.flag("counsel_may_enable_public"),
        hash_confirm_circuits=frozenset(confirm.texts("circuits", one_of=_CIRCUITS)),
        hash_confirm_matches=frozenset(match for match in _MAY_CONFIRM if match in matches),
    )
