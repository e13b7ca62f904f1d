"""The hostile XML corpus through the doors: refused with 4110 or 4100, booked, quickly over."""

from __future__ import annotations

import pytest
from tests.foundation.test_xml_hostile import FORBIDDEN
from tests.hostile.door import SMALL

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]  # refused before any is asked

XXE = b'<!DOCTYPE report [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
FILE_DETAILS = b"<fileDetails><reportId>1</reportId><fileId>ab</fileId>%s</fileDetails>"
#: Hostile, and in the guise of a report: what the reader must see through.
GUISED = {
    "entity in a report": XXE + SMALL.replace(b"desk@", b"&e;@"),
    "unknown entity": SMALL.replace(b"desk@", b"&e;@"),
    "NUL byte": SMALL.replace(b"desk@", b"\0@"),
    "NUL as a reference": SMALL.replace(b"desk@", b"&#0;@"),
    "control character": SMALL.replace(b"desk@", b"&#x1;@"),
    "surrogate": SMALL.replace(b"desk@", b"&#xD800;@"),
    "surrogate in bytes": SMALL.replace(b"desk@", b"\xed\xa0\x80@"),
    "broken UTF-8": SMALL.replace(b"desk@", b"\xff@"),
    "overlong UTF-8": SMALL.replace(b"desk@", b"\xc0\xaf@"),
    "two roots": SMALL + SMALL,
    "text behind the root": SMALL + b"x",
    "two declarations": b'<?xml version="1.0"?><?xml version="1.0"?>' + SMALL,
    "declaration behind a space": b' <?xml version="1.0"?>' + SMALL,
    "XML 1.1": b'<?xml version="1.1"?>' + SMALL.replace(b"desk@", b"&#x1;@"),
    "wrong encoding told": b'<?xml version="1.0" encoding="UTF-16"?>' + SMALL,
    "no such encoding": b'<?xml version="1.0" encoding="x-none"?>' + SMALL,
    "the same attribute twice": SMALL.replace(b"<report>", b'<report a="1" a="2">'),
    "unbound prefix": SMALL.replace(b"report>", b"x:report>"),
    "namespace on the root": SMALL.replace(b"<report>", b'<report xmlns="urn:x">'),
    "HTML": b"<html><body onload='x()'><report></body></html>",
    "SOAP": b'<s:Envelope xmlns:s="urn:s"><s:Body>' + SMALL + b"</s:Body></s:Envelope>",
    "JSON": b'{"report": {}}',
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "an archive": b"PK\x03\x04" + bytes(200),
    "white space": b" \n" * 1000,
    "nothing": b"",
}


@pytest.mark.parametrize("corpus", [FORBIDDEN, GUISED], ids=["forbidden", "in disguise"])
def test_refused_by_both_doors_of_xml(door, corpus):
    for name, body in corpus.items():
        for path in ("submit", "fileinfo"):
            code, answer = door.send(path, body)
            assert code in {4100, 4110}, name
            assert len(answer.content) < 4_000, name
            assert b"root:" not in answer.content, name
    assert len(corpus) > 20


def test_file_details_in_disguise(door):
    for harm in (b"\0", b"\xff", b"&e;", b"&#0;", b"\xed\xa0\x80"):
        body = FILE_DETAILS % (b"<additionalInfo>" + harm + b"</additionalInfo>")
        assert door.send("fileinfo", body)[0] == 4110, harm


def test_what_looks_hostile_but_is_text_is_kept(door):
    """Inclusion, style sheets, CDATA: inert, and part of what was said."""
    from tipline.record.reports.models import Report
    from tipline.record.reports.queries import document_of

    said = "<![CDATA[<!DOCTYPE x><script>alert(1)</script>]]>"
    body = SMALL.replace(b"</report>", f"<additionalInfo>{said}</additionalInfo></report>".encode())
    assert door.send("submit", b'<?xml-stylesheet href="http://127.0.0.1:9/"?>' + body)[0] == 0

    newest = Report.objects.order_by("-pk")[0]
    assert document_of(newest.pk)["additionalInfo"] == "<!DOCTYPE x><script>alert(1)</script>"
