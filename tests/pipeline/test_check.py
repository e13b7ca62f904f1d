"""The check: what it says of drafts, good and bad, and what it never says."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ispws.wire import TYPE, report, suspect
from tests.pipeline.simulated import drafts

from tipline.ground.accounts.profiles import EspFacts
from tipline.ground.foundation.reasons import known_codes
from tipline.ground.foundation.xml_positions import position, positions
from tipline.insight.triage.policy import default_policy
from tipline.pipeline.check.facts_later import Later
from tipline.pipeline.check.rules_check import NO_ADVICE, Draft, Sender, check, check_file_details
from tipline.pipeline.check.shown import LATER, as_json

POLICY = default_policy()
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
VIEWED = EspFacts(viewed_means="this_upload_by_person_before_reporting")
CSAM = b"Child Pornography (possession, manufacture, and distribution)"
PERSON = "<espIdentifier>u1</espIdentifier>"
SUPPLEMENTAL = "<fileRelevance>Supplemental Reported</fileRelevance>"
FLAGGED = "<fileDetails><fileAnnotations><viral/></fileAnnotations></fileDetails>"


def checked(raw=None, *details, esp=None, files=None, strict=False):
    draft = Draft(report() if raw is None else raw, [d.encode() for d in details], files)
    return check(draft, Sender(esp or EspFacts(), "Harborline"), POLICY, NOW, strict=strict)


def asked(found):
    return [reason.code.removeprefix("triage.help.") for reason in found.would_help]


def capture(more=""):
    return f"<ipCaptureEvent><ipAddress>169.229.216.200</ipAddress>{more}</ipCaptureEvent>"


class TestErrors:
    def test_each_has_its_place_and_its_fix(self):
        raw = (
            report().replace(b"<reporter>", b"\n  <odd/>\n  <reporter>").replace(b"04:05:06Z", b"")
        )
        (error,) = checked(raw).errors
        assert (error.part, error.path) == ("report", "/report/incidentSummary/incidentDateTime")
        assert (error.line, error.column) == (1, raw.index(b"<incidentDateTime") + 1)
        assert error.fix
        (odd,) = (one for one in checked(raw).warnings if one.code == "unknown_element")
        assert (odd.line, odd.column) == (2, 3)

    def test_xml_that_breaks_off_says_where(self):
        (error,) = checked(b"<report>\n a & b</report>").errors
        assert (error.line, error.column) == (2, 5)

    def test_what_is_missing_stands_where_it_would_be(self):
        (error, *_others) = checked(report().replace(b"<reporter>", b"<other>", 1)).errors
        assert error.code == "malformed_xml"
        (error,) = checked(report(kind="Nothing known")).errors
        assert error.path == "/report/incidentSummary/incidentType"

    def test_strict_refuses_what_the_lenient_reader_keeps_and_still_judges(self):
        raw = suspect(f"{PERSON}<odd/>")
        assert checked(raw).valid
        strict = checked(raw, strict=True)
        assert not strict.valid
        assert strict.result is not None

    def test_what_the_lenient_reader_refuses_is_not_judged(self):
        found = checked(report(kind="Nothing known"))
        assert found.readable
        assert found.result is None
        assert as_json("x", found)["disposition"] is None

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"<",
            b"<html/>",
            b"\xff\xfe\x00",
            b"\xe4\xf6\xfc",
            b"PK\x03\x04" * 1000,
            b'<!DOCTYPE r [<!ENTITY a "b">]><report>&a;</report>',
            b"<report>" * 100_000,
            b"<report>" + b"x" * 5_000_000,
            b'<report xmlns="urn:other"/>',
            '<?xml version="1.0" encoding="utf-8"?><report>ü</report>'.encode("latin-1"),
        ],
        ids=lambda raw: repr(raw[:12]),
    )
    def test_what_is_no_report_is_said_clearly(self, raw):
        found = checked(raw)
        assert not found.readable
        assert found.errors[0].message
        assert found.result is None
        json.dumps(as_json("x", found))

    def test_numbers_of_an_upload_may_still_be_missing(self):
        assert checked(None, "<fileDetails/>").valid
        assert checked(None, "<fileDetails/>", strict=True).valid
        odd = "<fileDetails><fileRelevance>So</fileRelevance></fileDetails>"
        assert [error.part for error in checked(None, odd).errors] == ["fileDetails[1]"]

    def test_file_details_alone(self):
        assert check_file_details(b"<fileDetails/>", NOW, strict=False).clean
        assert not check_file_details(b"<report/>", NOW, strict=False).readable


class TestJudgement:
    def test_a_report_without_a_place_is_informational_and_says_what_would_lift_it(self):
        found = checked(suspect(PERSON))
        assert found.result["disposition"] == "informational"
        assert found.result["failing"]["code"] == "triage.test.no_location"
        assert found.would_help[0].params["turns_referral"] is True
        assert "no_location" in found.missing

    def test_the_senders_profile_says_what_its_words_mean(self):
        details = "<fileDetails><fileViewedByEsp>true</fileViewedByEsp></fileDetails>"
        raw = suspect(PERSON + capture("<dateTime>2026-11-20T09:58:00Z</dateTime>"))
        assert checked(raw, details, esp=VIEWED).features.files_openable == 1
        assert checked(raw, details).features.files_openable == 0
        detection = EspFacts(incident_time_means="detection")
        assert checked(raw, esp=detection).features.incident_time_known is False

    def test_files_may_be_named_by_their_number_alone(self):
        assert checked(None, "<fileDetails/>", files=3).features.files == 3
        assert checked(None, files=3).features.files_with_bytes == 3
        assert checked(None, files=10**8).features.files == 10_000

    def test_words_of_a_narrative_are_heard(self):
        found = checked(report(after="<additionalInfo>meet you on Friday at 5</additionalInfo>"))
        assert found.result["urgency"] == "unconfirmed"

    def test_nothing_is_said_of_copies_or_other_reports(self):
        viewed = "<fileDetails><fileViewedByEsp>true</fileViewedByEsp></fileDetails>"
        features = checked(None, viewed, esp=VIEWED).features
        for name in ("known_files", "new_files", "novel_viewed", "linked_reports", "labels"):
            assert not getattr(features, name)


class TestAdvice:
    def test_it_never_asks_for_the_viewed_flag(self):
        raw = suspect(PERSON + capture("<dateTime>2026-11-20T09:58:00Z</dateTime>"))
        found = checked(raw, "<fileDetails/>", esp=VIEWED)
        assert "viewed_flag" not in asked(found)
        assert not {"no_file_viewed_or_public", "viewed_not_said"} & set(found.missing)

    def test_a_disposition_that_rests_on_a_flag_is_told_and_not_argued_with(self):
        raw = suspect(PERSON + capture("<dateTime>2026-11-20T09:58:00Z</dateTime>"))
        found = as_json("x", checked(raw.replace(TYPE.encode(), CSAM), FLAGGED))
        assert found["failing"]["code"] == "triage.test.esp_viral"
        assert "the ESP flags every file" in found["failing"]["words"]
        told = json.dumps([found["would_help"], found["missing"], found["errors"]])
        assert "viral" not in told
        assert "nnotation" not in told

    @pytest.mark.parametrize(
        ("summary", "details"),
        [
            ("<escalateToHighPriority/>", ""),
            ("<escalateToHighPriority> </escalateToHighPriority>", ""),
            ("<reportAnnotations><spam>false</spam></reportAnnotations>", ""),
            ("<reportAnnotations><unheard/></reportAnnotations>", ""),
            ("", "<fileViewedByEsp>perhaps</fileViewedByEsp>"),
            ("", "<exifViewedByEsp>true</exifViewedByEsp>"),
            ("", f"{SUPPLEMENTAL}<industryClassification>A1</industryClassification>"),
            ("", "<fileAnnotations><viral>false</viral></fileAnnotations>"),
            ("", "<publiclyAvailable/>"),
            ("", "<potentialMeme>perhaps</potentialMeme>"),
        ],
    )
    def test_faults_of_what_only_the_sender_can_say_come_without_advice(self, summary, details):
        found = checked(report(summary), f"<fileDetails>{details}</fileDetails>", strict=True)
        spoken = [e for e in (*found.errors, *found.warnings) if NO_ADVICE & set(_steps(e.path))]
        assert spoken
        assert all(one.message and not one.fix for one in spoken)

    def test_no_advice_speaks_of_it_in_any_simulated_report(self):
        words = ("view", "escalat", "flag", "annotat", "urgen", "viral", "meme")
        for one in drafts(7, 40):
            found = as_json("x", check(one.draft, one.sender, POLICY, NOW, strict=False))
            for advice in (*found["would_help"], *found["missing"]):
                text = f"{advice['words']} {advice.get('fix', '')}".lower()
                assert not [word for word in words if word in text]


def _steps(path):
    return [step.partition("[")[0] for step in path.split("/")]


class TestShape:
    def test_every_word_is_there(self):
        assert set(LATER) == set(Later)
        for one in drafts(7, 25):
            found = check(one.draft, one.sender, POLICY, NOW, strict=False)
            told = as_json("a.xml", found)
            reasons = [*told["reasons"], *told["danger"]["reasons"], *told["would_help"]]
            assert {reason["code"] for reason in reasons} <= known_codes()
            assert told["file"] == "a.xml"
            assert sum(r["points"] for r in told["danger"]["reasons"]) == told["danger"]["value"]

    @given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
    def test_any_bytes_have_an_answer(self, raw):
        found = check(Draft(raw, [raw]), Sender(), POLICY, NOW, strict=False)
        json.dumps(as_json("x", found))

    def test_the_same_at_another_hour(self):
        draft = Draft(suspect(PERSON))
        one, other = (
            as_json("x", check(draft, Sender(), POLICY, NOW + timedelta(hours=h), strict=False))
            for h in (0, 5)
        )
        assert one == other


class TestPositions:
    RAW = b'<?xml version="1.0"?>\n<a>\n <b x="1"/><b\n y="2"><c/></b>\n</a>'

    def test_start_tags_are_found_where_they_begin(self):
        found = positions(self.RAW)
        assert position(found, "/a") == (2, 1)
        assert position(found, "/a/b[2]") == (3, 12)
        assert position(found, "/a/b[2]/c") == (4, 8)

    def test_what_is_not_there_stands_at_its_parent(self):
        found = positions(self.RAW)
        assert position(found, "/a/b/@x") == position(found, "/a/b[1]") == (3, 2)
        assert position(found, "/a/b[2]/z/y") == (3, 12)
        assert position(found, "/z") is None

    @given(st.binary(max_size=200))
    def test_nothing_breaks_it(self, raw):
        assert isinstance(positions(raw), dict)
