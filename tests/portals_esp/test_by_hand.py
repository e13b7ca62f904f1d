"""A report by hand walks the same way as one by the API, and its files never lie in plain."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from django.core import signing
from django.test import Client
from tests.personas import file_report
from tests.portals_esp.by_hand import DAY, FACTS, SAID, send, start, token_of, upload_url
from tests.portals_esp.conftest import signed_in

from tipline.ground.foundation.xml import read
from tipline.pipeline import stages
from tipline.record.evidence import vault
from tipline.record.evidence.queries import details_of, files_of
from tipline.record.intake.models import Submission
from tipline.record.intake.queries import books
from tipline.record.reports.models import Report
from tipline.record.reports.queries import document_of
from tipline.record.reports.writing import report_xml

pytestmark = pytest.mark.django_db
CANARY = b"a canary that must never lie on a disk in plain " * 40_000


def report_of(number):
    return Report.objects.get(pk=number)


def test_the_whole_way_from_the_facts_to_a_filed_report(world, enzo):
    number = start(enzo)
    answer = send(enzo, upload_url(enzo, number), b"picture", "one.png")
    file = files_of(number)[0]
    assert answer["Location"] == f"/esp/reports/{number}/files/{file.file_id}/"
    page = enzo.get(answer["Location"])
    assert "one.png is safe: 7" in page.content.decode()
    assert "1 file, 7" in page.content.decode()
    kept = enzo.post(answer["Location"], SAID)
    assert kept["Location"] == f"/esp/reports/{number}/files/"
    done = enzo.post(f"/esp/reports/{number}/finish/")

    assert done.status_code == 303
    assert report_of(number).state == "finished"
    assert report_of(number).door == "esp-desk"
    assert details_of([file])[file.pk]["fileViewedByEsp"] is True
    assert details_of([file])[file.pk]["uploadedToEspTimestamp"] == f"{DAY}T09:57:00Z"
    stages.run(number)
    assert books(world.actor("sofia"), check_files=True).balanced


def test_the_document_is_the_one_that_the_api_makes(enzo):
    document = document_of(start(enzo))

    assert document == {
        "incidentSummary": {
            "incidentType": "Online Enticement of Children for Sexual Acts",
            "platform": "Kites",
            "reportAnnotations": {"sextortion": True},
            "incidentDateTime": f"{DAY}T10:00:00-08:00",
            "incidentDateTimeDescription": "first message",
        },
        "internetDetails": [
            {"webPageIncident": {"url": ["https://kites.example/a", "https://kites.example/b"]}},
            {"chatImIncident": {"content": "hello & <welcome>\nsecond line"}},
        ],
        "reporter": {
            "reportingPerson": {
                "firstName": "Enzo",
                "email": [{"value": "safety@harborline.example"}],
            }
        },
        "personOrUserReported": [
            {
                "personOrUserReportedPerson": {
                    "phone": [{"value": "+14155550100"}],
                    "email": [{"value": "subject@example.org"}],
                },
                "espIdentifier": "user-1001",
                "screenName": "blue.kite",
                "ipCaptureEvent": [
                    {
                        "ipAddress": "169.229.216.200",
                        "eventName": "Upload",
                        "dateTime": f"{DAY}T09:58:00Z",
                        "port": 50123,
                    }
                ],
            }
        ],
        "additionalInfo": "He asked for more.",
    }
    assert read(report_xml(document)).tag == "report"


def test_an_unknown_zone_stays_unknown(enzo):
    number = start(enzo, incident_zone="unknown")

    assert document_of(number)["incidentSummary"]["incidentDateTime"] == f"{DAY}T10:00:00"
    page = enzo.get(f"/esp/reports/{number}/").content.decode()
    assert "The time of the incident has no zone." in page
    assert "has no time zone, so its instant is unknown" in page


def test_a_form_sent_twice_is_one_report(enzo):
    token = token_of(enzo.get("/esp/new/").content.decode())
    answers = [enzo.post("/esp/new/", {**FACTS, "token": token}) for _ in range(2)]

    assert len({answer["Location"] for answer in answers}) == 1
    assert [one.answer for one in Submission.objects.order_by("pk")] == ["opened", "duplicate"]


def test_a_form_sent_again_with_other_answers_asks_first(enzo):
    token = token_of(enzo.get("/esp/new/").content.decode())
    enzo.post("/esp/new/", {**FACTS, "token": token})
    again = enzo.post("/esp/new/", {**FACTS, "token": token, "narrative": "Other words."})

    html = again.content.decode()
    assert again.status_code == 409
    assert "This form was sent before" in html
    assert "Other words." in html
    assert token_of(html) != token
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"incident_type": ""}, "This field is required"),
        ({"incident_zone": ""}, "This field is required"),
        ({"contact_email": "no address"}, "valid email"),
        ({"incident_day": "2999-01-01"}, "lies in the future"),
        ({"ip": "1.2.3"}, "valid IPv4 or IPv6"),
        ({"ip": ""}, "Give the IP address too"),
        ({"ip_port": "70000"}, "less than or equal to 65535"),
        ({"ip_zone": ""}, "Give this too, or leave day, time and zone all empty"),
        ({"urls": "two words"}, "one address a line"),
        ({"narrative": "x" * 3001}, "at most 3000 characters"),
        ({"escalate": "x" * 3001}, "at most 3000 characters"),
    ],
)
def test_wrong_input_is_said_beside_the_field_and_nothing_is_lost(enzo, changes, words):
    answer = enzo.post("/esp/new/", {**FACTS, "token": "t", "screen_name": "kept.kite", **changes})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in html
    assert words in html
    assert 'value="kept.kite"' in html
    assert not Report.objects.exists()
    assert not Submission.objects.exists()


def test_control_characters_leave_the_text(enzo):
    number = start(enzo, narrative="a\x0bb\x07c")

    assert document_of(number)["additionalInfo"] == "abc"


def test_a_file_streams_into_the_vault_and_never_lies_in_plain(world, enzo, tipline_home):
    number = start(enzo)
    temporary = Path(tempfile.gettempdir())
    before = set(temporary.glob("*.upload*"))
    send(enzo, upload_url(enzo, number), CANARY, "canary.bin")

    file = files_of(number)[0]
    assert file.size == len(CANARY)
    assert b"".join(vault.read(file)) == CANARY
    kept = [path for path in tipline_home.rglob("*") if path.is_file()]
    assert any(path.stat().st_size > len(CANARY) for path in kept)
    assert not any(b"a canary that must never" in path.read_bytes() for path in kept)
    assert set(temporary.glob("*.upload*")) == before


def test_the_name_of_a_file_comes_without_its_folders(enzo):
    number = start(enzo)
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="C:\\fakepath\\one.png"\r\n'
        b"Content-Type: image/png\r\n\r\nbytes\r\n--x--\r\n"
    )
    enzo.post(upload_url(enzo, number), body, content_type="multipart/form-data; boundary=x")

    assert files_of(number)[0].name == "one.png"


def test_an_upload_needs_no_other_token_than_its_address_and_everything_else_needs_one(world):
    strict = signed_in(world, "enzo", enforce_csrf_checks=True)
    number = start(signed_in(world, "enzo"))

    assert send(strict, upload_url(strict, number), b"picture").status_code == 303
    assert strict.post(f"/esp/reports/{number}/finish/").status_code == 403
    assert report_of(number).state == "open"


def test_an_address_of_another_session_person_or_report_takes_nothing(world, enzo):
    number, other = start(enzo), start(enzo, narrative="another")
    url = upload_url(enzo, number)
    token = url.rstrip("/").rpartition("/")[2]
    colleague = signed_in(world, "enzo")

    assert send(colleague, url, b"picture").status_code == 403
    assert send(enzo, f"/esp/reports/{other}/files/upload/{token}/", b"x").status_code == 403
    said, signature = token.rsplit(":", 1)
    other_one = ("B" if signature[0] == "A" else "A") + signature[1:]  # the last has idle bits
    assert send(enzo, url.replace(token, f"{said}:{other_one}"), b"x").status_code == 403
    assert send(enzo, url.replace(token, signing.dumps(5)), b"x").status_code == 403
    assert files_of(number) == files_of(other) == []


def test_an_address_is_good_for_one_file(enzo):
    number = start(enzo)
    url = upload_url(enzo, number)
    first, again = send(enzo, url, b"picture"), send(enzo, url, b"picture")
    other = send(enzo, url, b"another picture")

    assert first["Location"] == again["Location"]
    assert other.status_code == 422
    assert "took another file before" in other.content.decode()
    assert len(files_of(number)) == 1


def test_an_old_address_takes_nothing(enzo, monkeypatch):
    number = start(enzo)
    url = upload_url(enzo, number)
    monkeypatch.setattr("tipline.doors.portals.esp.upload_token.SECONDS", -1)

    assert send(enzo, url, b"picture").status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'--x\r\nContent-Disposition: form-data; name="other"\r\n\r\nvalue\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\ncut off',
    ],
)
def test_what_is_no_file_is_refused_and_leaves_no_bytes(enzo, tipline_home, body):
    number = start(enzo)
    url = upload_url(enzo, number)
    answer = enzo.post(url, body, content_type="multipart/form-data; boundary=x")

    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert files_of(number) == []
    assert not list((tipline_home / "objects").glob("files/*/*"))


@pytest.mark.parametrize("end", ["finish", "retract"])
def test_after_the_end_nothing_can_be_added(enzo, end):
    number = start(enzo)
    url = upload_url(enzo, number)
    enzo.post(f"/esp/reports/{number}/{end}/")

    assert send(enzo, url, b"picture").status_code == 409
    assert enzo.post(f"/esp/reports/{number}/finish/").status_code == 409
    assert enzo.post(f"/esp/reports/{number}/retract/").status_code == 409
    assert enzo.get(f"/esp/reports/{number}/files/")["Location"] == f"/esp/reports/{number}/"
    assert files_of(number) == []


def test_a_retracted_report_is_empty(enzo):
    number = start(enzo)
    enzo.post(f"/esp/reports/{number}/retract/")

    page = enzo.get(f"/esp/reports/{number}/").content.decode()
    assert "destroyed" in page
    assert "blue.kite" not in page


def test_details_start_with_what_was_said_before_and_keep_what_is_not_asked(world, enzo):
    earlier = {"fileViewedByEsp": False, "deviceId": [{"idType": "IMEI", "idValue": "1"}]}
    report = file_report(world, files=[(b"one", earlier)], finished=False)
    file = files_of(report.pk)[0]
    url = f"/esp/reports/{report.pk}/files/{file.file_id}/"
    page = enzo.get(url).content.decode()
    enzo.post(url, SAID)

    assert re.search(r'name="viewed" value="no"[^>]* checked', page)
    kept = details_of([file])[file.pk]
    assert kept["fileViewedByEsp"] is True
    assert kept["deviceId"] == [{"idType": "IMEI", "idValue": "1"}]
    assert "fileAnnotations" in kept
    again = enzo.get(url).content.decode()
    assert 'value="holiday.png"' in again
    assert f'value="{DAY}"' in again


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"viewed": "", "exif_viewed": "yes"}, "must have viewed it"),
        ({"relevance": "Supplemental Reported"}, "neither a class nor the meme flag"),
        ({"uploaded_zone": ""}, "Give this too"),
        ({"classification": "Z9"}, "valid choice"),
    ],
)
def test_wrong_details_are_said_and_not_kept(enzo, changes, words):
    number = start(enzo)
    send(enzo, upload_url(enzo, number), b"picture")
    file = files_of(number)[0]
    answer = enzo.post(f"/esp/reports/{number}/files/{file.file_id}/", {**SAID, **changes})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert details_of([file]) == {}


def test_another_esp_finds_none_of_it(enzo, qadir):
    number = start(enzo)
    url = upload_url(enzo, number)
    send(enzo, url, b"picture")
    file = files_of(number)[0]

    for path in ("", "files/", f"files/{file.file_id}/"):
        assert qadir.get(f"/esp/reports/{number}/{path}").status_code == 404
    assert send(qadir, url, b"x").status_code == 404
    for path in ("finish/", "retract/"):
        assert qadir.post(f"/esp/reports/{number}/{path}").status_code == 404
    assert report_of(number).state == "open"


@pytest.mark.parametrize("name", ["ana", "sofia", "adam", "ines"])
def test_other_people_find_no_such_desk(world, enzo, name):
    number = start(enzo)
    other = signed_in(world, name)
    url = upload_url(enzo, number)

    for path in ("", "new/", "refused/", "profile/", "reports.csv", f"reports/{number}/"):
        assert other.get(f"/esp/{path}").status_code == 404
    assert other.post("/esp/new/", FACTS).status_code == 404
    assert send(other, url, b"x").status_code == 404


def test_nobody_signed_out_gets_in(world, enzo):
    number = start(enzo)
    url = upload_url(enzo, number)

    answer = send(Client(), url, b"x")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")
