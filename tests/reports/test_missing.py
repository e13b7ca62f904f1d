"""What a report lacks: each code appears when its thing is absent and goes when it is there."""

from __future__ import annotations

import pytest
from tests.reports.samples import file_details, lenient, lenient_file, report

from tipline.record.reports.facts import Missing, file_facts, missing
from tipline.record.reports.words import LACKS, lack

ENTICEMENT = "Online Enticement of Children for Sexual Acts"
WHOLE_IP = (
    "<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress><eventName>Upload</eventName>"
    "<dateTime>2026-01-01T00:00:00Z</dateTime><port>4000</port></ipCaptureEvent>"
)
SUSPECT = f"<personOrUserReported><screenName>a</screenName>{WHOLE_IP}</personOrUserReported>"
VICTIM = "<victim><victimPerson><age>12</age></victimPerson></victim>"
CHAT = "<internetDetails><chatImIncident><content>c</content></chatImIncident></internetDetails>"
VIEWED = "<fileViewedByEsp>true</fileViewedByEsp>"


def lacks(data: bytes, *files: bytes, has_content: bool = True) -> list[str]:
    details = [lenient_file(each).document for each in files]
    told = [file_facts(each, has_content=has_content) for each in details]
    return missing(lenient(data).document, told, details)


def test_a_whole_report_lacks_nothing():
    data = report(kind=ENTICEMENT, after=SUSPECT + VICTIM)
    assert lacks(data, file_details(VIEWED)) == []


def test_an_empty_report_lacks_much():
    assert lacks(report(person="")) == [
        Missing.SUSPECT,
        Missing.LOCATION,
        Missing.IP_ADDRESS,
        Missing.CONTENT,
        Missing.CHILD,
        Missing.REPORTER_EMAIL,
    ]
    assert missing({}, [])


def suspect(inner: str, **more: str) -> bytes:
    block = f"<personOrUserReported>{inner}</personOrUserReported>"
    return report(kind=ENTICEMENT, before=CHAT, after=block + VICTIM, **more)


def ip(inner: str = "") -> str:
    return f"<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress>{inner}</ipCaptureEvent>"


ZONED = "<dateTime>2026-01-01T00:00:00Z</dateTime>"
NAIVE = "<dateTime>2026-01-01T00:00:00</dateTime>"
PORT = "<port>4000</port>"
PROXY = "<possibleProxy>true</possibleProxy>"


@pytest.mark.parametrize(
    ("inner", "codes"),
    [
        (WHOLE_IP, []),
        ("<displayName>A</displayName>", ["no_suspect_identifier", "no_location", "no_ip_address"]),
        ("<screenName>a</screenName>", ["no_location", "no_ip_address"]),
        (
            "<screenName>a</screenName><estimatedLocation><city>T</city></estimatedLocation>",
            ["no_ip_address"],
        ),
        (ip(), ["ip_without_time", "ip_without_port", "no_event_time"]),
        (ip(ZONED), ["ip_without_port"]),
        (ip(NAIVE + PORT), ["ip_time_without_zone"]),
        (ip(ZONED + PROXY + PORT), ["ip_only_proxy"]),
        (ip(ZONED + PROXY) + ip(PORT), []),
        (
            '<associatedAccount type="Linked"><email>a@b.example</email></associatedAccount>',
            ["no_location", "no_ip_address"],
        ),
    ],
)
def test_what_is_known_of_the_suspect(inner, codes):
    assert lacks(suspect(inner)) == codes


def test_the_childs_own_address_does_not_locate_the_suspects_connection():
    victim = f"<victim><victimPerson/>{WHOLE_IP}</victim>"
    data = report(
        before=CHAT,
        after=f"<personOrUserReported><screenName>a</screenName></personOrUserReported>{victim}",
    )
    assert Missing.IP_ADDRESS in lacks(data)


def test_content_of_any_kind():
    bare = report(kind=ENTICEMENT, after=SUSPECT + VICTIM)
    assert lacks(bare) == ["no_content"]
    digest = file_details('<originalFileHash hashType="MD5">aa</originalFileHash>')
    assert lacks(bare, digest, has_content=False) == ["only_a_digest"]
    chat = report(kind=ENTICEMENT, before=CHAT, after=SUSPECT + VICTIM)
    assert lacks(chat, digest, has_content=False) == []


def test_files_that_nobody_may_open_yet():
    data = report(kind=ENTICEMENT, after=SUSPECT + VICTIM)
    unsaid, unseen = file_details(""), file_details("<fileViewedByEsp>false</fileViewedByEsp>")
    public = file_details("<publiclyAvailable>true</publiclyAvailable>")
    assert lacks(data, unsaid) == ["viewed_not_said"]
    assert lacks(data, unsaid, unseen) == ["no_file_viewed_or_public"]
    assert lacks(data, unseen, public) == []
    assert lacks(data, unseen, file_details(VIEWED)) == []


@pytest.mark.parametrize(
    ("time", "codes"),
    [
        ("1970-01-01T00:00:00Z", ["incident_time_undefined"]),
        ("0001-01-01T00:00:00Z", ["incident_time_undefined"]),
        ("-0001-01-01T00:00:00Z", ["incident_time_undefined"]),
        ("2026-01-01T00:00:00", ["incident_time_without_zone"]),
        ("2026-01-01T00:00:00+09:00", []),
    ],
)
def test_the_time_of_the_incident(time, codes):
    assert lacks(suspect(WHOLE_IP, time=time)) == codes


def test_a_child_is_asked_for_only_where_there_is_one():
    possession = "Child Pornography (possession, manufacture, and distribution)"
    known = {"before": CHAT, "after": SUSPECT}
    flag = "<reportAnnotations><sextortion/></reportAnnotations>"
    assert lacks(report(kind=possession, **known)) == []
    assert lacks(report(kind=possession, summary=flag, **known)) == ["nothing_about_the_child"]
    assert lacks(report(kind=ENTICEMENT, **known)) == ["nothing_about_the_child"]
    empty = {"before": CHAT, "after": f"{SUSPECT}<victim><victimPerson/></victim>"}
    assert lacks(report(kind=ENTICEMENT, **empty)) == ["nothing_about_the_child"]
    recipient = "<intendedRecipient><screenName>c</screenName></intendedRecipient>"
    told = {"before": CHAT, "after": f"{SUSPECT}{recipient}"}
    assert lacks(report(kind=ENTICEMENT, **told)) == []


def test_every_code_has_words_and_a_fix():
    assert LACKS.keys() == set(Missing)
    assert len({str(lack(code.value).words) for code in Missing}) == len(Missing)
    assert all(str(found.fix) for found in LACKS.values())
    with pytest.raises(ValueError, match="unheard"):
        lack("unheard_of")
