"""Lists as files: both shapes of VICS, CSV, round trips, and what is wrong with its line."""

from __future__ import annotations

import csv
import io
import json
from contextlib import contextmanager
from hashlib import md5, sha1

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lists.made import draft, entries, foreign, owner

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.errors import Invalid, NotAllowed
from tipline.insight.lists.changes import prints_of
from tipline.insight.lists.entries import write_entries
from tipline.insight.lists.files import reading
from tipline.insight.lists.files.rules_csv import COLUMNS, cells_of, columns_in
from tipline.insight.lists.files.rules_vics import context, record_of, row_of
from tipline.insight.lists.files.services import Wanted, WrongFile, check_file, export, import_file
from tipline.insight.lists.models import HashList, ImportRun, Series
from tipline.insight.lists.rules_entries import Print

PDNA = "ab" * 143 + "cd"


def media(number, **more) -> dict:
    told = str(number).encode()
    record = {
        "MediaID": number,
        "Category": 1,
        "MD5": md5(told).hexdigest().upper(),
        "SHA1": sha1(told).hexdigest(),
        "MimeType": "image/jpeg",
        **more,
    }
    return {name: value for name, value in record.items() if value is not None}


def vics(records, *, cases=False, dialect="US", bom=False, indent=None) -> bytes:
    value = [{"CaseID": "c", "ContactName": "Somebody", "Media": records}] if cases else records
    shape = "Cases" if cases else "Media"
    told = {"@odata.context": context(dialect, shape), "value": value}
    return (b"\xef\xbb\xbf" if bom else b"") + json.dumps(told, indent=indent).encode()


def opened(content: bytes):
    @contextmanager
    def opener():
        yield io.BytesIO(content)

    return opener


def rows(content: bytes, form="vics", only=()):
    return list(reading.rows(io.BytesIO(content), form, only))


def problems(content: bytes, form="vics"):
    return check_file(opened(content), Wanted(form)).told


def take(hash_list, content: bytes, form="vics", **more):
    return import_file(SYSTEM, hash_list, opened(content), Wanted(form, **more))


def held(hash_list) -> dict[str, set[tuple[str, str]]]:
    rows = entries(hash_list)
    prints = prints_of(rows)
    return {row.key: {(one.type, one.value) for one in prints[row.pk]} for row in rows}


class TestReading:
    @pytest.mark.parametrize("cases", [False, True])
    @pytest.mark.parametrize("bom", [False, True])
    @pytest.mark.parametrize("indent", [None, 2])
    def test_every_shape_gives_the_same_entries(self, cases, bom, indent):
        records = [media(number) for number in range(3)]
        found = rows(vics(records, cases=cases, bom=bom, indent=indent))
        assert [row.number for row in found] == [1, 2, 3]
        assert [row.draft.key for row in found] == [one["MD5"].lower() for one in records]
        assert {row.draft.classification for row in found} == {"US:1"}

    def test_several_cases_are_one_list(self):
        cases = [{"CaseID": str(n), "Media": [media(n), media(n + 10)]} for n in range(3)]
        content = json.dumps({"value": cases}).encode()
        assert len(rows(content)) == 6

    def test_other_hashes_series_and_what_is_kept(self):
        record = media(
            1,
            AlternativeHashes=[
                {"HashName": "PhotoDNA", "HashValue": PDNA},
                {"HashName": "Sha-256", "HashValue": "0f1e" * 16},
                {"HashName": "Other", "HashValue": "whatever"},
            ],
            Series="Blue lantern",
            Tags=["one", "two"],
            Comments="names somebody",
            VictimIdentified=False,
            MediaFiles=[{"FilePath": "C:\\Users\\somebody", "FileName": "a.jpg"}],
            DateUpdated="2025-03-01T10:00:00Z",
        )
        [row] = rows(vics([record]))
        assert [one.type for one in row.draft.prints] == ["md5", "sha1", "pdna", "sha256"]
        assert row.draft.series == "Blue lantern"
        assert row.draft.told_at.year == 2025
        kept = row.draft.extra["vics"]
        assert kept["OtherHashes"] == [{"HashName": "Other", "HashValue": "whatever"}]
        assert "somebody" not in json.dumps(kept)
        assert (kept["Tags"], kept["VictimIdentified"]) == (["one", "two"], False)

    def test_only_the_categories_that_are_wanted(self):
        records = [media(n, Category=n) for n in range(4)]
        found = rows(vics(records), only=(1, 2))
        assert [row.left_out for row in found] == [True, False, False, True]

    def test_csv_with_semicolons_a_byte_order_mark_and_columns_in_any_order(self):
        content = "\ufeffSeries;SHA-1;MD5;Nonsense\r\n;;" + "ab" * 15 + "cd;x\r\n"
        [row] = rows(content.encode(), "csv")
        assert [(one.type, one.value) for one in row.draft.prints] == [("md5", "ab" * 15 + "cd")]
        assert row.draft.key == "ab" * 15 + "cd"


class TestWrong:
    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"MD5": "!!"}, "MD5 is neither hexadecimal nor base64"),
            ({"MD5": "ab" * 15}, "MD5 has the wrong length"),
            ({"MD5": "00" * 16}, "MD5 is a filler"),
            ({"MD5": "d41d8cd98f00b204e9800998ecf8427e"}, "MD5 is the digest of an empty file"),
            ({"MD5": None, "SHA1": None}, "MD5 is missing"),
            ({"Category": "x"}, "Category must be a whole number"),
            ({"Category": True}, "Category must be a whole number"),
            ({"MimeType": "audio/mpeg"}, "MimeType must be image or video"),
            ({"Series": "a\x00b"}, "series must be a name"),
            ({"Series": "x" * 101}, "series must be a name"),
            ({"AlternativeHashes": 5}, "AlternativeHashes must be a list"),
            ({"AlternativeHashes": ["x"]}, "AlternativeHashes must hold objects"),
        ],
    )
    def test_the_entry_its_line_and_the_field_are_named(self, changes, told):
        content = vics([media(1), media(2, **changes), media(3)], indent=1)
        [problem] = problems(content)
        where, _colon, what = problem.partition(": ")
        line = int(where.removeprefix("line ").split(",")[0])
        assert where.endswith("entry 2")
        assert what.startswith(told)
        lines = content.decode().splitlines()
        assert lines[line - 1].strip().startswith("}")

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"", "cut off or no JSON"),
            (b"{", "cut off or no JSON"),
            (b"not json", "is no JSON"),
            (b'{"value": [{"MD5": "', "cut off or no JSON"),
            (b'{"value": []}', "holds no entries"),
            (b"[]", "holds no entries"),
            (b'{"value": [1, 2]}', "holds no entries"),
            (b'\xff\xfe{\x00"\x00', "is no JSON"),
            (b'{"value": [{"Media": ["x"]}]}', "Media must be an object"),
        ],
    )
    def test_what_is_no_list_says_so(self, content, told):
        [problem, *_] = problems(content)
        assert told in problem

    def test_an_endless_entry_is_refused_in_little_memory(self):
        content = b'{"value": [{"MD5": "' + b"a" * (5 * 1024 * 1024)
        assert "without an entry" in problems(content)[0]

    def test_a_deep_nest_is_refused(self):
        content = b'{"value": [{"MD5": ' + b"[" * 100_000
        assert problems(content)

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"", "the first line must name"),
            (b"name,colour\na,b\n", "the first line must name"),
            (b"md5\n" + b"!!\n", "line 2, entry 1: md5 is neither"),
            (b"md5,sha1\n,\n" + b"ab" * 15 + b"cd,!!\n", "line 3, entry 1: sha1 is neither"),
            (b"md5,series\n,x\n", "line 2, entry 1: md5 is missing"),
            (b'md5\n"' + b"a" * 200_000, "cannot be read"),
            (b"md5\n\xff\xfe\n", "is not UTF-8"),
            (b"md5,id\n" + b"ab" * 15 + b"cd,a b\n", "id must be 1 to 64"),
        ],
    )
    def test_a_wrong_line_of_csv_is_named(self, content, told):
        assert told in problems(content, "csv")[0]


class TestImport:
    def test_a_wrong_entry_refuses_all_unless_asked_otherwise(self, world):
        hash_list = foreign()
        content = vics([media(1), media(2, MD5="zz"), media(3)])
        with pytest.raises(WrongFile) as caught:
            take(hash_list, content)
        assert caught.value.checked.wrong == 1
        assert entries(hash_list) == []
        assert ImportRun.objects.get().state == "refused"

        checked, written = take(hash_list, content, skip_wrong=True)
        assert (checked.wrong, written.made) == (1, 2)
        assert LedgerEntry.objects.filter(verb="list.imported").count() == 1

    def test_the_same_file_again_changes_nothing_and_one_may_take_it_back(self, world):
        hash_list = foreign()
        content = vics([media(number) for number in range(2_500)])
        assert take(hash_list, content)[1].made == 2_500
        again = take(hash_list, content)[1]
        assert (again.made, again.changed, again.same) == (0, 0, 2_500)
        hash_list.refresh_from_db()
        assert hash_list.live == 2_500

        assert take(hash_list, vics([media(1), media(9_999)]), remove=True)[1].removed == 1
        hash_list.refresh_from_db()
        assert (hash_list.live, hash_list.removed) == (2_499, 1)

    def test_what_no_database_keeps_is_left_out(self, world):
        odd = {"HashName": "Odd", "HashValue": "a\x00b"}
        record = media(1, Tags=["a\x00b"], AlternativeHashes=[odd], MimeType="image/\x00")
        hash_list = foreign()
        assert take(hash_list, vics([record]))[1].made == 1
        assert "\x00" not in json.dumps(entries(hash_list)[0].extra, ensure_ascii=False)

    def test_of_an_entry_that_stands_twice_the_last_counts(self, world):
        hash_list = foreign()
        take(hash_list, vics([media(1, Series="Old"), media(1, Series="New")]))
        [entry] = entries(hash_list)
        assert entry.series.name == "New"
        assert set(Series.objects.values_list("name", flat=True)) == {"New"}

    def test_our_own_lists_are_fed_by_analysts_only(self, world):
        with pytest.raises(Invalid):
            take(HashList.objects.get(label="viral"), vics([media(1)]))
        with pytest.raises(NotAllowed):
            import_file(world.actor("ana"), foreign(), opened(vics([media(1)])), Wanted("vics"))


class TestRoundTrip:
    @pytest.mark.parametrize(("form", "cases"), [("vics", False), ("vics", True), ("csv", False)])
    def test_what_is_exported_is_imported_as_it_was(self, world, form, cases):
        one, two = foreign("one"), foreign("two")
        record = media(
            1,
            Series="Blue lantern",
            AlternativeHashes=[
                {"HashName": "PhotoDNA", "HashValue": PDNA},
                {"HashName": "PDQ", "HashValue": "0f1e" * 16},
            ],
        )
        take(one, vics([record, media(2, MimeType="video/mp4"), media(3, Category=2)]))
        content = b"".join(export(SYSTEM, one, form, cases=cases))
        take(two, content, form)
        assert held(two) == held(one)
        for mine, theirs in zip(entries(one), entries(two), strict=True):
            assert (mine.media, mine.series, mine.classification) == (
                theirs.media,
                theirs.series,
                theirs.classification,
            )
        assert LedgerEntry.objects.filter(verb="list.exported").count() == 1

    def test_a_removed_entry_is_not_exported(self, world):
        hash_list = foreign()
        take(hash_list, vics([media(1), media(2)]))
        take(hash_list, vics([media(1)]), remove=True)
        content = b"".join(export(SYSTEM, hash_list, "vics"))
        assert [one["MD5"] for one in json.loads(content)["value"]] == [media(2)["MD5"].lower()]

    def test_an_empty_list_is_a_valid_file(self, world):
        for form, cases in (("vics", False), ("vics", True)):
            json.loads(b"".join(export(SYSTEM, foreign(f"e-{cases}".lower()), form, cases=cases)))

    def test_a_cell_that_a_spreadsheet_would_run_is_text(self, world):
        hash_list = foreign()
        write_entries(hash_list.pk, owner().pk, [draft(1, classification="=cmd()")])
        content = b"".join(export(SYSTEM, hash_list, "csv")).decode()
        [_head, line] = csv.reader(io.StringIO(content))
        assert line[COLUMNS.index("classification")] == "'=cmd()"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=6,
)
records = st.dictionaries(
    st.sampled_from(
        ["MD5", "SHA1", "Category", "MimeType", "Series", "AlternativeHashes", "Tags", "Other"]
    ),
    anything,
)


@given(records | anything)
def test_any_record_is_an_entry_or_says_what_is_wrong(record):
    row = row_of(record, 7, 3, "US")
    assert (row.draft is None) == bool(row.wrong)
    assert (row.line, row.number) == (7, 3)


@given(st.binary(max_size=400), st.sampled_from(["vics", "csv"]))
def test_any_bytes_are_read_to_their_end(content, form):
    for row in rows(content, form):
        assert row.draft is not None or row.wrong or row.left_out


@given(
    st.sets(st.sampled_from(["md5", "sha1", "sha256", "pdq"]), min_size=1),
    st.text("0123456789abcdef", min_size=64, max_size=64).filter(lambda t: len(set(t)) > 4),
    st.integers(0, 9),
)
def test_a_record_reads_back_as_it_was_written(kinds, digits, category):
    from datetime import UTC, datetime

    lengths = {"md5": 32, "sha1": 40, "sha256": 64, "pdq": 64}
    prints = [(kind, digits[: lengths[kind]]) for kind in sorted(kinds)]
    record = record_of(
        {
            "id": 1,
            "media": "image",
            "prints": prints,
            "series": "",
            "changed_at": datetime(2026, 1, 1, tzinfo=UTC),
            "category": category,
            "extra": {},
        }
    )
    row = row_of(json.loads(json.dumps(record)), 1, 1, "UK")
    if row.draft is not None:
        assert {(one.type, one.value) for one in row.draft.prints} == set(prints)
        assert row.draft.classification == f"UK:{category}"
    told = {**dict(prints), "media": "image"}
    assert len(cells_of(told)) == len(COLUMNS) == len(columns_in(COLUMNS))
    assert Print("md5", "0" * 32).stored == "0" * 32
