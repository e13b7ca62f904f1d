"""``POST /ispws/check`` over a real connection: an answer to everything, and nothing kept."""

from __future__ import annotations

import httpx
import pytest
from django.test import Client
from tests.ispws.serving import SECRET
from tests.ispws.wire import field_part, file_part, joined, report, suspect
from tests.personas import VIEWED, basic

from tipline.ground.accounts import services as accounts
from tipline.ground.foundation.actor import SYSTEM

XML = "text/xml; charset=utf-8"
CAPTURE = (
    "<espIdentifier>u1</espIdentifier><ipCaptureEvent><ipAddress>169.229.216.200</ipAddress>"
    "<dateTime>2026-02-03T04:05:00Z</dateTime></ipCaptureEvent>"
)
SEEN = "<fileDetails><fileViewedByEsp>true</fileViewedByEsp></fileDetails>"
TABLES = (
    "reports_report", "intake_submission", "intake_refusedcall", "foundation_job", "audit_entry",
    "evidence_evidencefile", "triage_assessment",
)  # fmt: skip


@pytest.fixture
def http(server):
    with httpx.Client(base_url=server.base, auth=("harborline", SECRET), timeout=60) as client:
        yield client


def send(http, body, content_type=XML, **more):
    return http.post("/ispws/check", content=body, headers={"Content-Type": content_type}, **more)


FORM = "multipart/form-data; boundary=b"


def parts(*sent):
    return joined("b", [field_part(name, value) for name, value in sent]), FORM


def counted(server):
    names = {row[0] for row in server.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {"reports_report", "intake_submission", "intake_refusedcall"} <= names
    return {name: server.rows(f"SELECT count(*) FROM {name}") for name in TABLES if name in names}


def test_a_good_report(http):
    answer = send(http, suspect(CAPTURE))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["Request-ID"]
    told = answer.json()
    assert (told["valid"], told["errors"], told["disposition"]) == (True, [], "referral")
    assert told["danger"]["value"] == sum(r["points"] for r in told["danger"]["reasons"])
    assert {wish["code"] for wish in told["would_help"]}
    assert {"missing", "reasons", "warnings", "actionability", "may_change"} <= set(told)


def test_a_report_with_details_and_a_count(http):
    sent = parts(("files", "3"), ("fileDetails", SEEN), ("report", report().decode()))
    told = send(http, *sent).json()
    assert told["valid"]
    assert "triage.file" in {r["code"] for r in told["actionability"]["reasons"]}


def test_what_is_wrong_has_its_place(http):
    told = send(http, report(kind="No such type")).json()
    assert not told["valid"]
    (error,) = told["errors"]
    assert (error["line"], error["code"]) == (1, "unknown_value")
    assert error["column"] > 1
    assert error["path"] == "/report/incidentSummary/incidentType"


@pytest.mark.parametrize(
    "body",
    [b"", b"<html/>", b"\xff\xfe", b"\x00" * 99, b"<!DOCTYPE a><report/>", b"<report>" * 99_999],
    ids=["empty", "root", "utf-16", "zeros", "doctype", "deep"],
)
def test_hostile_bodies_are_answered(http, body):
    answer = send(http, body)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["valid"], told["readable"], told["disposition"]) == (False, False, None)
    assert told["errors"][0]["message"]


@pytest.mark.parametrize(
    ("body", "content_type", "status", "said"),
    [
        (b"x" * (17 * 1024 * 1024), XML, 413, "larger than"),
        (b"nothing", FORM, 400, "ends inside"),
        (b"nothing", "multipart/form-data", 400, "boundary"),
        (*parts(("fileDetails", SEEN)), 400, "report: Send the report"),
        (*parts(("report", "<report/>"), ("report", "<report/>")), 400, "one report"),
        (*parts(("report", "<report/>"), ("files", "-1")), 400, "files: Give a number"),
        (*parts(("report", "<report/>"), ("other", "x")), 400, "other: A check takes no such"),
        (joined("b", [file_part(b"bytes")]), FORM, 400, "file: A check"),
    ],
    ids=["large", "cut", "boundary", "no report", "two", "count", "unknown", "file"],
)  # fmt: skip
def test_what_is_no_check_says_why(http, body, content_type, status, said):
    answer = send(http, body, content_type)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"] == 4000
    assert said in error["message"]


def test_who_is_nobody_learns_nothing(server):
    answer = httpx.post(f"{server.base}/ispws/check", content=report(), timeout=60)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_only_post(http):
    answer = http.get("/ispws/check")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_nothing_is_stored_and_the_books_stand_still(server, http):
    before, books, objects = counted(server), server.books(), server.objects()
    for body in (suspect(CAPTURE), report(kind="x"), b"", b"<html/>"):
        send(http, body)
    send(http, *parts(("fileDetails", SEEN)))
    http.get("/ispws/check")
    assert counted(server) == before
    assert server.books() == books
    assert server.objects() == objects


@pytest.mark.django_db
class TestSender:
    """In this process: whose profile it is, and the strict switch."""

    @pytest.fixture
    def told(self, world):
        def ask(name, body, content_type=XML):
            answer = Client(headers=basic(name)).post(
                "/ispws/check", data=body, content_type=content_type
            )
            assert answer.status_code == 200
            return answer.json()

        return ask

    @staticmethod
    def opens(told):
        return "triage.file_openable" in {r["code"] for r in told["actionability"]["reasons"]}

    def test_its_own_profile_says_what_its_flags_mean(self, world, told):
        sent = parts(("report", report().decode()), ("fileDetails", SEEN))
        assert self.opens(told("harborline", *sent))
        assert not self.opens(told("quillnet", *sent))
        changed = {**VIEWED, "viewed_means": "other"}
        accounts.set_esp_profile(SYSTEM, world.organisations["Harborline"], changed)
        assert not self.opens(told("harborline", *sent))

    def test_the_strict_switch_is_respected(self, told, settings):
        body = suspect("<odd/>")
        assert told("quillnet", body)["valid"]
        settings.TIPLINE_ESP_STRICT = True
        found = told("quillnet", body)
        assert (found["valid"], found["strict"]) == (False, True)
        assert found["disposition"]

    def test_other_reports_change_nothing(self, told, django_assert_max_num_queries):
        before = told("harborline", suspect(CAPTURE))
        Client(headers=basic("harborline")).post(
            "/ispws/submit", data=suspect(CAPTURE), content_type=XML
        )
        with django_assert_max_num_queries(4):
            assert told("harborline", suspect(CAPTURE)) == before
