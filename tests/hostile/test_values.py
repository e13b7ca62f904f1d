"""Absurd values that are accepted: each such report is finished, ranked and readable."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from tests.hostile.door import SMALL
from tests.hostile.making import documents
from tests.ispws.strict_client import Ordered
from tests.ispws.transports import InProcess
from tests.ispws.wire import details, report, suspect

from tipline.insight.triage.queue import newest_assessment
from tipline.pipeline import stages
from tipline.record.reports.queries import document_of

pytestmark = pytest.mark.django_db


def _event(address, time="2026-01-01T00:00:00Z", port="1"):
    return (
        f"<ipCaptureEvent><ipAddress>{address}</ipAddress><dateTime>{time}</dateTime>"
        f"<port>{port}</port></ipCaptureEvent>"
    )


def _person(inner):
    return f"<personOrUserReportedPerson>{inner}</personOrUserReportedPerson>"


PAIR = "<name>GPSLatitude</name><value>\u202e999</value>"
ABSURD = {
    "year 9999": suspect(_event("192.0.2.7", "9999-12-31T23:59:59Z")),
    "year 1": report(time="0001-01-01T00:00:00+14:00"),
    "year 1 elsewhere": suspect(_event("192.0.2.7", "0001-01-01T00:00:00+14:00")),
    "five-digit year": suspect(_event("192.0.2.7", "99999-01-01T00:00:00Z")),
    "negative year": suspect(_event("192.0.2.7", "-0044-03-15T00:00:00Z")),
    "leap second": suspect(_event("192.0.2.7", "2016-12-31T23:59:60Z")),
    "hour 24": suspect(_event("192.0.2.7", "2023-12-31T24:00:00Z")),
    "no address at all": suspect(_event("not an address", port="99999999")),
    "address with a zone": suspect(_event("fe80::1%eth0")),
    "mapped address": suspect(_event("::ffff:192.0.2.7")),
    "right to left": suspect("<screenName>\u202egnp.exe\u202c\u2066x\u2069</screenName>"),
    "combining marks": suspect("<screenName>z" + "\u0301" * 2_000 + "</screenName>"),
    "invisible": suspect("<screenName>\u200b\u200d\ufeff</screenName>"),
    "private characters": suspect("<screenName>\ue000\U0010fffd</screenName>"),
    "markup": suspect("<screenName>&lt;script&gt;alert(1)&lt;/script&gt;</screenName>"),
    "template": suspect("<screenName>{{ 7|add:7 }}{% now %}${x}</screenName>"),
    "formula": suspect("<screenName>=HYPERLINK(1)</screenName>"),
    "age 150": suspect(_person("<age>150</age><dateOfBirth>1850-02-29</dateOfBirth>")),
    "age absurd": suspect(_person("<age>99999999999999999999</age>")),
    "phones": suspect(_person(f"<phone>+{'9' * 49}</phone><phone>00000</phone><phone>x</phone>")),
    "emails": suspect(_person("<email>@</email><email>a@b@c</email><email>\u00fc@\u00fc</email>")),
    "prior reports": suspect("<priorCTReports>9223372036854775807</priorCTReports>" * 50),
    "a long text": report(after=f"<additionalInfo>{'long ' * 150_000}</additionalInfo>"),
    "coordinates": report().replace(
        b"<reporter>",
        b"<internetDetails><cellPhoneIncident><latitude>1e308</latitude><longitude>NaN</longitude>"
        b"</cellPhoneIncident></internetDetails><reporter>",
    ),
    "every time at once": suspect(
        "".join(_event(f"192.0.2.{n % 256}", f"2026-01-01T00:00:{n % 60:02}Z") for n in range(3000))
    ),
    "four thousand recipients": report(
        after="<intendedRecipient><screenName>r</screenName></intendedRecipient>" * 4_000
    ),
    "four hundred victims": report(
        after="<victim><victimPerson><age>9</age></victimPerson></victim>" * 400
    ),
    "identifiers as long as they come": suspect(f"<espIdentifier>{'i' * 500_000}</espIdentifier>"),
}


@pytest.fixture
def esp(world):
    return Ordered(InProcess())


def _ranked(esp, xml, *, inner=""):
    number = esp.submit(xml).report_id
    file_id = esp.upload(number, b"not a picture", "\u202egnp.png").file_id
    esp.fileinfo(details(number, file_id, inner))
    esp.finish(number)
    stages.run(number)
    assessment = newest_assessment(number)
    assert assessment is not None
    return number, assessment.result


def test_finished_and_ranked(esp):
    for name, xml in ABSURD.items():
        _number, result = _ranked(esp, xml)
        assert result["disposition"], name
        assert result["danger"]["band"], name


ABSURD_DETAILS = {
    "year 1": "<uploadedToEspTimestamp>0001-01-01T00:00:00+14:00</uploadedToEspTimestamp>",
    "long name": f"<originalFileName>{'n' * 100_000}</originalFileName>",
    "many hashes": '<originalFileHash hashType="PDQ">zz</originalFileHash>' * 500,
    "long hash type": f'<originalFileHash hashType="{"x" * 5_000}">1</originalFileHash>',
    "EXIF": f'<details type="EXIF"><nameValuePair>{PAIR}</nameValuePair></details>',
    "flags": "<fileAnnotations><viral/><infant/><potentialMeme/><unheardOf/></fileAnnotations>",
}


def test_absurd_file_details_are_ranked_too(esp):
    for name, inner in ABSURD_DETAILS.items():
        assert _ranked(esp, report(), inner=inner)[1]["disposition"], name


def test_a_million_recipients_are_refused_before_they_cost_anything(door):
    recipient = b"<intendedRecipient/>"
    body = SMALL.replace(b"</report>", recipient * 1_000_000 + b"</report>")

    code, answer = door.send("submit", body)
    assert code in {4000, 4110}
    assert b"more than" in answer.content or b"larger than" in answer.content


def test_an_escalation_of_tricks_is_shown_as_it_was_written(esp):
    words = "\u202eurgent\u202c " + "x" * 2_000
    number = esp.submit(
        report(f"<escalateToHighPriority>{words}</escalateToHighPriority>")
    ).report_id

    assert document_of(number)["incidentSummary"]["escalateToHighPriority"] == words


def test_whatever_is_accepted_is_ranked(esp):
    """Random documents with hostile texts, as far as they are accepted."""
    ranked = []

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(body=documents("report"))
    def rank(body):
        answer = InProcess().request("POST", "submit", xml=body)
        if b"<responseCode>0<" not in answer.content:
            return
        number = int(answer.content.split(b"<reportId>")[1].split(b"<")[0])
        esp.finish(number)
        stages.run(number)
        assert newest_assessment(number).result["danger"]["band"]
        ranked.append(number)

    rank()
    assert len(ranked) > 5
