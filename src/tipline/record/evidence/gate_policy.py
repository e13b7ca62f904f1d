"""The gate's decision table as policy data: rows that open, the first that holds decides.

A row opens; whatever no row opens stays closed. That last word is the program's and stands in
no file, so no file can take it away. A file that opens by less than the law of this room
allows (a match without the recipient's counsel, a flag that nobody set, EXIF data to whom the
pixels are not open) cannot be read, and so cannot be published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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


class Jurisdiction(StrEnum):
    """Whose table ships with the program: ``gate-us``, ``gate-uk``."""

    US = "us"
    UK = "uk"


YES, NO, UNKNOWN, NONE = "yes", "no", "unknown", "none"
THIS_UPLOAD = "this_upload_by_person_before_reporting"
WARRANT, CONSENT, EXIGENCY = "warrant", "consent", "exigency"
PAPERS = (WARRANT, CONSENT, EXIGENCY)
CIRCUITS = (*(str(number) for number in range(1, 12)), "DC")  # 28 U.S.C. 41

#: What a row may ask, and which answers may open. What is not known, or is denied, is in none.
#: No policy may let a perceptual match open: no court that allowed confirming a match had
#: more before it than exact digests (Miller) or PhotoDNA-like hashes (Reddick).
MAY_OPEN: Mapping[str, tuple[str, ...]] = {
    "viewed_by_esp": (YES,),
    "viewed_means": (THIS_UPLOAD,),
    "exif_viewed": (YES,),
    "publicly_available": (YES,),
    "counsel_enabled_public": (YES,),
    "match": (Match.EXACT, Match.PHOTODNA),
    "viewer": ("clearinghouse", "agency"),
    "circuit": CIRCUITS,
    "allow_hash_confirm": (YES,),
    "receives_and_assesses": (YES,),
    "opening": PAPERS,
}
#: What a row must ask at least, one of these. A match never opens by itself: the recipient's own
#: counsel has to allow it, for an agency.
_GROUNDS: tuple[frozenset[str], ...] = (
    frozenset({"viewed_by_esp", "viewed_means"}),
    frozenset({"publicly_available", "counsel_enabled_public"}),
    frozenset({"match", "allow_hash_confirm", "viewer"}),
    frozenset({"receives_and_assesses"}),
    frozenset({"opening"}),
)
#: What shows that somebody may see the EXIF data, beside the pixels.
_EXIF_GROUNDS = frozenset({"exif_viewed", "receives_and_assesses", "opening"})
#: Words for a row that no paper opens; a paper is named by its kind.
REASONS = (
    "gate.viewed",
    "gate.viewed_without_exif",
    "gate.public",
    "gate.hash_confirm",
    "gate.receives_and_assesses",
)
#: What the program says where no row holds: matched, and not matched.
CLOSED_MATCHED, CLOSED = "3", "5"
MOST_ROWS = 40
_RULE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,7}")
_GROUNDS_FIX = (
    "opens by too little; ask at least for a viewing of this upload (viewed_by_esp and "
    "viewed_means), or public availability with counsel (publicly_available and "
    "counsel_enabled_public), or a match that the agency's counsel lets confirm (match, "
    'allow_hash_confirm and viewer = ["agency"]), or receives_and_assesses, or opening'
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: it holds when each question of ``when`` is answered by one of its values.

    ``reason``: the code of what it says, empty for papers, which are named by their kind.
    """

    rule: str
    when: Mapping[str, frozenset[str]]
    exif: bool
    fingerprint: bool
    reason: str


@dataclass(frozen=True, slots=True)
class GateRules:
    """The rows in order, and whether what they leave closed may be fingerprinted by machine."""

    rows: tuple[Row, ...]
    fingerprint_blocked_files: bool

    def asks(self, name: str) -> bool:
        """Does any row ask this?"""
        return any(name in row.when for row in self.rows)


GatePolicy = Policy[GateRules]


@cache
def default_policy(jurisdiction: str = Jurisdiction.US) -> GatePolicy:
    """The table that ships for this jurisdiction. Raises PolicyError."""
    return packaged("tipline.record.evidence", f"policies/gate-{jurisdiction}.toml", validate)


def validate(table: Table) -> GateRules:
    """Read a gate policy; problems are noted in ``table``."""
    tables = table.tables("rows", most=MOST_ROWS)
    rows = [_row(one) for one in tables]
    rules = [row.rule for row in rows]
    narrower = False
    for one, row in zip(tables, rows, strict=True):
        if rules.count(row.rule) > 1:
            one.problem("rule", f"{row.rule!r} stands there twice; give each row a name of its own")
        if row.exif and narrower:
            one.problem("exif", "stands below a row that keeps EXIF closed; move this row up")
        narrower = narrower or not row.exif
    return GateRules(tuple(rows), table.flag("fingerprint_blocked_files"))


def _row(table: Table) -> Row:
    rule = table.text("rule")
    if rule and not _RULE.fullmatch(rule):
        table.problem("rule", "give 1 to 8 letters, digits, '.', '-'")
    if rule in {CLOSED_MATCHED, CLOSED}:
        table.problem("rule", f"{rule!r} is what the program says where no row holds; rename it")
    when = _when(table.table("when"))
    table.text("pixels", one_of=("allow",))
    exif = table.text("exif", one_of=("allow", "block")) == "allow"
    if not any(_stands_on(ground, when) for ground in _GROUNDS):
        table.problem("when", _GROUNDS_FIX)
    elif exif and not _EXIF_GROUNDS & set(when):
        table.problem("exif", "nothing in this row says that EXIF was viewed; write block")
    fingerprint = table.text("fingerprint", one_of=("allow", "block")) == "allow"
    return Row(rule, when, exif, fingerprint, _reason(table, when))


def _when(table: Table) -> dict[str, frozenset[str]]:
    asked: dict[str, frozenset[str]] = {}
    for name, may_open in MAY_OPEN.items():
        if table.has(name):
            values = table.texts(name, one_of=may_open)
            if not values:
                table.problem(name, f"is empty; give some of {', '.join(may_open)}")
            asked[name] = frozenset(values)
    return asked


def _stands_on(ground: frozenset[str], when: Mapping[str, frozenset[str]]) -> bool:
    if "match" in ground and when.get("viewer") != frozenset({"agency"}):
        return False
    return ground <= set(when)


def _reason(table: Table, when: Mapping[str, frozenset[str]]) -> str:
    if "opening" not in when:
        return table.text("reason", one_of=REASONS)
    if table.has("reason"):
        table.text("reason")
        table.problem("reason", "a paper is named by its kind; remove this line")
    return ""


def values(rules: GateRules) -> Iterator[tuple[str, str]]:
    """All that a table says under its keys, for comparing two of them."""
    yield "fingerprint_blocked_files", YES if rules.fingerprint_blocked_files else NO
    yield "rows.order", ", ".join(row.rule for row in rules.rows)
    for row in rules.rows:
        key = f"rows.{row.rule}"
        yield from ((f"{key}.{name}", ", ".join(sorted(said))) for name, said in row.when.items())
        yield f"{key}.exif", "allow" if row.exif else "block"
        yield f"{key}.fingerprint", "allow" if row.fingerprint else "block"
        yield f"{key}.reason", row.reason or "by the paper's kind"
