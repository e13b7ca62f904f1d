"""What real clients send and a server must take: content types, forms, parts, marks, blanks."""

from __future__ import annotations

import hashlib

import pytest
from django.test import Client
from tests.ispws.strict_client import Guessing, Ordered, parse
from tests.ispws.transports import InProcess
from tests.ispws.wire import (
    details,
    field_part,
    file_part,
    joined,
    multipart,
    report,
    suspect,
)
from tests.personas import SECRET, basic

from tipline.ground.accounts.services import issue_credential
from tipline.ground.foundation.actor import SYSTEM
from tipline.record.evidence import vault
from tipline.record.evidence.models import EvidenceFile, FileDetails
from tipline.record.reports.queries import document_of, warnings_of

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

SCHEMA = (
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:noNamespaceSchemaLocation="https://report.invalid/ispws/xsd"'
)
ID_PART = field_part("id", "{}").decode()
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def http(world):
    return Client(headers=basic("harborline"))


@pytest.fixture
def esp(world):
    return Ordered(InProcess())


def _post(http, path, body, content_type):
    answer = http.post(f"/ispws/{path}", data=body, content_type=content_type)
    assert answer.status_code == 200
    return Ordered(None).read_response(parse(answer.content))


# --- content types and forms ---------------------------------------------------------------


@pytest.mark.parametrize(
    "content_type",
    [
        "text/xml",
        "text/xml; charset=utf-8",
        "text/plain;charset=UTF-8",
        "application/xml",
        "application/xml; charset=ISO-8859-1",
        "application/octet-stream",
        "multipart/form-data",
        "nonsense",
    ],
)
def test_xml_is_known_by_its_path_not_by_its_header(http, content_type):
    number = _post(http, "submit", report(), content_type).report_id
    file_id = Ordered(InProcess()).upload(number, b"bytes").file_id

    assert _post(http, "fileinfo", details(number, file_id), content_type).report_id == number


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("id={}", FORM),
        ("id={}", f"{FORM}; charset=UTF-8"),
        ("id={}", ""),
        ("id=+{}+", FORM),
        ("other=1&id={}&more=", FORM),
        ("id={}&", FORM),
        (f"--b\r\n{ID_PART}\r\n--b--\r\n", "multipart/form-data; boundary=b"),
        (f"--b\r\n{ID_PART}\r\n--b--", 'multipart/form-data; boundary="b"'),
        (
            f"--b\r\nContent-Type: text/plain\r\n{ID_PART}\r\n--b--",
            "Multipart/Form-Data; Boundary=b",
        ),
    ],
)
@pytest.mark.parametrize("path", ["finish", "retract"])
def test_forms_of_finish_and_retract(http, esp, path, body, content_type):
    number = esp.submit(report()).report_id
    answer = http.post(f"/ispws/{path}", data=body.format(number), content_type=content_type)
    root = parse(answer.content)

    assert root.children[0].text == "0", answer.content
    numbers = [child.text for child in root.children if child.name == "reportId"]
    assert numbers == [str(number)]


# --- uploads -------------------------------------------------------------------------------


def _upload(http, parts, boundary="b"):
    body = joined(boundary, parts)
    return _post(http, "upload", body, f"multipart/form-data; boundary={boundary}")


def _stored(file_id):
    row = EvidenceFile.objects.select_related("report__key").get(file_id=file_id)
    return row, b"".join(vault.read(row))


PARTS = {
    "id first": lambda number: [field_part("id", number), file_part(b"bytes")],
    "id after file": lambda number: [file_part(b"bytes"), field_part("id", number)],
    "no filename": lambda number: [field_part("id", number), file_part(b"bytes", None)],
    "no type": lambda number: [field_part("id", number), file_part(b"bytes", "a", "")],
    "neither": lambda number: [field_part("id", number), file_part(b"bytes", None, "")],
    "more fields": lambda number: [
        field_part("first", "1"),
        field_part("id", number),
        field_part("reportId", "99"),
        file_part(b"bytes"),
        field_part("last", "x" * 100_000),
    ],
    "id twice": lambda number: [
        field_part("id", number),
        file_part(b"bytes"),
        field_part("id", number),
    ],
}


@pytest.mark.parametrize("shape", PARTS)
def test_shapes_of_an_upload(http, esp, shape):
    number = esp.submit(report()).report_id
    answer = _upload(http, PARTS[shape](str(number)))

    assert (answer.report_id, answer.digest) == (number, hashlib.md5(b"bytes").hexdigest())
    assert _stored(answer.file_id)[1] == b"bytes"


@pytest.mark.parametrize(
    "content",
    [b"", b"\r\n", b"\r\n--b", b"--b--\r\n", b"\0" * 300_000, b"\r\n--" * 50_000, b"x" * 262_144],
)
def test_any_bytes_arrive_whole(http, esp, content):
    number = esp.submit(report()).report_id
    parts = [field_part("id", str(number)), file_part(content)]
    answer = _upload(http, parts, "----boundary-0")

    row, stored = _stored(answer.file_id)
    assert stored == content
    assert answer.digest == hashlib.md5(content).hexdigest() == row.md5
    assert row.sha1 == hashlib.sha1(content).hexdigest()
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    assert row.size == len(content)
    assert esp.finish(number).files == (answer.file_id,)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("grüße-日本.png", "grüße-日本.png"),
        ('quo\\"te.png', 'quo"te.png'),
        ("semi;colon=1.png", "semi;colon=1.png"),
        ("../../etc/passwd", "../../etc/passwd"),
        ("", ""),
        ("x" * 3000, "x" * 2056),
        ("nul\0byte", "nul\ufffdbyte"),
    ],
)
def test_names_are_kept_as_sent(http, esp, sent, kept):
    number = esp.submit(report()).report_id
    answer = _upload(http, [field_part("id", str(number)), file_part(b"x", sent)])

    assert EvidenceFile.objects.get(file_id=answer.file_id).name == kept


def test_a_name_in_broken_utf8_does_not_break_the_upload(http, esp):
    number = esp.submit(report()).report_id
    head = b'Content-Disposition: form-data; name="file"; filename="\xff\xfe.png"\r\n\r\n'
    answer = _upload(http, [field_part("id", str(number)), head + b"x"])

    assert EvidenceFile.objects.get(file_id=answer.file_id).name == "\ufffd\ufffd.png"


def test_a_second_file_in_one_upload_is_refused_not_lost(http, esp):
    number = esp.submit(report()).report_id
    parts = [field_part("id", str(number)), file_part(b"one"), file_part(b"two")]
    body = joined("b", parts)
    answer = http.post("/ispws/upload", data=body, content_type="multipart/form-data; boundary=b")

    assert parse(answer.content).children[0].text == "4200"
    assert esp.finish(number).files == ()


# --- XML -----------------------------------------------------------------------------------

TEXT = report("<reportAnnotations><sextortion/></reportAnnotations>").decode()
INDENTED = TEXT.replace("><", ">\n    <")


@pytest.mark.parametrize(
    "xml",
    [
        TEXT.encode(),
        b"<?xml version='1.0' encoding='utf-8'?>\n" + TEXT.encode(),
        b'<?xml version="1.0" encoding="UTF-8"?>' + TEXT.encode(),
        b'<?xml version="1.0"?>\r\n' + TEXT.encode(),
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + TEXT.encode() + b"\n\n",
        b"\xef\xbb\xbf" + TEXT.encode(),
        b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>' + TEXT.encode(),
        TEXT.replace("<report>", f"<report{SCHEMA}>").encode(),
        INDENTED.encode(),
        INDENTED.replace("\n", "\r\n").encode(),
        TEXT.replace("<sextortion/>", "<sextortion />").encode(),
        TEXT.replace("<sextortion/>", "<sextortion></sextortion>").encode(),
        TEXT.replace("<sextortion/>", "<sextortion>true</sextortion>").encode(),
        TEXT.replace("<sextortion/>", "<sextortion>1</sextortion>").encode(),
        TEXT.encode("utf-16"),
        f"<!-- a comment -->{TEXT}<?app x?>".encode(),
    ],
)
def test_one_report_in_many_spellings(esp, xml):
    number = esp.submit(xml).report_id
    document = document_of(number)

    assert document["incidentSummary"]["reportAnnotations"] == {"sextortion": True}
    assert document["reporter"]["reportingPerson"]["email"] == [{"value": "desk@esp.example"}]
    assert warnings_of(number) == []


@pytest.mark.parametrize("blank", ["<{}/>", "<{} />", "<{}></{}>", "<{}>  \n </{}>"])
def test_blanks_are_absent_and_a_blank_escalation_does_not_escalate(esp, blank):
    def empty(name):
        return blank.replace("{}", name)

    xml = report(
        empty("platform") + empty("escalateToHighPriority") + empty("reportAnnotations"),
        f"<personOrUserReported>{empty('screenName')}<displayName>kept</displayName>"
        f"{empty('profileBio')}</personOrUserReported>{empty('additionalInfo')}",
    )
    document = document_of(esp.submit(xml).report_id)

    assert set(document["incidentSummary"]) == {"incidentType", "incidentDateTime"}
    assert document["personOrUserReported"] == [{"displayName": ["kept"]}]
    assert "additionalInfo" not in document


def test_a_blank_escalation_gives_no_danger(world, esp):
    from tipline.insight.triage.queue import newest_assessment
    from tipline.pipeline import stages

    bands = {}
    for words in ("", "  ", "The child said that he is outside the house now."):
        text = f"<escalateToHighPriority>{words}</escalateToHighPriority>"
        number = esp.submit(report(text)).report_id
        esp.finish(number)
        stages.run(number)
        bands[words] = newest_assessment(number).result["danger"]["band"]

    assert bands[""] == bands["  "] != bands["The child said that he is outside the house now."]


@pytest.mark.parametrize(
    "time",
    [
        "2026-02-03T04:05:06",
        "2026-02-03T04:05:06Z",
        "2026-02-03T04:05:06.123456Z",
        "2026-02-03T04:05:06.123456789+02:00",
        "2026-02-03T04:05:06-07:00",
        "0001-01-01T00:00:00Z",
    ],
)
def test_times_stay_as_written(esp, time):
    event = f"<ipAddress>192.0.2.7</ipAddress><dateTime>{time}</dateTime>"
    block = f"<personOrUserReported><ipCaptureEvent>{event}</ipCaptureEvent></personOrUserReported>"
    xml = report(after=block, time=time)
    document = document_of(esp.submit(xml).report_id)

    assert document["incidentSummary"]["incidentDateTime"] == time
    assert document["personOrUserReported"][0]["ipCaptureEvent"][0]["dateTime"] == time


def test_a_time_without_zone_is_flagged_for_the_esp(esp):
    number = esp.submit(report(time="2026-02-03T04:05:06")).report_id

    assert [w["code"] for w in warnings_of(number)] == ["time_without_zone"]


def test_identifiers_are_never_type_checked(esp):
    for text in ("2139", "00042", "1e5", "1.2345678901234568e+21", "  padded  ", "0x1F"):
        number = esp.submit(suspect(f"<espIdentifier>{text}</espIdentifier>")).report_id
        kept = document_of(number)["personOrUserReported"][0]["espIdentifier"]
        assert kept == text


def test_several_addresses_of_a_file_are_all_kept(esp):
    number = esp.submit(report()).report_id
    file_id = esp.upload(number, b"x").file_id
    addresses = ["192.0.2.7", "2001:db8::7"]
    events = "".join(
        f"<ipCaptureEvent><ipAddress>{a}</ipAddress></ipCaptureEvent>" for a in addresses
    )
    esp.fileinfo(details(number, file_id, events))

    kept = FileDetails.objects.get().document["ipCaptureEvent"]
    assert [event["ipAddress"] for event in kept] == addresses


def test_file_details_again_become_the_next_version(esp):
    number = esp.submit(report()).report_id
    file_id = esp.upload(number, b"x").file_id
    for viewed in ("false", "true", "true"):
        esp.fileinfo(details(number, file_id, f"<fileViewedByEsp>{viewed}</fileViewedByEsp>"))

    versions = FileDetails.objects.order_by("version").values_list("version", "document")
    assert [(v, d["fileViewedByEsp"]) for v, d in versions] == [(1, False), (2, True)]


def test_the_raw_bytes_are_kept_sealed(world, esp):
    from tipline.ground.foundation import sealing
    from tipline.ground.foundation.keys import open_data_key
    from tipline.record.intake.models import Submission

    xml = report(after="<additionalInfo>canary-of-the-raw-bytes</additionalInfo>")
    esp.submit(xml)
    row = Submission.objects.select_related("key").get()

    assert b"canary" not in bytes(row.raw)
    assert sealing.unseal(bytes(row.raw), open_data_key(row.key)) == xml
    assert row.size == len(xml)


def test_a_user_name_of_digits_does_not_make_a_number_of_the_status(world):
    esp = world.organisations["Harborline"]
    issue_credential(SYSTEM, esp, "12345", SECRET)

    assert "12345" in Guessing(InProcess("12345")).status().description


def test_a_multipart_body_with_preamble_and_epilogue(http, esp):
    number = esp.submit(report()).report_id
    body = multipart("b", [("id", str(number))], ("a.png", b"bytes", "image/png"))
    answer = _post(
        http, "upload", b"preamble\r\n" + body + b"epilogue", "multipart/form-data; boundary=b"
    )

    assert answer.digest == hashlib.md5(b"bytes").hexdigest()
