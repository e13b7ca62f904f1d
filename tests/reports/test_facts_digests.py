"""What senders declare of their files: one normal form, or kept as written with why."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.record.reports.facts_digests import (
    BYTES,
    LONGEST,
    DigestKind,
    NoDigest,
    declared,
    kind_of,
    read,
)

VALUES = {kind: bytes(range(7, 7 + length)) for kind, length in BYTES.items()}


@pytest.mark.parametrize("kind", BYTES)
def test_every_spelling_of_a_value_is_one_value(kind):
    value = VALUES[kind]
    spaced = value.hex(" ").upper()
    for written in (
        value.hex(),
        spaced,
        f"\n {value.hex()} ",
        base64.b64encode(value).decode(),
        base64.b64encode(value).decode().rstrip("="),
        ",".join(map(str, value)),
    ):
        found = read(kind.value.upper(), written)
        assert (found.kind, found.value, found.reason) == (kind, value.hex(), None), written
        assert found.written == written


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("SHA-256", DigestKind.SHA256),
        ("sha_1", DigestKind.SHA1),
        (" Md5 ", DigestKind.MD5),
        ("PhotoDNA", DigestKind.PHOTODNA),
        ("PDNA", DigestKind.PHOTODNA),
        ("pdq", DigestKind.PDQ),
        ("SHA512", DigestKind.OTHER),
        ("", DigestKind.OTHER),
    ],
)
def test_kinds_by_whatever_name(name, kind):
    assert kind_of(name) is kind


@pytest.mark.parametrize(
    ("kind", "written", "reason"),
    [
        ("MD5", "", NoDigest.EMPTY),
        ("MD5", " \n", NoDigest.EMPTY),
        ("MD5", "ab" * 32, NoDigest.WRONG_LENGTH),
        ("SHA256", "ab" * 16, NoDigest.WRONG_LENGTH),
        ("MD5", "n/a (see above)", NoDigest.NOT_WRITTEN_SO),
        ("MD5", "0" * 32, NoDigest.FILLER),
        ("PDQ", "f" * 64, NoDigest.FILLER),
        ("MD5", "d41d8cd98f00b204e9800998ecf8427e", NoDigest.OF_NOTHING),
        ("SHA1", "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", NoDigest.OF_NOTHING),
        ("PhotoDNA", "300,1,2", NoDigest.WRONG_LENGTH),
        ("Whirlpool", "ab" * 64, NoDigest.UNKNOWN_KIND),
        ("MD5", "a" * (LONGEST + 1), NoDigest.TOO_LONG),
    ],
)
def test_what_is_no_value_says_why_and_keeps_the_words(kind, written, reason):
    found = read(kind, written)
    assert (found.value, found.reason) == ("", reason)
    assert found.written == written[:LONGEST]
    assert found.written_kind == kind


@given(st.text(max_size=80), st.text(max_size=1200))
def test_anything_is_read(kind, written):
    found = read(kind, written)
    assert (found.value == "") == (found.reason is not None)
    assert len(found.written) <= LONGEST
    assert read(kind, written) == found


@given(st.sampled_from(list(BYTES)), st.data())
def test_the_normal_form_is_read_as_itself(kind, data):
    value = data.draw(st.binary(min_size=BYTES[kind], max_size=BYTES[kind])).hex()
    found = read(kind.value, value)
    assert found.value == value or found.reason in {NoDigest.FILLER, NoDigest.OF_NOTHING}


def test_both_places_of_a_document_are_read_in_their_order():
    md5, sha1 = VALUES[DigestKind.MD5].hex(), VALUES[DigestKind.SHA1].hex()
    details = {
        "originalFileHash": [{"hashType": "MD5", "value": md5}, "bare", {"hashType": "PDQ"}],
        "details": [
            {"type": "HASH", "nameValuePair": [{"name": "SHA1", "value": sha1}]},
            {"type": "EXIF", "nameValuePair": [{"name": "Model", "value": "One"}]},
            {"nameValuePair": [{"name": "MD5", "value": md5, "type": "HASH"}]},
        ],
    }
    found = declared(details, "/fileDetails[1]")
    assert [(one.kind, one.value, one.reason) for one in found] == [
        ("md5", md5, None),
        ("other", "", NoDigest.UNKNOWN_KIND),
        ("pdq", "", NoDigest.EMPTY),
        ("sha1", sha1, None),
        ("md5", md5, None),
    ]
    assert found[0].path == "/fileDetails[1]/originalFileHash[1]"
    assert declared({}) == []
