"""A copied generation is, row for row, what intake and stages make of its documents."""

from __future__ import annotations

import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import models, transaction
from hypothesis import example, given
from hypothesis import strategies as st

from tipline.doors.terminal import demo_accounts
from tipline.doors.terminal.loading import packs
from tipline.insight.entities.scoring.rules_subject import handle
from tipline.insight.matching import services as matching
from tipline.insight.matching.models import Fingerprint
from tipline.pipeline.loading import rules, services
from tipline.pipeline.loading.services import Packed, PackedFile
from tipline.pipeline.loading.tables import Span, newest_key, span_after, tables

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
#: What is drawn by chance, so that no two stores have the same.
SECRETS = {
    ("foundation_datakey", "wrapped"),
    ("evidence_evidencefile", "wrapped_key"),
    ("intake_submission", "raw"),
}
CONTENTS = "review_content"
PRINTS = "matching_fingerprint"
KEYS = "entities_blockingkey"
_HEX = re.compile(
    r"(?<![0-9a-z])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32}|[0-9a-f]{16})(?![0-9a-z])",
    re.IGNORECASE,
)


class Canon:
    """Rows in a form that two stores can share: keys, digests and ids by order of appearance."""

    def __init__(self, generation: int, *, unmask: bool) -> None:
        self._mark = rules.mark_of(generation)
        self._mask = rules.copied_fingerprint(bytes(32), generation) if unmask else bytes(32)
        self._seen: dict[str, int] = {}
        self.firsts: dict[str, int] = {}

    def rows(self, table: Any, wanted: Iterable[models.Model]) -> list[dict[str, Any]]:
        return [self._row(table, row) for row in wanted]

    def _row(self, table: Any, row: models.Model) -> dict[str, Any]:
        fields = table.model._meta.concrete_fields
        return {
            field.column: self._value(table, field, getattr(row, field.attname))
            for field in fields
            if (table.name, field.column) not in SECRETS
        }

    def _value(self, table: Any, field: models.Field[Any, Any], value: Any) -> Any:
        if field.primary_key or isinstance(field, models.ForeignKey):
            target = field.related_model if isinstance(field, models.ForeignKey) else table.model
            first = self.firsts.get(target._meta.db_table)
            return value if first is None or value is None else value - first
        if isinstance(value, bytes | memoryview):
            return bytes(
                a ^ b for a, b in zip(bytes(value), itertools.cycle(self._mask), strict=False)
            ).hex()
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict | list):
            text = json.dumps(value, sort_keys=True)
            first = self.firsts["reports_report"]
            moved = rules.shift_numbers(text, ("reportId", "report", "number"), -first)
            return self._text(moved)
        return value

    def _text(self, text: str) -> str:
        def known(found: re.Match[str]) -> str:
            place = self._seen.setdefault(found[0].lower(), len(self._seen))
            return f"<{len(found[0])}:{place}>"

        return _HEX.sub(known, text).replace(self._mark, "<mark>")


def whole(
    firsts: dict[str, int], counts: dict[str, int], canon: Canon
) -> dict[str, list[dict[str, Any]]]:
    """All rows of one generation, by table."""
    canon.firsts = firsts
    found = {}
    for table in sorted(tables(), key=lambda table: table.model is Fingerprint):
        rows = table.model._default_manager.filter(pk__gte=firsts[table.name]).order_by("pk")
        found[table.name] = canon.rows(table, rows[: counts[table.name]])
    # A report's contents are written in the order of their digests, which are others here.
    for name in (PRINTS, CONTENTS):
        found[name] = sorted(found[name], key=lambda row: str(row["sha256"]))
        for row in found[name]:
            del row["id"]
    found[KEYS] = by_holders(found[KEYS])
    return found


def by_holders(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keys are digests, in an order of their own: what one says is which reports have it."""
    holders: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        holders[row["key"]].append(row["report_id"])
    told = [{"report_id": row["report_id"], "key": sorted(holders[row["key"]])} for row in rows]
    return sorted(told, key=lambda row: (row["report_id"], row["key"]))


def with_suffix(pack: Iterable[Packed], generation: int) -> list[Packed]:
    """The same pictures in other bytes: what follows the end of a picture is not drawn."""
    tail = f"\n[{generation}]".encode()
    return [
        Packed(
            one.sender,
            one.document,
            [
                PackedFile(
                    f.content + tail if f.content else b"", f.name, f.content_type, f.details
                )
                for f in one.files
            ],
        )
        for one in pack
    ]


def firsts_of(spans: Mapping[str, Span], generation: int) -> dict[str, int]:
    """The first key that a generation has in each table."""
    firsts = {name: span.first + generation * span.step for name, span in spans.items()}
    return {**firsts, **dict.fromkeys(by_report(), firsts["reports_report"])}


def by_report() -> list[str]:
    """Tables whose key is that of their report."""
    return [t.name for t in tables() if isinstance(t.model._meta.pk, models.ForeignKey)]


def counts_from(firsts: dict[str, int]) -> dict[str, int]:
    found = {t.name: t.model._default_manager.filter(pk__gte=firsts[t.name]) for t in tables()}
    return {name: rows.count() for name, rows in found.items()}


def loaded_generation(pack: list[Packed]) -> dict[str, list[dict[str, Any]]]:
    """The last of three generations of a pack, in a store that is gone afterwards."""
    with transaction.atomic():
        done = services.fill(lambda: with_suffix(pack, 0), 3 * len(pack), lambda _so_far: None)
        assert (done.reports, done.generations) == (3 * len(pack), 3)
        firsts = firsts_of(done.spans, 2)
        found = whole(firsts, counts_from(firsts), Canon(2, unmask=True))
        transaction.set_rollback(True)
    return found


def own_generation(pack: list[Packed]) -> dict[str, list[dict[str, Any]]]:
    """What intake and stages make of the same generation, alone."""
    before = {table: newest_key(table) for table in tables()}
    services.file_pack(with_suffix(pack, 2), generation=2)
    spans = {table.name: span_after(table, key) for table, key in before.items()}
    firsts = firsts_of(spans, 0)
    return whole(firsts, counts_from(firsts), Canon(2, unmask=False))


#: Who is drawn goes by the numbers of the two reports, and a copy has others.
DRAWN = frozenset({"entities_secondlook"})


def rows_proved_equal(reports: int, seed: int, monkeypatch: pytest.MonkeyPatch) -> int:
    with time_machine.travel(NOW, tick=False):
        profile = demo_accounts.demo_profile()
        pack = list(packs(seed, reports, profile))
        demo_accounts.make_accounts(profile)
        monkeypatch.setattr(matching, "_loaded", matching._Loaded())
        copied = loaded_generation(pack)
        monkeypatch.setattr(matching, "_loaded", matching._Loaded())
        own = own_generation(pack)
    for name, rows in own.items():
        if name in DRAWN:
            continue
        assert len(copied[name]) == len(rows), name
        for copy, row in zip(copied[name], rows, strict=True):
            assert copy == row, name
    return sum(map(len, own.values()))


def test_a_generation_is_what_the_pipeline_makes(db, tipline_home, monkeypatch):
    assert rows_proved_equal(24, 5, monkeypatch) > 24 * 20


@pytest.mark.proof
def test_a_thousand_reports_are_row_equal(db, tipline_home, monkeypatch, record_property):
    record_property("rows equal", rows_proved_equal(1000, 11, monkeypatch))


@given(st.text(max_size=40), st.integers(0, rules.MOST_GENERATIONS - 1))
def test_a_copy_keeps_length_and_takes_its_own_mark(text, generation):
    told = rules.copied_text(text + rules.MARK, generation)
    assert len(told) == len(text) + 8
    assert told.endswith(rules.mark_of(generation))


@given(
    st.integers(0, rules.MOST_GENERATIONS - 1), st.sampled_from(["fox", "xX_F0x.7_Xx", "its_fox"])
)
def test_a_mark_survives_the_forms_in_which_names_are_compared(generation, name):
    marked = handle(name + rules.mark_of(generation), "chat")
    assert marked.skeleton.endswith(rules.mark_of(generation))
    assert marked.stem.endswith(rules.mark_of(generation))


@given(st.floats(-1e6, 1e6), st.integers(0, 999))
@example(0.2777777777777778, 1)
def test_numbers_stay_numbers(number, generation):
    text = json.dumps({"hours": number})
    assert rules.copied_text(text, generation) == text


@given(
    st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), st.integers(0, 999)
)
def test_copied_fingerprints_keep_their_distances(one, other, generation):
    def apart(a: bytes, b: bytes) -> int:
        return sum((x ^ y).bit_count() for x, y in zip(a, b, strict=True))

    copies = [rules.copied_fingerprint(value, generation) for value in (one, other)]
    assert apart(*copies) == apart(one, other)


def test_names_are_marked_and_words_are_not():
    document = {
        "personOrUserReported": [
            {
                "espIdentifier": "u-1",
                "screenName": "fox",
                "personOrUserReportedPerson": {"email": [{"value": "Fox@example.org"}]},
                "additionalInfo": "fox says hello",
            }
        ]
    }
    person = rules.marked(document, 7)["personOrUserReported"][0]
    mark = rules.mark_of(7)
    assert person["espIdentifier"] == f"u-1{mark}"
    assert person["personOrUserReportedPerson"]["email"][0]["value"] == f"Fox{mark}@example.org"
    assert person["additionalInfo"] == "fox says hello"
