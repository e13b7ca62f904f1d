"""Reading and writing of harmless XML: what comes out, and where errors point."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.ground.foundation.xml import (
    ForbiddenXml,
    MalformedXml,
    Node,
    Schema,
    element,
    read,
    to_bytes,
)

XSD = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:element name="r"><xs:complexType><xs:sequence>
<xs:element name="n" type="xs:int" maxOccurs="2"/>
</xs:sequence></xs:complexType></xs:element></xs:schema>"""

ENCODED = [
    ("utf-8", "", b""),
    ("utf-8", '<?xml version="1.0" encoding="UTF-8"?>', b""),
    ("utf-8", "<?xml version='1.0' encoding='utf-8'?>\n", b""),
    ("utf-8", "", b"\xef\xbb\xbf"),
    ("utf-8", '<?xml version="1.0" encoding="utf-8"?>', b"\xef\xbb\xbf"),
    ("utf-16", "", b""),
    ("utf-16", '<?xml version="1.0" encoding="UTF-16"?>', b""),
    ("utf-16-be", "", b"\xfe\xff"),
    ("utf-16-le", "", b"\xff\xfe"),
    ("utf-16-le", '<?xml version="1.0" encoding="UTF-16LE"?>', b""),
    ("iso-8859-1", '<?xml version="1.0" encoding="ISO-8859-1"?>', b""),
    ("windows-1252", '<?xml version="1.0" encoding="windows-1252"?>', b""),
    ("cp1251", '<?xml version="1.0" encoding="windows-1251"?>', b""),
]


@pytest.mark.parametrize(("encoding", "declaration", "mark"), ENCODED)
def test_encodings_and_marks_give_the_same_text(encoding, declaration, mark):
    word = "Журнал" if encoding == "cp1251" else "Café"
    data = mark + f"{declaration}<r>{word}</r>".encode(encoding)
    assert read(data).text == word


def test_nodes_carry_names_attributes_text_and_lines():
    root = read(b'<r a="1">\n<x:c xmlns:x="urn:x" x:b="2">t</x:c>\n</r>')
    assert (root.tag, dict(root.attributes), root.line) == ("r", {"a": "1"}, 1)
    child = root.children[0]
    assert (child.tag, child.text, child.line) == ("{urn:x}c", "t", 2)
    assert dict(child.attributes) == {"{urn:x}b": "2"}


def test_nodes_cannot_be_changed():
    root = read(b'<r a="1"/>')
    with pytest.raises(AttributeError):
        root.tag = "other"
    with pytest.raises(TypeError):
        root.attributes["a"] = "2"


def test_text_survives_comments_instructions_and_cdata():
    root = read(
        b"<?p q?><!-- a --><r>one<!-- & < --> two<?x y?><![CDATA[ <&> ]]><c/>three</r><!--b-->"
    )
    assert root.text == "one two <&> three"
    assert [child.tag for child in root.children] == ["c"]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"<r>\n<a>x?b=1&c=2</a></r>", 2),
        (b"<r>\n\n<a>", 3),
        (b"", 1),
        (b"   ", 1),
        (b"plain words", 1),
        (b"<r/>\n<r/>", 2),
        (b"<r/>words", 1),
        (b"<r>&unknown;</r>", 1),
        (b"<r>&#0;</r>", 1),
        (b"<r>&#xD800;</r>", 1),
        (b"<r>\n\xff</r>", 2),
        (b"<r>\xed\xa0\x80</r>", 1),
        (b"<r>a\0b</r>", 1),
        (b"<r a='1' a='2'/>", 1),
        (b"<r><a></r></a>", 1),
        (b'<?xml version="1.0" encoding="klingon"?><r/>', 1),
        (b'<?xml version="1.0" encoding="UTF-16"?><r/>', 1),
        ('<?xml version="1.0" encoding="IBM037"?><r/>'.encode("cp037"), 1),
        (b"<x:r/>", 1),
        (b'<r x:a="1"/>', 1),
        (b'<r xmlns:x="u" xmlns:y="u" x:a="1" y:a="2"/>', 1),
        (b'<r xmlns:xml="urn:other"/>', 1),
    ],
)
def test_malformed_documents_name_their_line(data, line):
    with pytest.raises(MalformedXml) as caught:
        read(data)
    assert caught.value.line == line
    assert caught.value.reason
    assert "string" not in caught.value.reason  # no trace of how it was parsed


def test_a_cut_off_document_is_malformed_at_every_length():
    whole = b'<?xml version="1.0"?><r a="1"><c>text &amp; more</c></r>'
    assert read(whole).tag == "r"
    for length in range(len(whole)):
        with pytest.raises(MalformedXml):
            read(whole[:length])


def test_the_writer_escapes_and_never_fails():
    node = element("r", element("c", text="<&>\x00\ud800\x0b ok"), attributes={"a": '"\n<\x01'})
    data = to_bytes(node)
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><r ')
    assert read(data).children[0].text == "<&>\ufffd\ufffd\ufffd ok"
    assert read(data).attributes["a"] == '"\n<\ufffd'


def test_the_writer_can_indent_and_leave_out_the_declaration():
    node = element("r", element("c", text="x"))
    assert to_bytes(node, declaration=False) == b"<r><c>x</c></r>"
    assert to_bytes(node, indent=True).endswith(b"\n<r>\n  <c>x</c>\n</r>")


names = st.sampled_from(["a", "b", "report", "{urn:x}c"])
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)
writable = texts.filter(
    lambda text: all(c >= " " or c in "\t\n" for c in text) and "\r" not in text
)
trees = st.recursive(
    st.builds(
        lambda tag, text, attributes: element(tag, text=text, attributes=attributes),
        names,
        writable,
        st.dictionaries(st.sampled_from(["x", "y"]), writable, max_size=2),
    ),
    lambda inner: st.builds(
        lambda tag, children: element(tag, *children), names, st.lists(inner, max_size=4)
    ),
    max_leaves=12,
)


def shape(node: Node):
    text = node.text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    values = {
        name: value.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
        for name, value in node.attributes.items()
    }
    return node.tag, values, text, [shape(child) for child in node.children]


@given(trees)
def test_what_is_written_is_read_again(tree):
    assert shape(read(to_bytes(tree))) == shape(tree)


def test_a_schema_lists_what_is_wrong_with_paths():
    schema = Schema(XSD)
    assert schema.problems(b"<r><n>1</n></r>") == []
    found = schema.problems(b"<r>\n<n>x</n>\n<m/>\n</r>")
    assert [(each.line, each.path) for each in found] == [(2, "/r/n"), (3, "/r/m")]
    assert all(each.message for each in found)
    with pytest.raises(MalformedXml):
        schema.problems(b"<r>")
    with pytest.raises(ForbiddenXml):
        schema.problems(b"<!DOCTYPE r><r><n>1</n></r>")
