"""Open classification: free keys and values in the blocks of a scheme whose labels we do not own.

The words are kept as they were typed, with the scheme's name and version; the newest value of a
key counts, an empty one withdraws it, nothing is overwritten.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from tipline.ground.audit.services import record
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Invalid
from tipline.insight.annotation import vocabulary
from tipline.insight.annotation.models import ValueEvent
from tipline.insight.annotation.writing import holding
from tipline.record.evidence.models import EvidenceFile


@dataclass(frozen=True, slots=True)
class Value:
    """A value that holds, with the scheme and version under which it was typed."""

    scheme: str
    version: str
    block: str
    key: str
    value: str


def set_value(actor: Actor, file: EvidenceFile, block: str, key: str, value: str) -> bool:
    """Say something under a free key of the file's bytes; an empty value withdraws it.

    True when this changed something. :class:`Invalid` names the field and its bound.
    """
    actor.require(Permission.LABELS_WRITE)
    said = Value(*_scheme(), block, key.strip(), value.strip())
    _check(said)
    with holding(file.sha256):
        now = {(one.block, one.key): one for one in values_of([file.sha256]).get(file.sha256, ())}
        held = now.get((said.block, said.key))
        if (held.value if held else "") == said.value:
            return False
        most = vocabulary.ucs().most_pairs
        if held is None and len(now) >= most:
            raise Invalid(f"There are {most} keys already; withdraw one first.", field="key")
        _write(actor, file, said)
    return True


def _scheme() -> tuple[str, str]:
    ucs = vocabulary.ucs()
    return ucs.name, ucs.version


def _check(said: Value) -> None:
    ucs = vocabulary.ucs()
    if said.block not in ucs.blocks:
        raise Invalid(f"Choose one of {', '.join(ucs.blocks)}.", field="block")
    bounds = (("key", said.key, ucs.longest_key), ("value", said.value, ucs.longest_value))
    for name, text, longest in bounds:
        if len(text) > longest:
            raise Invalid(f"Write at most {longest} characters.", field=name)
        if any(unicodedata.category(letter) == "Cc" for letter in text):
            raise Invalid("Write plain text on one line.", field=name)
    if not said.key:
        raise Invalid("Name the key.", field="key")


def _write(actor: Actor, file: EvidenceFile, said: Value) -> None:
    row = ValueEvent.objects.create(
        sha256=file.sha256,
        scheme=said.scheme,
        version=said.version,
        block=said.block,
        key=said.key,
        value=said.value,
        author_id=actor.person_key,
        at=clock.now(),
    )
    # The words may describe a child: the ledger names the statement and not what it says.
    detail = {"file": file.file_id, "sha256": file.sha256, "value": str(row.pk)}
    record(actor, Verb.LABEL_VALUE_SET, f"report:{file.report_id}", detail=detail)


def values_of(digests: Iterable[str]) -> dict[str, tuple[Value, ...]]:
    """The values in force per digest, in the order of their first saying; without any: absent."""
    found: dict[str, dict[tuple[str, str, str], Value]] = {}
    rows = ValueEvent.objects.filter(sha256__in=set(digests)).order_by("pk")
    names = ("sha256", "scheme", "version", "block", "key", "value")
    for sha256, *said in rows.values_list(*names):
        one = Value(*said)
        held = found.setdefault(sha256, {})
        held[one.scheme, one.block, one.key] = one
    kept = {
        sha256: tuple(one for one in held.values() if one.value) for sha256, held in found.items()
    }
    return {sha256: values for sha256, values in kept.items() if values}
