"""Hostile documents: refused early, without a request to anybody, and without growing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tipline.ground.foundation.xml import ForbiddenXml, Limits, XmlError, read

LAUGHS = b"<!DOCTYPE l [" + b"".join(
    b'<!ENTITY %s "%s">' % (bytes([97 + n]), b"&%c;" % (96 + n) * 10 if n else b"ha")
    for n in range(10)
)
MANY = 1_000_000

FORBIDDEN = {
    "billion laughs": LAUGHS + b"]><l>&j;</l>",
    "quadratic blow-up": b'<!DOCTYPE l [<!ENTITY a "'
    + b"x" * 50_000
    + b'">]><l>'
    + b"&a;" * 50_000
    + b"</l>",
    "external entity": b'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><r>&e;</r>',
    "entity from the network": b'<!DOCTYPE r [<!ENTITY e SYSTEM "http://127.0.0.1:9/">]><r>&e;</r>',
    "parameter entity": b'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/"> %p;]><r/>',
    "external subset": b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/r.dtd"><r/>',
    "public identifier": b'<!DOCTYPE r PUBLIC "-//W3C//DTD XHTML 1.0//EN" "x.dtd"><r/>',
    "bare document type": b"<!DOCTYPE r><r/>",
    "document type in UTF-16": "<!DOCTYPE r><r/>".encode("utf-16"),
    "document type after a comment": b"<!-- c --><?p q?>\n<!DOCTYPE r><r/>",
    "deep nesting": b"<a>" * 100_000 + b"</a>" * 100_000,
    "a little too deep": b"<a>" * 33 + b"</a>" * 33,
    "a million empty elements": b"<r>" + b"<a/>" * 999_000 + b"</r>",
    "too many elements": b"<r>" + b"<a/>" * 50_000 + b"</r>",
    "half a million attributes": b"<r " + b" ".join(b'a%d=""' % n for n in range(400_000)) + b"/>",
    "attributes behind brackets": b"<r "
    + b" ".join(b'a%d=">"' % n for n in range(300_000))
    + b"/>",
    "attributes in UTF-16": ("<r " + " ".join(f'a{n}="㰀"' for n in range(150_000)) + "/>").encode(
        "utf-16"
    ),
    "namespace declarations": b"<r "
    + b" ".join(b'xmlns:a%d="u"' % n for n in range(200_000))
    + b"/>",
    "attributes spread out": b"<r>" + b'<a b="1" c="2"/>' * 30_000 + b"</r>",
    "huge text": b"<r>" + b"x" * 4_000_000 + b"</r>",
    "huge text in pieces": b"<r>" + b"x<!---->" * 190_000 + b"y" * 900_000 + b"</r>",
    "huge attribute": b'<r a="' + b"x" * 2_000_000 + b'"/>',
    "too many bytes": b"<r>" + b" " * (4 * 1024 * 1024) + b"</r>",
    "half a million comments": b"<r>" + b"<!---->" * 500_000 + b"</r>",
    "UTF-7": b'<?xml version="1.0" encoding="UTF-7"?><r>+ADw-x/+AD4-</r>',
    "ISO-2022": b'<?xml version="1.0" encoding="ISO-2022-JP"?><r/>',
    "UTF-32": "<r/>".encode("utf-32"),
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_forbidden(name):
    with pytest.raises(ForbiddenXml) as caught:
        read(FORBIDDEN[name])
    assert caught.value.reason


def test_limits_are_the_callers():
    data = b"<r><a b='1'>text</a></r>"
    assert read(data, limits=Limits(depth=2, elements=2, attributes=1, text=4)).tag == "r"
    for tight in (
        Limits(depth=1),
        Limits(elements=1),
        Limits(attributes=0),
        Limits(text=3),
        Limits(bytes=10),
    ):
        with pytest.raises(ForbiddenXml):
            read(data, limits=tight)


def test_what_lies_within_the_limits_is_read():
    wide = b"<r>" + b"<a b='1'/>" * 49_999 + b"</r>"
    assert len(read(wide).children) == 49_999
    markup = b"<r><![CDATA[" + b"<p class='x'>" * 60_000 + b"]]></r>"
    assert read(markup).text.count("<p") == 60_000


def test_inclusion_stays_text():
    data = (
        b'<r xmlns:xi="http://www.w3.org/2001/XInclude">'
        b'<xi:include href="file:///etc/passwd" parse="text"/></r>'
    )
    root = read(data)
    assert root.children[0].tag == "{http://www.w3.org/2001/XInclude}include"
    assert (root.children[0].text, root.text) == ("", "")


def test_hints_at_schemas_and_style_sheets_are_not_followed():
    data = (
        b'<?xml-stylesheet href="http://127.0.0.1:9/x.xsl" type="text/xsl"?>'
        b'<r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        b' xsi:noNamespaceSchemaLocation="http://127.0.0.1:9/x.xsd"/>'
    )
    assert read(data).tag == "r"


def test_a_namespace_is_part_of_the_name():
    assert read(b'<report xmlns="urn:x"/>').tag == "{urn:x}report"
    assert read(b'<x:report xmlns:x="urn:x"/>').tag == "{urn:x}report"


SOURCE = str(Path(__file__).parents[2] / "src")
GROWTH = """
import pathlib, sys
from tipline.ground.foundation.xml import XmlError, read

def peak():
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    data, before = path.read_bytes(), peak()
    try:
        read(data)
        sys.exit(path.name)
    except XmlError:
        print(peak() - before, path.name)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_no_document_grows_memory_by_64_megabytes(tmp_path):
    for name, data in FORBIDDEN.items():
        (tmp_path / name).write_bytes(data)
    command = [sys.executable, "-c", GROWTH, str(tmp_path)]
    run = subprocess.run(
        command, capture_output=True, text=True, check=False, env={"PYTHONPATH": SOURCE}
    )
    assert run.returncode == 0, run.stdout + run.stderr
    grown = {name: int(kb) for kb, name in (line.split(" ", 1) for line in run.stdout.splitlines())}
    assert grown.keys() == FORBIDDEN.keys()
    assert sum(grown.values()) < 64 * 1024, grown


def outcome(data: bytes) -> str:
    try:
        read(data)
    except XmlError as error:
        return type(error).__name__
    return "read"


pieces = st.sampled_from(
    [
        b"<r>", b"</r>", b"<r/>", b"<r ", b"a='1'", b">", b"&amp;", b"&lt", b"&#", b"<![CDATA[",
        b"]]>", b"<!--", b"-->", b"<?", b"?>", b"<!DOCTYPE r", b"[", b"]", b"<!ENTITY e 'x'>",
        b"&e;", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0", b"<\0r\0>\0",
        b"xmlns:x='u'", b"x:",
        b"<?xml version='1.0' encoding='utf-16'?>", b"<?xml version='1.1'?>", b"encoding='UTF-7'",
    ]
)  # fmt: skip
soups = st.lists(pieces | st.binary(max_size=8), max_size=20).map(b"".join)


@given(st.binary(max_size=200) | soups)
@example(b"\xff\xfe")
@example(b"\xfe\xff\0")
@example(b"<\0\0\0")
@example(b"<?xml version='1.0' encoding='")
def test_any_bytes_are_read_or_refused(data):
    assert outcome(data) in {"read", "MalformedXml", "ForbiddenXml"}


@given(st.binary(max_size=30), st.integers(0, 200))
def test_a_good_document_with_damage_is_read_or_refused(damage, at):
    good = b'<?xml version="1.0" encoding="UTF-8"?><report><a b="c">d &amp; e</a></report>'
    assert outcome(good[:at] + damage + good[at + len(damage) :]) in {
        "read",
        "MalformedXml",
        "ForbiddenXml",
    }
