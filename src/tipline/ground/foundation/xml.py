"""The one reader of XML, and the one writer.

Every document from outside passes :func:`read`. It is parsed twice: once by a target that
builds nothing and stops at the first document type, at too many elements, attributes or
characters, or at too great a depth; and, only when that went well, once into a tree. Two
passes cost about 0.1 ms on a usual report and give line numbers, which the target alone
cannot. Sizes that hurt before the target hears of them (one tag with a million attributes)
are counted in the bytes beforehand.

No entity but the five of XML is ever resolved, nothing is fetched, XInclude stays text.
Only this file and its streaming neighbour may import lxml; what leaves it is :class:`Node`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from types import MappingProxyType
from typing import cast

from lxml import etree

from tipline.ground.foundation.errors import TiplineError


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one document may hold; the defaults fit a report with thousands of events."""

    bytes: int = 4 * 1024 * 1024
    depth: int = 32
    elements: int = 50_000
    attributes: int = 50_000
    text: int = 1_000_000  # characters directly inside one element, or in one attribute


class XmlError(TiplineError):
    """The bytes cannot be read as XML. ``line`` and ``column`` count from 1; 0 when unknown."""

    code = "xml"

    def __init__(self, reason: str, *, line: int = 0, column: int = 0) -> None:
        place = f" (line {line}, column {column})" if line else ""
        super().__init__(f"{reason}{place}")
        self.reason = reason
        self.line = line
        self.column = column


class MalformedXml(XmlError):  # noqa: N818 - the word says it
    """Not well-formed: a bare ampersand, a cut-off document, bytes outside the encoding."""

    code = "malformed_xml"


class ForbiddenXml(XmlError):  # noqa: N818 - the word says it
    """Well-formed perhaps, but with something that no report needs: a DTD, or sheer size."""

    code = "forbidden_xml"


_NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Node:
    """One element. ``tag`` and attribute names are Clark names (``{namespace}name``).

    ``text`` joins all character data directly inside the element, whatever stood between;
    comments and processing instructions are gone.
    """

    tag: str
    attributes: Mapping[str, str]
    children: tuple[Node, ...] = ()
    text: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class SchemaProblem:
    """One violation of a schema: where, and what the validator says."""

    line: int
    message: str
    path: str


def read(data: bytes, *, limits: Limits | None = None) -> Node:
    """Parse untrusted bytes. Raises :class:`MalformedXml` or :class:`ForbiddenXml`, nothing else.

    UTF-8 and UTF-16 with or without byte order mark, and other encodings where declared.
    """
    return _node(_tree(data, limits or Limits()))


class Schema:
    """An XSD of our own, compiled once; safe to share between threads."""

    def __init__(self, xsd: bytes) -> None:
        self._schema = etree.XMLSchema(etree.fromstring(xsd, _parser()))
        self._lock = Lock()

    def problems(self, data: bytes, *, limits: Limits | None = None) -> list[SchemaProblem]:
        """What the validator finds in ``data``; empty when valid. Raises as :func:`read`."""
        tree = _tree(data, limits or Limits())
        with self._lock:  # the error log belongs to the compiled schema
            if self._schema.validate(tree):
                return []
            return [
                SchemaProblem(entry.line, entry.message, entry.path or "")
                for entry in list(self._schema.error_log)  # type: ignore[call-overload] # stubs lack it
            ]


def element(
    tag: str,
    *children: Node,
    text: str = "",
    attributes: Mapping[str, str] | None = None,
) -> Node:
    """A node for writing."""
    return Node(tag, attributes or _NO_ATTRIBUTES, children, text)


def to_bytes(
    node: Node,
    *,
    declaration: bool = True,
    indent: bool = False,
    prefixes: Mapping[str, str] | None = None,
) -> bytes:
    """The node as UTF-8; without white space between elements unless ``indent``.

    ``prefixes`` maps prefixes to namespaces for the root, the empty one too. Characters that
    XML cannot carry become U+FFFD, so a response never fails to be written.
    """
    tree = _element(node, prefixes)
    if indent:
        etree.indent(tree, "  ")
    body: bytes = etree.tostring(tree, encoding="utf-8", xml_declaration=False)
    head = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return head + (b"\n" if indent else b"") + body if declaration else body


# --- reading -------------------------------------------------------------------------------


def _parser(target: _Gate | None = None) -> etree.XMLParser:
    return etree.XMLParser(
        target=target,  # type: ignore[arg-type] # the stubs want a comment method, lxml does not
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _tree(data: bytes, limits: Limits) -> etree._Element:
    _check_bytes(data, limits)
    try:
        etree.fromstring(data, _parser(_Gate(limits)))
        return etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        line, column = error.position
        reason = re.sub(r"\s*(, line \d+, column \d+)$", "", error.msg or "not XML").strip()
        raise MalformedXml(reason, line=max(line or 0, 0), column=max(column or 0, 0)) from None


@dataclass(slots=True)
class _Gate:
    """A parser target that builds nothing and only counts."""

    limits: Limits
    depth: int = 0
    elements: int = 0
    attributes: int = 0
    texts: list[int] = field(default_factory=list)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        del tag
        self.depth += 1
        self.elements += 1
        self.attributes += len(attributes)
        self.texts.append(0)
        limits = self.limits
        _refuse_above(self.depth, limits.depth, "levels")
        _refuse_above(self.elements, limits.elements, "elements")
        _refuse_above(self.attributes, limits.attributes, "attributes")
        longest = max(map(len, attributes.values()), default=0)
        _refuse_above(longest, limits.text, "characters in one attribute")

    def end(self, tag: str) -> None:
        del tag
        self.depth -= 1
        self.texts.pop()

    def data(self, text: str) -> None:
        self.texts[-1] += len(text)
        _refuse_above(self.texts[-1], self.limits.text, "characters in one element")

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        del name, public, system
        raise ForbiddenXml("a document type (DOCTYPE) is not accepted")

    def close(self) -> None:
        return None


def _refuse_above(count: int, limit: int, what: str) -> None:
    if count > limit:
        raise ForbiddenXml(f"more than {limit} {what}")


# Encodings whose ASCII bytes do not mean ASCII: whoever reads the kept bytes would see
# something else than we did. (libxml2 refuses EBCDIC itself.)
_SHIFTING = re.compile(rb"^(utf-?7|unicode-1-1-utf-7|iso-2022|hz|csiso2022)", re.IGNORECASE)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)""")


def _check_bytes(data: bytes, limits: Limits) -> None:
    """What must be known before a parser sees the bytes: three counts and the encoding."""
    _refuse_above(len(data), limits.bytes, "bytes")
    data = _one_byte_per_mark(data)
    declared = _DECLARED.match(data[:400].removeprefix(b"\xef\xbb\xbf"))
    if declared and _SHIFTING.match(declared.group(1)):
        raise ForbiddenXml("an encoding that hides markup is not accepted; send UTF-8")
    # Every element opens and closes, or is empty; data in CDATA sections may add some.
    _refuse_above(data.count(b"<"), 4 * limits.elements, "tags")
    if data.count(b"=") > limits.attributes:
        _refuse_above(_largest_tag(data), limits.attributes, "attributes in one tag")


def _one_byte_per_mark(data: bytes) -> bytes:
    """UTF-16 and UTF-32 as UTF-8, so that ``<`` and ``=`` can be counted; others unchanged."""
    head = data[:4]
    if head[:2] not in {b"\xff\xfe", b"\xfe\xff"} and b"\0" not in head:
        return data
    if head in {b"\xff\xfe\0\0", b"\0\0\xfe\xff"} or head.count(b"\0") == 3:
        raise ForbiddenXml("UTF-32 is not accepted; send UTF-8")
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace").encode()
    return data.decode("utf-16-be" if head[0] == 0 else "utf-16-le", "replace").encode()


def _largest_tag(data: bytes) -> int:
    """The most equal signs between two opening brackets: no tag has more attributes."""
    most, start = 0, 0
    while start >= 0:
        end = data.find(b"<", start + 1)
        most = max(most, data.count(b"=", start, end if end >= 0 else len(data)))
        start = end
    return most


def _node(tree: etree._Element) -> Node:
    children = tuple(_node(child) for child in tree)
    text = (tree.text or "") + "".join(child.tail or "" for child in tree)
    attributes = {str(name): str(value) for name, value in tree.attrib.items()}
    line = cast("int | None", tree.sourceline)
    return Node(str(tree.tag), MappingProxyType(attributes), children, text, line or 0)


# --- writing -------------------------------------------------------------------------------

_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def writable(text: str) -> str:
    """The text with U+FFFD for each character that XML cannot carry."""
    return _UNWRITABLE.sub("\ufffd", text)


def _element(node: Node, prefixes: Mapping[str, str] | None = None) -> etree._Element:
    spaces = {prefix or None: space for prefix, space in (prefixes or {}).items()}
    made = etree.Element(node.tag, nsmap=spaces or None)  # type: ignore[arg-type] # None: default
    for name, value in node.attributes.items():
        made.set(name, writable(value))
    if node.text:
        made.text = writable(node.text)
    made.extend([_element(child) for child in node.children])
    return made
