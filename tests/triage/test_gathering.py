"""What triage is told: unknown stays unknown, and each fact is whose it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.filing import (
    PUBLIC_DOCUMENT,
    SEEN,
    document,
    entry,
    newest,
    picture,
    public_report,
    suspect,
)
from tests.personas import VIEWED, file_report

from tipline.delivery.routing.queries import referrals_of
from tipline.ground.accounts import services as accounts
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM
from tipline.insight.triage.gathering import gather
from tipline.insight.triage.services import assess, policy
from tipline.record.evidence.models import EvidenceFile
from tipline.record.evidence.queries import files_of
from tipline.record.evidence.services import OpeningTerms, record_opening

DAY = timedelta(days=1)


def features(report):
    return gather(report, clock.now(), policy()).features


def nowhere(**changes):
    """A document without any place, and what is given."""
    person = {"personOrUserReportedPerson": {"firstName": "Ada"}, "ipCaptureEvent": None}
    return document(personOrUserReported=suspect(**{**person, **changes}))


def captured(address: str, **more) -> list[dict]:
    return [
        {"ipAddress": address, "eventName": "Upload", "dateTime": "2026-11-20T09:58:00Z", **more}
    ]


class TestPlaces:
    def test_before_anybody_looked_nothing_is_known(self, world):
        report = file_report(world, document=nowhere())
        assert features(report).places is None
        assert features(report).place_resolved is None
        assert assess(report).result["failing"] is None

    def test_looked_and_found_none(self, filed):
        report = filed(document=nowhere())
        assert features(report).places == 0
        assert newest(report).result["failing"]["code"] == "triage.test.no_location"

    @pytest.mark.parametrize(
        ("address", "count"),
        [("169.229.216.200", 1), ("192.168.0.7", 0), ("127.0.0.1", 0), ("nonsense", 0)],
    )
    def test_an_address_of_the_internet_may_lead_somewhere(self, filed, address, count):
        report = filed(document=nowhere(ipCaptureEvent=captured(address)))
        assert features(report).places == count

    def test_a_number_without_a_country_may_lead_somewhere(self, filed):
        person = {"phone": [{"value": "415 555 0100"}]}
        report = filed(document=nowhere(personOrUserReportedPerson=person))
        assert features(report).places == 1
        assert features(report).place_resolved is False

    def test_where_the_esps_staff_sit_says_nothing(self, filed):
        staff = {"address": [{"city": "Austin", "state": "TX", "country": "US"}]}
        report = filed(
            document={**nowhere(), "reporter": {"reportingPerson": staff}},
        )
        assert features(report).places == 0
        assert entry(report).place == ""
        assert [row.agency.name for row in referrals_of(report.pk)] == ["Federal queue"]

    def test_where_a_member_of_the_public_lives_may(self, world):
        report = public_report(PUBLIC_DOCUMENT)
        assert features(report).places == 1
        assert features(report).place_resolved is True
        assert entry(report).place == "US-TX"
        assert [row.agency.name for row in referrals_of(report.pk)] == ["Texas ICAC"]

    def test_the_exit_of_a_proxy_is_no_place_found_and_no_route(self, filed):
        address = captured("169.229.216.200", possibleProxy=True)
        report = filed(document=nowhere(ipCaptureEvent=address))
        assert (features(report).places, features(report).place_resolved) == (1, False)
        assert entry(report).place == ""
        assert [row.agency.name for row in referrals_of(report.pk)] == ["Federal queue"]

    def test_a_place_that_routing_takes_is_resolved(self, filed):
        report = filed(document=nowhere(ipCaptureEvent=captured("169.229.216.200")))
        assert features(report).place_resolved is True
        assert entry(report).place == "US-CA"
        assert [row.agency.name for row in referrals_of(report.pk)] == ["California ICAC"]


class TestFiles:
    @pytest.mark.parametrize(
        ("esp", "said", "novel"),
        [
            ("harborline", {"fileViewedByEsp": True}, True),
            ("harborline", {"fileViewedByEsp": False}, False),
            ("harborline", {}, None),
            ("quillnet", {"fileViewedByEsp": True}, None),  # its profile does not say what it means
        ],
    )
    def test_who_looked_at_something_new(self, filed, esp, said, novel):
        report = filed(esp=esp, files=[(picture(1), said)])
        assert features(report).novel_viewed is novel

    def test_what_came_before_is_not_new(self, filed):
        filed(files=[(picture(1), SEEN)])
        report = filed(files=[(picture(1), SEEN)])
        assert features(report).novel_viewed is False
        assert (features(report).known_files, features(report).new_files) == (1, 0)

    def test_a_supplement_and_an_empty_file_are_not_new_material(self, filed):
        supplement = {**SEEN, "fileRelevance": "Supplemental Reported"}
        report = filed(files=[(picture(1), supplement), (b"", SEEN)])
        told = features(report)
        assert (told.novel_viewed, told.new_files, told.files_openable) == (False, 0, 0)
        assert (told.files, told.files_with_bytes) == (2, 1)
        assert entry(report).new_files == 1  # the page counts what can be looked at

    def test_only_a_digest(self, filed):
        digest = {"originalFileHash": [{"value": "ab" * 16, "hashType": "MD5"}]}
        assert features(filed(files=[(b"", digest)])).only_hash is True
        assert features(filed(files=[(b"", {})])).only_hash is False
        assert features(filed(files=[(picture(1), digest)])).only_hash is False

    def test_a_file_of_text_may_be_a_conversation(self, world, filed):
        chat = {"chatImIncident": {"content": "hello"}}
        assert features(filed(document=document(internetDetails=[chat]))).chat_content is True
        report = filed(files=[(b"hello", {})])
        assert features(report).chat_content is False  # picture-1.png, says the sender
        EvidenceFile.objects.filter(report=report).update(content_type="text/plain")
        assert features(report).chat_content is None

    def test_an_opening_of_the_house_counts_and_an_agencys_does_not(self, world, filed):
        report = filed(files=[(picture(1), {})])
        assert features(report).files_openable == 0
        terms = OpeningTerms("warrant", "1", "A court", clock.now() - DAY)
        record_opening(world.actor("ines"), files_of(report.pk), terms)
        assert features(report).files_openable == 0
        record_opening(world.actor("sofia"), files_of(report.pk), terms)
        assert features(report).files_openable == 1


class TestPeople:
    @pytest.mark.parametrize(
        ("people", "several"),
        [
            ([], None),
            ([{"age": 9}], False),
            ([{"age": 9}, {"age": 9}], None),  # perhaps one child with two accounts
            ([{"age": 9}, {"age": 10}], None),  # perhaps a birthday
            ([{"age": 9}, {"age": 14}], True),
            ([{"firstName": "Ada"}, {"firstName": "ada "}], None),
            ([{"firstName": "Ada"}, {"firstName": "Eve"}], True),
            ([{"firstName": "Ada"}, {}], None),
            ([{"dateOfBirth": "2015-02-01"}, {"dateOfBirth": "2015-02-01"}], None),
            ([{"dateOfBirth": "2015-02-01"}, {"dateOfBirth": "2016-02-01"}], True),
            ([{"age": 9}, {"age": 34}], False),  # one of them is no child
        ],
    )
    def test_several_children_are_different_children(self, world, people, several):
        victims = [{"victimPerson": person} for person in people]
        report = file_report(world, document=document(victim=victims or None))
        assert features(report).several_children is several
        assert features(report).victim_present is (True if people else None)

    def test_ages_are_those_of_the_day_it_happened(self, world):
        victim = [{"victimPerson": {"dateOfBirth": "2010-06-01"}}]
        summary = {
            "incidentType": "Child Sex Trafficking",
            "incidentDateTime": "2022-05-31T10:00:00Z",
        }
        report = file_report(world, document=document(victim=victim, incidentSummary=summary))
        assert features(report).victim_age == 11
        later = {**summary, "incidentDateTime": "2022-06-01T10:00:00Z"}
        report = file_report(world, document=document(victim=victim, incidentSummary=later))
        assert features(report).victim_age == 12

    @pytest.mark.parametrize(
        ("block", "known"),
        [
            (None, None),
            ({"agencyName": "Springfield PD"}, True),
            ({"agencyName": "Springfield PD", "reportedToLe": False}, False),
            ({"agencyName": "X", "reportedToLe": False, "servedLegalProcessDomestic": True}, True),
            ({"agencyName": "X", "servedLegalProcessInternational": {"value": True}}, True),
        ],
    )
    def test_police_know_where_somebody_said_so(self, world, block, known):
        report = file_report(world, document=document(lawEnforcement=block))
        assert features(report).with_police is known

    def test_an_account_listed_with_the_victim_is_no_identifier_of_the_suspect(self, filed):
        account = {"type": "Same Platform", "espIdentifier": "child-1",
                   "email": [{"value": "child@example.org", "verified": True}],
                   "ipCaptureEvent": captured("169.229.216.201", port=5)}  # fmt: skip
        victim = [{"victimPerson": {"age": 12}, "associatedAccount": [account]}]
        bare = suspect(personOrUserReportedPerson=None, espIdentifier=None, screenName=None,
                       ipCaptureEvent=None, profileBio="x")  # fmt: skip
        told = features(filed(document=document(personOrUserReported=bare, victim=victim)))
        assert (told.user_ids, told.contacts, told.verified_contacts, told.ips_zoned) == (
            0,
            0,
            0,
            0,
        )

    def test_one_contact_written_twice_is_one_and_rubbish_is_none(self, filed):
        person = {
            "email": [{"value": "A@example.org"}, {"value": "a@EXAMPLE.org "}, {"value": "x"}]
        }
        told = features(
            filed(
                document=document(personOrUserReported=suspect(personOrUserReportedPerson=person))
            )
        )
        assert told.contacts == 1


class TestTimes:
    def written(self, when: str) -> dict:
        return document(
            incidentSummary={"incidentType": "Child Sex Trafficking", "incidentDateTime": when}
        )

    @pytest.mark.parametrize(
        ("when", "known", "zoned", "hours"),
        [
            ("2026-11-20T10:00:00Z", True, True, True),
            ("2026-11-20T10:00:00", True, False, False),
            ("1970-01-01T00:00:00Z", False, False, False),
            ("some day", False, False, False),
        ],
    )
    def test_what_a_time_says(self, world, when, known, zoned, hours):
        told = features(file_report(world, document=self.written(when)))
        assert told.incident_time_known is known
        assert told.incident_time_zoned is zoned
        assert (told.hours_since_incident is not None) is hours

    def test_the_time_of_a_detection_is_not_that_of_the_incident(self, world, filed):
        harborline = world.organisations["Harborline"]
        content = {**VIEWED, "incident_time_means": "detection"}
        accounts.set_esp_profile(SYSTEM, harborline, content)
        told = features(file_report(world))
        assert told.incident_time_known is False
        assert told.incident_time_zoned is None
        assert told.hours_since_incident is None

    def clocks(self, report):
        return {one.kind: one for one in gather(report, clock.now(), policy()).clocks}

    def test_logs_run_out_from_the_event_and_content_from_the_report(self, world):
        report = file_report(world, document=self.written("2026-11-01T10:00:00Z"))
        clocks = self.clocks(report)
        event = datetime(2026, 11, 1, 10, tzinfo=UTC)
        assert clocks["access_logs"].started == event
        assert clocks["access_logs"].ends == event + 30 * DAY
        assert clocks["account"].ends == event + 90 * DAY
        assert clocks["report_content"].ends == report.ended_at + 365 * DAY

    def test_without_a_zone_the_earliest_instant_counts(self, world):
        report = file_report(world, document=self.written("2026-11-01T10:00:00"))
        earliest = datetime(2026, 10, 31, 20, tzinfo=UTC)  # ten o'clock in the far east
        assert self.clocks(report)["access_logs"].started == earliest

    @pytest.mark.parametrize("when", ["1970-01-01T00:00:00Z", "some day", "2999-01-01T00:00:00Z"])
    def test_without_a_usable_time_the_report_starts_them(self, world, when):
        report = file_report(world, document=self.written(when))
        assert self.clocks(report)["access_logs"].started == report.ended_at


class TestOthers:
    def test_the_same_file_sent_again_is_no_independent_report(self, filed):
        first = filed(files=[(picture(1), SEEN)])
        again = filed(files=[(picture(1), SEEN)])
        other = filed(files=[(picture(2), SEEN)])
        assert features(again).linked_reports == 1  # the one with another file
        assert features(other).linked_reports == 2
        assert features(first).linked_esps == 1

    def test_another_esp_is_a_second_word_even_with_the_same_file(self, filed):
        first = filed(files=[(picture(1), SEEN)])
        filed(files=[(picture(1), SEEN)], esp="quillnet")
        assert (features(first).linked_reports, features(first).linked_esps) == (1, 2)

    def test_the_public_is_no_esp(self, world, filed):
        first = filed()
        public_report({**PUBLIC_DOCUMENT, "personOrUserReported": suspect()})
        assert features(first).linked_reports == 1
        assert features(first).linked_esps == 1


def test_the_number_of_questions_does_not_grow(filed):
    small = filed(files=[(picture(1), SEEN)])
    for number in range(4):
        filed(files=[(picture(number + 2), SEEN)])
    large = filed(files=[(picture(number), SEEN) for number in range(1, 7)])

    def questions(report) -> int:
        report = type(report).objects.select_related("sender", "profile", "key").get(pk=report.pk)
        with CaptureQueriesContext(connection) as caught:
            gather(report, clock.now(), policy())
        return len(caught)

    assert questions(large) == questions(small)
