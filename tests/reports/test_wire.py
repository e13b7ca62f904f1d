"""Replays in the manner of each known client: what they put on the wire is read for what it says.

The styles are those captured from, or read in the source of, real clients; the content is ours.
"""

from __future__ import annotations

from tests.reports.samples import (
    FILE_ID,
    codes,
    lenient,
    lenient_file,
    strict,
    strict_file,
)

# A Python client: single quotes, lower-case encoding, newline, spaces in empty elements, times
# with microseconds or without a zone, exponents, and the newer documentation's places.
PYTHON_SMALL = b"""<?xml version='1.0' encoding='utf-8'?>
<report><incidentSummary><incidentType>Child Sex Trafficking</incidentType>\
<reportAnnotations><sextortion /><spam /></reportAnnotations>\
<incidentDateTime>2026-02-03T04:05:06.123456Z</incidentDateTime></incidentSummary>\
<reporter><reportingPerson><firstName>Desk</firstName><email>desk@esp.example</email>\
</reportingPerson></reporter></report>"""

PYTHON_NEWER = b"""<?xml version='1.0' encoding='utf-8'?>
<report><incidentSummary><incidentType>Child Sex Tourism</incidentType>\
<reportAnnotations><informational /></reportAnnotations>\
<incidentDateTime>2026-02-03T04:05:06</incidentDateTime></incidentSummary>\
<internetDetails><cellPhoneIncident><latitude>1e-07</latitude><longitude>2.5</longitude>\
</cellPhoneIncident></internetDetails>\
<lawEnforcement fleaCountry="DE"><agencyName>Police</agencyName>\
<servedLegalProcessInternational>true</servedLegalProcessInternational></lawEnforcement>\
<reporter><reportingPerson><email>desk@esp.example</email></reportingPerson></reporter>\
<personOrUserReported><personOrUserReportedPerson><age>17</age>\
<ageAssertionDiscrepancy>true</ageAssertionDiscrepancy></personOrUserReportedPerson>\
<screenName></screenName><associatedAccount accountType="Linked" thirdPartyUser="true">\
<platform>Other Place</platform></associatedAccount></personOrUserReported></report>"""

PYTHON_ODD = b"""<?xml version='1.0' encoding='utf-8'?>
<report><incidentSummary><incidentType>Child Sex Tourism</incidentType>\
<incidentDateTime>2026-02-03T04:05:06Z</incidentDateTime></incidentSummary>\
<internetDetails />\
<internetDetails><emailIncident /><chatImIncident><content>c</content></chatImIncident>\
</internetDetails>\
<reporter><reportingPerson><email>desk@esp.example</email></reportingPerson></reporter></report>"""

PYTHON_FILE = b"""<?xml version='1.0' encoding='utf-8'?>
<fileDetails><reportId>7</reportId><fileId>%s</fileId><fileAnnotations><viral /><infant />\
</fileAnnotations><details><nameValuePair type="EXIF"><name>Make</name><value /></nameValuePair>\
</details></fileDetails>""" % FILE_ID.encode()

# A JavaScript client: double quotes, schema location, groups of flags always present, and
# digit-like text turned into numbers before it is sent.
JAVASCRIPT = b"""<?xml version="1.0" encoding="UTF-8"?>\
<report xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:noNamespaceSchemaLocation="https://reports.example/ispws/xsd">\
<incidentSummary><incidentType>Online Enticement of Children for Sexual Act</incidentType>\
<reportAnnotations/><incidentDateTime>2026-02-03T04:05:06.789Z</incidentDateTime>\
</incidentSummary><internetDetails><webPageIncident><url>https://a.example/?x=1</url>\
</webPageIncident></internetDetails><reporter><reportingPerson><email>desk@esp.example</email>\
<address><zipCode>2139</zipCode></address></reportingPerson></reporter><personOrUserReported>\
<espIdentifier>1.2345678901234568e+21</espIdentifier><screenName>100000</screenName>\
</personOrUserReported></report>"""

JAVASCRIPT_FILE = b"""<?xml version="1.0" encoding="UTF-8"?><fileDetails \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:noNamespaceSchemaLocation="https://reports.example/ispws/xsd"><reportId>7</reportId>\
<fileId>%s</fileId><fileAnnotations/><originalFileHash hashType="MD5">1e+31</originalFileHash>\
</fileDetails>""" % FILE_ID.encode()

# A Go client: no declaration, flags as text, local offset and nanoseconds.
GO = b"""<report><incidentSummary><incidentType>Misleading Domain Name</incidentType>\
<reportAnnotations><csamSolicitation>true</csamSolicitation></reportAnnotations>\
<incidentDateTime>2026-02-03T04:05:06.123456789+02:00</incidentDateTime></incidentSummary>\
<reporter><reportingPerson><firstName>Desk</firstName></reportingPerson></reporter></report>"""

# Another Go client: indented, schema location, always an empty internetDetails, invented names.
GO_INDENTED = b"""<?xml version="1.0" encoding="UTF-8"?>
<report xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:noNamespaceSchemaLocation="https://exttest.example/ispws/xsd">
    <incidentSummary>
        <incidentType>Child Sexual Molestation</incidentType>
        <incidentDateTime>0001-01-01T00:00:00Z</incidentDateTime>
    </incidentSummary>
    <internetDetails></internetDetails>
    <reporter>
        <reportingPerson>
            <email>desk@esp.example</email>
        </reportingPerson>
    </reporter>
    <personOrUserReported>
        <username>someone</username>
        <screenName>shown</screenName>
        <ageRange>18-25</ageRange>
    </personOrUserReported>
</report>
"""

# A platform's own service: what is undefined becomes an empty element.
SERVICE = b"""<report><incidentSummary><incidentType>Child Sex Trafficking</incidentType>\
<platform/><escalateToHighPriority/><incidentDateTime>2026-02-03T04:05:06.000Z</incidentDateTime>\
</incidentSummary><reporter><reportingPerson><firstName/><lastName/>\
<email>desk@esp.example</email></reportingPerson><companyTemplate/><legalURL/></reporter>\
<personOrUserReported><espIdentifier>u1</espIdentifier><screenName/><displayName/>\
<ipCaptureEvent><ipAddress>192.0.2.7</ipAddress><eventName>Login</eventName></ipCaptureEvent>\
<additionalInfo/></personOrUserReported></report>"""

SERVICE_FILE = b"""<fileDetails><reportId>7</reportId><fileId>%s</fileId>\
<originalFileName/><fileViewedByEsp>true</fileViewedByEsp>\
<fileRelevance>Reported</fileRelevance>\
<originalFileHash hashType="PDQ">%s</originalFileHash>\
<ipCaptureEvent><ipAddress>192.0.2.7</ipAddress></ipCaptureEvent>\
<ipCaptureEvent><ipAddress>2001:db8::7</ipAddress></ipCaptureEvent>\
<additionalInfo/></fileDetails>""" % (FILE_ID.encode(), b"f0" * 32)

# A Ruby client and an application built on it: few elements, the old molestation value.
RUBY = b"""<?xml version="1.0" encoding="UTF-8"?>
<report xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:noNamespaceSchemaLocation="https://reports.example/ispws/xsd">
  <incidentSummary>
    <incidentType>Child Sexual Molestation (not by family member)</incidentType>
    <incidentDateTime>2026-02-03T04:05:06-07:00</incidentDateTime>
  </incidentSummary>
  <reporter><reportingPerson><email>desk@esp.example</email></reportingPerson></reporter>
</report>"""

APPLICATION_FILE = b"""<fileDetails><reportId>7</reportId><fileId>%s</fileId>\
<originalFileName>a.png</originalFileName><locationOfFile>https://a.example/a.png</locationOfFile>\
<fileViewedByEsp>true</fileViewedByEsp><fileAnnotations><generativeAi/></fileAnnotations>\
</fileDetails>""" % FILE_ID.encode()

# A PHP handler: relevance before the viewed flag.
PHP_FILE = b"""<?xml version="1.0"?>
<fileDetails><reportId>7</reportId><fileId>%s</fileId><fileRelevance>Reported</fileRelevance>\
<fileViewedByEsp>true</fileViewedByEsp><additionalInfo></additionalInfo></fileDetails>""" % (
    FILE_ID.encode()
)


def test_a_minimal_python_report_is_valid():
    for reading in (lenient(PYTHON_SMALL), strict(PYTHON_SMALL)):
        assert (reading.problems, reading.warnings) == ((), ())
    summary = lenient(PYTHON_SMALL).document["incidentSummary"]
    assert summary["reportAnnotations"] == {"sextortion": True, "spam": True}
    assert summary["incidentDateTime"] == "2026-02-03T04:05:06.123456Z"


def test_a_report_after_the_newer_documentation_is_accepted_even_when_strict():
    for reading in (lenient(PYTHON_NEWER), strict(PYTHON_NEWER)):
        assert reading.problems == ()
        assert sorted(codes(reading.warnings)) == [*["other_place"] * 3, "time_without_zone"]
    document = lenient(PYTHON_NEWER).document
    assert document["internetDetails"][0]["cellPhoneIncident"]["latitude"] == 1e-07
    person = document["personOrUserReported"][0]
    assert person["personOrUserReportedPerson"] == {"age": 17, "ageAssertionDiscrepancy": True}
    assert person["associatedAccount"] == [
        {"type": "Linked", "platform": {"value": "Other Place", "thirdPartyUser": True}}
    ]
    process = document["lawEnforcement"]["servedLegalProcessInternational"]
    assert process == {"value": True, "fleaCountry": "DE"}


def test_empty_and_double_details_of_a_python_client():
    reading = lenient(PYTHON_ODD)
    assert (reading.problems, codes(reading.warnings)) == ((), ["empty_details", "several_kinds"])
    kinds = [name for entry in reading.document["internetDetails"] for name in entry]
    assert kinds == ["emailIncident", "chatImIncident"]
    assert strict(PYTHON_ODD).response_code == 4100


def test_a_file_of_a_python_client():
    reading = lenient_file(PYTHON_FILE)
    assert codes(reading.warnings) == ["other_place"]
    assert reading.document["fileAnnotations"] == {"viral": True, "infant": True}
    pairs = [{"name": "Make", "value": ""}]
    assert reading.document["details"] == [{"type": "EXIF", "nameValuePair": pairs}]
    assert strict_file(PYTHON_FILE).problems == ()


def test_a_javascript_report_is_mapped_and_flagged():
    reading = lenient(JAVASCRIPT)
    assert codes(reading.warnings) == ["misspelled_value"]
    summary = reading.document["incidentSummary"]
    assert summary["incidentType"] == "Online Enticement of Children for Sexual Acts"
    assert "reportAnnotations" not in summary
    assert codes(strict(JAVASCRIPT).problems) == ["misspelled_value"]


def test_numbers_that_a_javascript_client_made_are_not_judged():
    entry = lenient(JAVASCRIPT).document["personOrUserReported"][0]
    assert entry == {"espIdentifier": "1.2345678901234568e+21", "screenName": "100000"}
    reading = lenient_file(JAVASCRIPT_FILE)
    assert reading.warnings == ()
    assert reading.document["originalFileHash"] == [{"value": "1e+31", "hashType": "MD5"}]


def test_a_bare_ampersand_is_a_clean_4110():
    broken = JAVASCRIPT.replace(b"?x=1", b"?x=1&y=2")
    for read in (lenient, strict):
        reading = read(broken)
        assert (reading.response_code, codes(reading.problems)) == (4110, ["malformed_xml"])
        assert reading.problems[0].line == 1
        assert "&amp;" in reading.problems[0].fix


def test_go_times_and_flags():
    reading = lenient(GO)
    assert (reading.problems, codes(reading.warnings)) == ((), ["reporter_without_email"])
    summary = reading.document["incidentSummary"]
    assert summary["incidentDateTime"] == "2026-02-03T04:05:06.123456789+02:00"
    assert summary["reportAnnotations"] == {"csamSolicitation": True}


def test_invented_elements_are_stored_and_strictly_refused():
    reading = lenient(GO_INDENTED)
    assert codes(reading.warnings) == ["empty_details", "unknown_element", "unknown_element"]
    assert reading.document["personOrUserReported"] == [{"screenName": "shown"}]
    kept = [entry["xml"] for entry in reading.document["unrecognised"]]
    assert kept == ["<username>someone</username>", "<ageRange>18-25</ageRange>"]
    assert [each.line for each in reading.warnings] == [7, 14, 16]
    assert strict(GO_INDENTED).response_code == 4100


def test_empty_elements_of_a_service_are_absent_and_do_not_escalate():
    reading = lenient(SERVICE)
    assert codes(reading.warnings) == ["blank_escalation"]
    assert reading.document == {
        "incidentSummary": {
            "incidentType": "Child Sex Trafficking",
            "incidentDateTime": "2026-02-03T04:05:06.000Z",
        },
        "reporter": {"reportingPerson": {"email": [{"value": "desk@esp.example"}]}},
        "personOrUserReported": [
            {
                "espIdentifier": "u1",
                "ipCaptureEvent": [{"ipAddress": "192.0.2.7", "eventName": "Login"}],
            }
        ],
    }


def test_several_addresses_of_a_services_file():
    reading = lenient_file(SERVICE_FILE)
    assert codes(reading.warnings) == ["many_kept"]
    addresses = [entry["ipAddress"] for entry in reading.document["ipCaptureEvent"]]
    assert addresses == ["192.0.2.7", "2001:db8::7"]
    assert codes(strict_file(SERVICE_FILE).problems) == ["many_kept"]


def test_the_old_molestation_value():
    reading = lenient(RUBY)
    assert codes(reading.warnings) == ["misspelled_value"]
    assert reading.document["incidentSummary"]["incidentType"] == "Child Sexual Molestation"


def test_a_file_with_four_elements():
    reading = strict_file(APPLICATION_FILE)
    assert (reading.problems, reading.warnings) == ((), ())
    assert reading.document["fileAnnotations"] == {"generativeAi": True}


def test_relevance_before_viewed():
    reading = lenient_file(PHP_FILE)
    assert codes(reading.warnings) == ["out_of_order"]
    assert reading.document["fileViewedByEsp"] is True
    assert reading.document["fileRelevance"] == "Reported"
    assert codes(strict_file(PHP_FILE).problems) == ["out_of_order"]


def test_marks_and_encodings_of_any_client():
    text = PYTHON_SMALL.decode().partition("?>\n")[2]
    expected = lenient(PYTHON_SMALL).document
    for data in (
        b"\xef\xbb\xbf" + text.encode(),
        text.encode("utf-16"),
        b'<?xml version="1.0" encoding="ISO-8859-1"?>' + text.encode("latin-1"),
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n' + text.encode(),
    ):
        assert lenient(data).document == expected
