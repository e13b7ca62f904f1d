"""Checking one of our own lists again: what no longer stands behind its entries, and new looks.

An entry follows its statements by itself (``lists.own``); an audit says where it does not, what
is disputed, and asks for blind looks at a sample of the entries or at all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tipline.ground.accounts.models import Person
from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid
from tipline.insight.annotation.looks import asking
from tipline.insight.annotation.models import LabelEvent, Look
from tipline.insight.annotation.queries import said_by_enough
from tipline.insight.annotation.rules import Said
from tipline.insight.annotation.rules_audit import Finding, Looked, findings, sample
from tipline.insight.annotation.writing import holding
from tipline.insight.lists.models import HashList
from tipline.insight.lists.own import listed_under
from tipline.record.evidence.models import EvidenceFile

ALL = -1
_AT_ONCE = 500


@dataclass
class Audit:
    """``found``: per finding the SHA-256 of its entries; ``missing``: agreed, but not listed.

    ``asked``: of so many entries a blind look was asked for now; ``waiting``: so many had one.
    """

    entries: int = 0
    found: dict[Finding, list[str]] = field(default_factory=lambda: {one: [] for one in Finding})
    missing: list[str] = field(default_factory=list)
    asked: int = 0
    waiting: int = 0

    @property
    def clean(self) -> bool:
        return not self.missing and not any(self.found.values())


def audit(actor: Actor, hash_list: HashList, looks: int = 0) -> Audit:
    """Check every entry of one of our own lists; ``looks``: ask for so many, or :data:`ALL`.

    The same command again asks for no second look where one waits.
    """
    actor.require(Permission.LISTS_MANAGE)
    if not hash_list.label:
        raise Invalid("Only our own lists have people behind their entries.", field="list")
    if looks < ALL:
        raise Invalid("Give a number of looks, or all.", field="looks")
    keys = sorted(listed_under(hash_list.label))
    made = Audit(entries=len(keys))
    for entry in _looked_at(hash_list.label, keys):
        for one in findings(entry):
            made.found[one].append(entry.key)
    made.missing = sorted(said_by_enough(hash_list.label) - set(keys))
    _ask(made, _to_look_at(made, keys, looks))
    detail = {"entries": made.entries, "asked": made.asked, "missing": len(made.missing)}
    told = {one.value: len(found) for one, found in made.found.items()}
    record(actor, Verb.LIST_AUDITED, f"list:{hash_list.pk}", detail={**detail, **told})
    return made


def _looked_at(label: str, keys: Sequence[str]) -> Iterator[Looked]:
    here = frozenset(Person.objects.filter(is_active=True).values_list("pk", flat=True))
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        said = _said(label, some)
        disputed = _with_looks(some, Look.State.DISPUTED)
        copies = EvidenceFile.objects.filter(sha256__in=some, destroyed_at__isnull=True).order_by()
        held = set(copies.values_list("sha256", flat=True))
        for key in some:
            yield Looked(key, said.get(key, []), here, key in disputed, key in held)


def _said(label: str, keys: Sequence[str]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    rows = LabelEvent.objects.filter(sha256__in=keys, code=label).order_by("pk")
    for sha256, author, present in rows.values_list("sha256", "author_id", "present"):
        found.setdefault(sha256, []).append((author, present))
    return found


def _with_looks(keys: Sequence[str], *states: Look.State) -> set[str]:
    rows = Look.objects.filter(sha256__in=keys, state__in=states)
    return set(rows.values_list("sha256", flat=True))


def _to_look_at(made: Audit, keys: Sequence[str], looks: int) -> list[str]:
    can = set(keys) - set(made.found[Finding.GONE])
    return sorted(can) if looks == ALL else sample(can, looks, clock.now().date().isoformat())


def _ask(made: Audit, keys: Sequence[str]) -> None:
    for sha256 in keys:
        with holding(sha256):
            if _with_looks([sha256], *Look.OPEN):
                made.waiting += 1
                continue
            asking.make(sha256, audit=True)
            made.asked += 1
