"""Our schema and our strict reader agree with the published schema, document by document.

The published schema is reference data that lies beside a checkout, never in it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import few
from tests.reports.generated import MUTATIONS, Maker, mutated

from tipline.ground.foundation.xml import Schema, to_bytes
from tipline.record.reports.reading import Code, read_file_details, read_report
from tipline.record.reports.schema import FILE_DETAILS, REPORT
from tipline.record.reports.xsd import schema_document

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ORACLE = Path(__file__).parents[2].parent / "shared" / "reference" / "cyber_tipline.xsd"
OURS = Schema(schema_document())
ROWS = {"report": REPORT, "fileDetails": FILE_DETAILS}
READERS = {"report": read_report, "fileDetails": read_file_details}

# Rules beyond any schema: a valid document may break them.
BEYOND = {
    Code.TOO_LONG,
    Code.OUT_OF_RANGE,
    Code.BLANK_ESCALATION,
    Code.FUTURE_INCIDENT,
    Code.EXIF_WITHOUT_FILE,
    Code.SUPPLEMENTAL_CLASSIFIED,
    Code.URL_WITH_SPACE,
    Code.BLANK_IDENTIFIER,
}


@pytest.fixture(scope="module")
def oracle():
    if not ORACLE.exists():
        pytest.skip(f"the published schema is not beside this checkout ({ORACLE.name})")
    return Schema(ORACLE.read_bytes())


def valid(schema, data):
    return schema.problems(data) == []


def strictly_readable(root, data):
    reading = READERS[root](data, strict=True, now=NOW)
    return not [each for each in reading.problems if each.code not in BEYOND]


def document(root, seed, *, newer=False, fill=None):
    random = Random(seed)
    maker = Maker(
        random, fill=random.choice([0, 0.2, 0.5, 0.9]) if fill is None else fill, newer=newer
    )
    return maker.node(ROWS[root])


roots = st.sampled_from(sorted(ROWS))
seeds = st.integers(0, 2**32)


@given(roots, seeds)
def test_valid_documents_are_valid_everywhere(oracle, root, seed):
    data = to_bytes(document(root, seed))
    assert OURS.problems(data) == []
    assert oracle.problems(data) == []
    assert strictly_readable(root, data)


@few(40)
@given(roots, seeds)
@pytest.mark.parametrize("mutation", MUTATIONS)
def test_documents_with_one_thing_wrong_are_judged_alike(oracle, mutation, root, seed):
    node = mutated(document(root, seed, fill=0.5), ROWS[root], mutation, Random(seed))
    if node is None:
        return
    data = to_bytes(node)
    judged = valid(oracle, data)
    assert valid(OURS, data) == judged, data
    assert strictly_readable(root, data) == judged, data


@given(roots, seeds)
def test_newer_documents_are_valid_for_us(root, seed):
    data = to_bytes(document(root, seed, newer=True))
    assert OURS.problems(data) == []
    assert strictly_readable(root, data)


@few(40)
@given(roots, seeds)
@pytest.mark.parametrize("mutation", MUTATIONS)
def test_the_strict_reader_is_our_schema(mutation, root, seed):
    node = mutated(document(root, seed, fill=0.5, newer=True), ROWS[root], mutation, Random(seed))
    if node is None:
        return
    data = to_bytes(node)
    assert strictly_readable(root, data) == valid(OURS, data), data


def test_a_second_validator_agrees():
    second = xmlschema.XMLSchema(schema_document().split(b"?>", 1)[1].decode())
    for seed in range(12):
        for root, row in ROWS.items():
            whole = document(root, seed, newer=True)
            assert second.is_valid(to_bytes(whole).decode().split("?>", 1)[1])
            for name in MUTATIONS:
                node = mutated(whole, row, name, Random(seed))
                data = to_bytes(node or whole)
                text = data.decode().split("?>", 1)[1]
                assert second.is_valid(text) == valid(OURS, data), text
