"""What senders declare of their files: written once a version, apart from ours, looked up."""

from __future__ import annotations

import pytest
from tests.filing import SEEN, picture

from tipline.insight.matching.declaring import MOST, keep_declared
from tipline.insight.matching.models import DeclaredFingerprint, FileMatch, Fingerprint
from tipline.insight.matching.queries import declared_of, declaring
from tipline.pipeline import stages
from tipline.record.evidence.models import FileDetails
from tipline.record.evidence.queries import details_of, files_of
from tipline.record.reports.facts_digests import DigestKind

MD5 = "0123456789abcdef" * 2
PDNA = bytes(range(144))


def saying(*pairs, **more):
    return {"originalFileHash": [{"hashType": k, "value": v} for k, v in pairs]} | more


@pytest.mark.parametrize("content", [picture(1), b""], ids=["sent", "not sent"])
def test_a_report_that_declares_is_looked_up_by_it(filed, content):
    report = filed(files=[(content, saying(("md5", MD5.upper()), ("PhotoDNA", PDNA.hex())))])
    [file] = files_of(report.pk)
    found = [(row.kind, row.value, row.reason) for row in declared_of([file])[file.pk]]
    assert found == [("md5", MD5, ""), ("photodna", PDNA.hex(), "")]
    assert [row.file for row in declaring(DigestKind.MD5, [MD5])] == [file]
    assert not declaring(DigestKind.SHA1, [MD5]).exists()
    assert Fingerprint.objects.filter(sha256=file.sha256).exists() == bool(content)


def test_what_is_no_fingerprint_is_kept_as_written_and_never_looked_up(filed):
    words = saying(("MD5", "not known!"), ("PDQ", "0" * 64), ("Whirlpool", "ab"), ("SHA1", ""))
    report = filed(files=[(picture(1), words)])
    [file] = files_of(report.pk)
    rows = declared_of([file])[file.pk]
    assert [(row.written, row.value, row.reason) for row in rows] == [
        ("not known!", "", "not_written_so"),
        ("0" * 64, "", "filler"),
        ("ab", "", "unknown_kind"),
        ("", "", "empty"),
    ]
    assert [row.written_kind for row in rows] == ["MD5", "PDQ", "Whirlpool", "SHA1"]
    assert not declaring(DigestKind.MD5, ["", "not known!"]).exists()


def test_twice_is_as_once_and_the_newest_word_counts(filed):
    report = filed(files=[(picture(1), saying(("MD5", MD5)))])
    stages.run(report.pk)
    [file] = files_of(report.pk)
    keep_declared([file], [details_of([file])[file.pk]], [1])
    assert DeclaredFingerprint.objects.count() == 1

    newer = saying(("SHA256", MD5 * 2))
    last = FileDetails.objects.get(file=file)
    FileDetails.objects.create(
        file=file, version=last.version + 1, document=newer, received_at=last.received_at
    )
    keep_declared([file], [newer], [2])
    assert [row.kind for row in declared_of([file])[file.pk]] == ["sha256"]
    assert DeclaredFingerprint.objects.count() == 2


def test_a_flood_of_values_is_cut(filed):
    report = filed(files=[(picture(1), saying(*[("MD5", MD5)] * (MOST + 5)))])
    assert DeclaredFingerprint.objects.filter(file__report=report).count() == MOST


def test_nothing_is_written_where_nothing_is_declared(filed):
    filed(files=[(picture(1), SEEN), (b"", {})])
    assert not DeclaredFingerprint.objects.exists()


def test_a_declared_value_never_becomes_ours(filed):
    """Another file's digest, declared of this one, makes neither a match nor a known file."""
    first = filed(files=[(picture(1), SEEN)])
    [known] = files_of(first.pk)
    second = filed(files=[(picture(7), saying(("MD5", known.md5), ("SHA256", known.sha256)))])
    [file] = files_of(second.pk)
    assert not FileMatch.objects.filter(file=file).exists()
