"""Every answer of the API: its code, its HTTP status, its bytes, and what strict clients see."""

from __future__ import annotations

import hashlib

import pytest
from django.test import Client
from tests.ispws.strict_client import DECLARATION, ApiError, parse
from tests.ispws.transports import InProcess
from tests.ispws.wire import details, report
from tests.personas import basic

from tipline.ground.foundation.actor import SYSTEM
from tipline.record.intake.models import RefusedCall, Submission
from tipline.record.intake.queries import books

pytestmark = pytest.mark.django_db
SUPPLEMENTAL = "<fileRelevance>Supplemental Reported</fileRelevance>"
POSTS = ("submit", "upload", "fileinfo", "finish", "retract")


def _body(inner, root="reportResponse"):
    return DECLARATION + f"<{root}>{inner}</{root}>".encode()


def _refused(call, *given):
    with pytest.raises(ApiError) as refusal:
        call(*given)
    return refusal.value


@pytest.fixture
def caller(world):
    return InProcess()


# --- bytes ---------------------------------------------------------------------------------


def test_the_bytes_of_success(caller):
    submitted = caller.request("POST", "submit", xml=report())
    number = int(parse(submitted.content).children[2].text)
    assert submitted.content == _body(
        "<responseCode>0</responseCode><responseDescription>Success</responseDescription>"
        f"<reportId>{number}</reportId>"
    )
    form = {"id": str(number)}
    uploaded = caller.request("POST", "upload", form=form, file=("a.png", b"abc", "image/png"))
    file_id = parse(uploaded.content).children[3].text
    assert uploaded.content == _body(
        "<responseCode>0</responseCode><responseDescription>Success</responseDescription>"
        f"<reportId>{number}</reportId><fileId>{file_id}</fileId>"
        f"<hash>{hashlib.md5(b'abc').hexdigest()}</hash>"
    )
    described = caller.request("POST", "fileinfo", xml=details(number, file_id))
    assert described.content == _body(
        "<responseCode>0</responseCode><responseDescription>Success</responseDescription>"
        f"<reportId>{number}</reportId><fileId>{file_id}</fileId>"
    )
    finished = caller.request("POST", "finish", form=form)
    assert finished.content == _body(
        f"<responseCode>0</responseCode><reportId>{number}</reportId>"
        f"<files><fileId>{file_id}</fileId></files>",
        "reportDoneResponse",
    )
    again = caller.request("POST", "finish", form=form)
    assert again.content == _body(
        f"<responseCode>5102</responseCode><reportId>{number}</reportId><files/>"
        "<responseDescription>The report has been finished already.</responseDescription>",
        "reportDoneResponse",
    )
    for answer in (submitted, uploaded, described, finished, again):
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/xml;charset=UTF-8"


def test_status_has_no_report_id(caller):
    root = parse(caller.request("GET", "status").content)

    assert [child.name for child in root.children] == ["responseCode", "responseDescription"]


# --- codes ---------------------------------------------------------------------------------


def _state(api, other_esp, name):
    """A report in that state, and the number to call it by."""
    if name == "unknown":
        return 1
    number = (other_esp if name == "foreign" else api).submit(report()).report_id
    if name == "finished":
        api.finish(number)
    if name == "retracted":
        api.retract(number)
    return number


#: Codes of upload, finish, retract and fileinfo (of an unknown file) in each state.
STATES = {
    "open": (0, 0, 0, 5002),
    "finished": (5102, 5102, 5102, 5102),
    "retracted": (5101, 5101, 5101, 5101),
    "unknown": (5001, 5001, 5001, 5001),
    "foreign": (5001, 5001, 5001, 5001),
}


@pytest.mark.parametrize("state", STATES)
def test_each_call_in_each_state(api, other_esp, state):
    calls = (
        lambda number: api.upload(number, b"bytes"),
        api.finish,
        api.retract,
        lambda number: api.fileinfo(details(number, "ab" * 16)),
    )
    for code, call in zip(STATES[state], calls, strict=True):
        number = _state(api, other_esp, state)
        if code == 0:
            assert call(number).report_id == number
        else:
            refusal = _refused(call, number)
            assert (refusal.code, refusal.report_id) in {(code, number), (code, 0)}
            assert RefusedCall.objects.filter(code=str(code), number=str(number)).exists()


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"", 4110),
        (b"<report>", 4110),
        (report(after="<additionalInfo>a & b</additionalInfo>"), 4110),
        (b"<!DOCTYPE report>" + report(), 4110),
        (b"not xml at all", 4110),
        (b"<fileDetails/>", 4100),
        (b'<report xmlns="urn:other"/>', 4100),
        (b"<report/>", 4100),
        (report(kind="Something Else"), 4100),
        (report(time="yesterday"), 4100),
        (report(time="2999-01-01T00:00:00Z"), 4100),
    ],
)
def test_submissions_that_are_refused(api, xml, code):
    refusal = _refused(api.submit, xml)

    assert (refusal.code, refusal.report_id) == (code, 0)
    row = Submission.objects.get()
    assert (row.answer, row.code, row.size, row.report_id) == ("refused", str(code), len(xml), None)
    assert row.sha256 == hashlib.sha256(xml).hexdigest()


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ("<exifViewedByEsp>true</exifViewedByEsp>", 4100),
        (SUPPLEMENTAL + "<industryClassification>A1</industryClassification>", 4100),
        ("<industryClassification>C9</industryClassification>", 4100),
        ("<additionalInfo>a & b</additionalInfo>", 4110),
    ],
)
def test_file_details_that_are_refused(api, inner, code):
    number = api.submit(report()).report_id
    file_id = api.upload(number, b"bytes").file_id

    assert _refused(api.fileinfo, details(number, file_id, inner)).code == code
    assert _refused(api.fileinfo, details(number, "", inner)).code in {4100, 4110}


def test_what_is_no_report_number_is_4000(api):
    for text in ("", " ", "x", "-1", "0", "1.5", "9" * 17, "\uff19", "1 2", "0x10"):
        for call in (api.finish, api.retract):
            assert _refused(call, text).code == 4000
        assert _refused(api.upload, text, b"bytes").code == 4000


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", ["finish", "retract"])
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"number=7", "application/x-www-form-urlencoded"),
        (b"<report/>", "text/xml"),
        (b"id=" + b"1" * 70_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"a=1" for _ in range(100)), "application/x-www-form-urlencoded"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"id=7", "multipart/form-data"),
    ],
)
def test_forms_without_a_number_are_4000(world, name, body, content_type):
    answer = Client(headers=basic("harborline")).post(
        f"/ispws/{name}", data=body, content_type=content_type
    )
    root = parse(answer.content)

    assert root.name == ("reportDoneResponse" if name == "finish" else "reportResponse")
    assert (answer.status_code, root.children[0].text) == (200, "4000")
    assert RefusedCall.objects.get().call == name


# --- who and how ---------------------------------------------------------------------------

WRONG = [
    {},
    basic("harborline", "wrong"),
    basic("nobody"),
    {"Authorization": "Basic"},
    {"Authorization": "Basic ???"},
    {"Authorization": "Basic bm9jb2xvbg=="},
    {"Authorization": "Basic /////w=="},
    {"Authorization": "Bearer " + "a" * 40},
    basic("a\0b"),
    basic("x" * 10_000),
]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("path", ["status", "xsd", *POSTS, "nowhere"])
def test_without_credentials_everything_is_401(world, path):
    method = "post" if path in POSTS else "get"
    for headers in WRONG:
        answer = getattr(Client(), method)(f"/ispws/{path}", headers=headers)
        root = parse(answer.content)

        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith('Basic realm="ESP Web Services"')
        assert answer["Request-ID"]
        assert [child.text for child in root.children] == ["2000", "Authentication required.", "0"]


def test_a_suspended_account_is_401(api, world):
    row = world.credentials["harborline"]
    row.active = False
    row.save(update_fields=["active"])

    assert _refused(api.status).code == 401


def test_a_suspended_esp_is_401(api, world):
    esp = world.organisations["Harborline"]
    esp.active = False
    esp.save(update_fields=["active"])

    assert _refused(api.submit, report()).code == 401


@pytest.mark.sqlite_only
@pytest.mark.parametrize("path", ["status", "xsd", *POSTS])
def test_another_method_is_405_in_the_same_shape(world, path):
    allowed = "post" if path in POSTS else "get"
    client = Client(headers=basic("harborline"))
    for method in {"get", "post", "put", "delete", "patch", "options"} - {allowed}:
        answer = getattr(client, method)(f"/ispws/{path}")
        root = parse(answer.content)

        assert (answer.status_code, answer["Allow"]) == (405, allowed.upper())
        assert answer["Request-ID"]
        assert root.name == ("reportDoneResponse" if path == "finish" else "reportResponse")
        assert root.children[0].text == "4000"
    assert RefusedCall.objects.filter(call=path, code="4000").count() == 5


@pytest.mark.sqlite_only
@pytest.mark.parametrize("path", ["", "nowhere", "submit/", "status/x", "a%0Ab", "%00", "Submit"])
def test_an_unknown_endpoint_is_404_in_the_same_shape(world, path):
    for method in ("get", "post"):
        answer = getattr(Client(headers=basic("harborline")), method)(f"/ispws/{path}")
        root = parse(answer.content)

        assert answer.status_code == 404
        assert answer["Request-ID"]
        assert root.name == "reportResponse"
        assert root.children[0].text == "1210"


def test_a_fault_is_500_in_the_same_shape_and_books_nothing(world, monkeypatch):
    from tipline.record.intake import services as intake

    def fail(*_given):
        raise RuntimeError("a fault")

    for name in ("submit", "finish", "retract", "refuse_call"):
        monkeypatch.setattr(intake, name, fail)
    client = Client(headers=basic("harborline"))
    for path, root_name in (("submit", "reportResponse"), ("finish", "reportDoneResponse")):
        answer = client.post(f"/ispws/{path}", data=report(), content_type="text/xml")
        root = parse(answer.content)
        assert (answer.status_code, root.name) == (500, root_name)
        assert root.children[0].text == "1000"
        assert answer["Request-ID"]
        assert b"a fault" not in answer.content
    assert books(SYSTEM).lines == []


def test_no_description_is_empty_or_a_number(api):
    """Over every refusal that the clients can provoke; they check each description themselves."""
    number = api.submit(report()).report_id
    api.finish(number)
    seen = set()
    for call, given in (
        (api.submit, b"<report/>"),
        (api.submit, b"&"),
        (api.retract, number),
        (api.finish, number),
        (api.finish, 1),
        (api.finish, "x"),
        (api.upload, 1),
        (api.fileinfo, b"<fileDetails/>"),
    ):
        refusal = _refused(call, given, b"x") if call == api.upload else _refused(call, given)
        assert refusal.description.strip()
        seen.add(refusal.code)
    assert seen == {4000, 4100, 4110, 5001, 5102}


def test_long_problems_are_cut_to_a_bounded_description(api):
    wrong = "".join(f"<strange{n}>x</strange{n}>" for n in range(200))
    refusal = _refused(api.submit, f"<report>{wrong}</report>".encode())

    assert 0 < len(refusal.description) <= 2000
