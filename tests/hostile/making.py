"""Strategies for hostile XML and multipart bodies: nearly right, quite wrong, and mere bytes."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st
from tests.ispws.wire import field_part, file_part
from tests.reports.generated import MUTATIONS, Maker, mutated

from tipline.ground.foundation.xml import Node, element, to_bytes
from tipline.record.reports.schema import FILE_DETAILS, REPORT, Element

#: Texts that some layer below might trip over; characters by number where an eye cannot see them.
TEXTS = (
    "",
    " ",
    "0",
    "-0",
    "1e999",
    "NaN",
    "INF",
    "9" * 25,
    "9" * 5_000,
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00-14:00",
    "99999-01-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2024-12-31T23:59:60Z",
    "true",
    "<b>&amp;</b>",
    "' OR 1=1 --",
    "{{ 7 * 7 }}",
    "%s%n%x",
    "../../etc/passwd",
    "\u202egnp.exe",
    "a\u0301" * 50,
    "\ufeff\u200b\u2066x\u2069",
    "\U0001f600\U0010fffd",
    "\u0663\u0664",
    "x" * 10_000,
    "2001:db8::%eth0",
    "256.256.256.256",
    "user@" + "a." * 200 + "example",
    "+" + "1" * 60,
    "javascript:alert(1)",
    "http://[::1",
    "]]>",
    "\t\r\n",
)
NAMES = (
    "report",
    "incidentSummary",
    "email",
    "phone",
    "x",
    "incidentType",
    "ipCaptureEvent",
    "a-b",
)

ROOTS: dict[str, Element] = {"report": REPORT, "fileDetails": FILE_DETAILS}

texts = st.sampled_from(TEXTS) | st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=30
)


def _leaf(tag: str, text: str) -> Node:
    return element(tag, text=text)


trees = st.recursive(
    st.builds(_leaf, st.sampled_from(NAMES), texts),
    lambda below: st.builds(
        lambda tag, children: element(tag, *children),
        st.sampled_from(NAMES),
        st.lists(below, max_size=4),
    ),
    max_leaves=12,
)


def _retexted(node: Node, random: Random, share: float, drawn: list[str]) -> Node:
    """Some texts and attributes exchanged for hostile ones."""

    def other(text: str) -> str:
        return random.choice(drawn) if random.random() < share else text

    return Node(
        node.tag,
        {name: other(value) for name, value in node.attributes.items()},
        tuple(_retexted(child, random, share, drawn) for child in node.children),
        node.text if node.children else other(node.text),
    )


@st.composite
def documents(draw: st.DrawFn, name: str) -> bytes:
    """A document from the schema table with wrong structure, hostile texts and damaged bytes."""
    row, random = ROOTS[name], Random(draw(st.integers(0, 2**32)))
    node = Maker(random, fill=draw(st.sampled_from([0.1, 0.3, 0.6])), newer=True).node(row)
    if draw(st.booleans()):
        node = mutated(node, row, draw(st.sampled_from(sorted(MUTATIONS))), random) or node
    node = _retexted(
        node,
        random,
        draw(st.sampled_from([0.0, 0.05, 0.5])),
        draw(st.lists(texts, min_size=1, max_size=4)),
    )
    return draw(damaged(to_bytes(node, declaration=draw(st.booleans()))))


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """The bytes, now and then with a piece cut out, doubled or overwritten."""
    if draw(st.integers(0, 3)):
        return data
    at = draw(st.integers(0, len(data)))
    length = draw(st.integers(0, 200))
    piece = draw(
        st.binary(max_size=20) | st.sampled_from([b"", data[at : at + length], b"\0", b"&"])
    )
    return data[:at] + piece + data[at + length :]


#: Anything that might be posted as a report or as file details.
reports = documents("report") | trees.map(to_bytes) | st.binary(max_size=300)
file_details = documents("fileDetails") | trees.map(to_bytes) | st.binary(max_size=300)


# --- multipart -----------------------------------------------------------------------------

BOUNDARIES = ("b", "----x", "a b", "'()+_,-./:=?", "x" * 70, "x" * 201, "", "\u00e9", "b;c", '"')
FORMS = (
    "multipart/form-data; boundary={}",
    'multipart/form-data; boundary="{}"',
    "multipart/mixed; boundary={}",
    "Multipart/Form-Data;boundary={};x=y",
)
ENDS = (b"--\r\n", b"--", b"", b"-", b"\r\n", b"--\r\nepilogue")
HEADERS = (
    'Content-Disposition: form-data; name="id"',
    'Content-Disposition: form-data; name="file"; filename="a"',
    'Content-Disposition: form-data; name="file"',
    "content-disposition:form-data;name=file;filename=a b",
    'Content-Disposition: form-data; filename="a"',
    "Content-Disposition: form-data; name=",
    'Content-Disposition: form-data; name="id',
    "Content-Disposition: form-data; name*=utf-8''id",
    'Content-Disposition: attachment; name="file"; filename="\u202egnp"',
    "Content-Type: " + "x/" * 200,
    "Content-Transfer-Encoding: base64",
    "X: " + "y" * 20_000,
    "no colon at all",
    "",
    ": empty name",
)


@st.composite
def multiparts(draw: st.DrawFn, number: int) -> tuple[bytes, str]:
    """A multipart body and its content type; about half of them name an open report."""
    boundary = draw(st.just("b") | st.sampled_from(BOUNDARIES))
    told = boundary if draw(st.integers(0, 9)) else draw(st.sampled_from(BOUNDARIES))
    form = draw(st.just(FORMS[0]) | st.sampled_from(FORMS))
    mark = b"--" + boundary.encode()
    parts = draw(st.just(_usual(number)) | st.lists(_parts(number), max_size=5))
    body = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts)
    body += mark + draw(st.just(ENDS[0]) | st.sampled_from(ENDS))
    return draw(damaged(body)), form.format(told)


def _usual(number: int) -> list[bytes]:
    """What a client would send."""
    return [field_part("id", str(number)), file_part(b"content")]


@st.composite
def _parts(draw: st.DrawFn, number: int) -> bytes:
    """One part: usually the right id or a file, sometimes any headers with any content."""
    content = draw(
        st.binary(max_size=60)
        | st.sampled_from(
            [str(number).encode(), b"1", b"1", b"", b"\r\n--b", b"z" * 70_000, b"\xff\xfe"]
        )
    )
    kind = draw(st.integers(0, 4))
    if kind in {0, 4}:
        return field_part("id", "1" if kind else str(number))
    if kind == 1:
        return file_part(content)
    headers = draw(st.lists(st.sampled_from(HEADERS), max_size=3))
    separator = draw(st.sampled_from([b"\r\n\r\n", b"\n\n", b"\r\n", b""]))
    return "\r\n".join(headers).encode() + separator + content
