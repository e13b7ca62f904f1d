"""Identifiers of filed reports: kept whole, mined, and never those of who reported."""

from __future__ import annotations

import pytest
from tests.filing import document, public_report, suspect
from tests.personas import file_report

from tipline.ground.foundation import worker
from tipline.insight.entities.mining.rules_standing import MANY, digest_of
from tipline.insight.entities.models import Identifier, Link, Passage
from tipline.insight.entities.queries import standing_among
from tipline.pipeline import stages
from tipline.record.evidence.contents import Contents

STANDING = "Harborline removes accounts that break its rules; write to legal@harborline.example."


def about(number: int, text: str, **changes) -> dict:
    wanted = {
        "personOrUserReportedPerson": None,
        "espIdentifier": f"id-{number}",
        "screenName": f"name{number}",
        "ipCaptureEvent": None,
        **changes,
    }
    return document(personOrUserReported=suspect(**wanted), additionalInfo=text)


def of(report, **wanted) -> list[Identifier]:
    return list(Identifier.objects.filter(report=report, **wanted).order_by("pk"))


class TestWhatIsKept:
    def test_every_kind_with_its_role_source_and_time(self, filed):
        person = {
            "firstName": "Anna",
            "lastName": "Example",
            "dateOfBirth": "1990-05-17",
            "email": [{"value": "Blue.Kite@Example.org"}],
            "phone": [{"value": "call me"}],
            "address": [{"address": "12 Harbor Street", "city": "Fresno", "country": "US"}],
        }
        captured = {
            "ipAddress": "169.229.216.200",
            "eventName": "Login",
            "dateTime": "2026-11-20T10:00:00Z",
            "port": 4711,
        }
        report = filed(
            document=document(
                personOrUserReported=suspect(
                    personOrUserReportedPerson=person,
                    displayName=["Blue Kite"],
                    ipCaptureEvent=[captured, {**captured, "port": 4712}],
                    profileBio="kik: blue_kite",
                )
            ),
            files=[(b"some bytes", {})],
        )
        kept = {(row.kind, row.role): row for row in of(report)}
        assert kept["name", "suspect"].normal == "anna example"
        assert kept["date_of_birth", "suspect"].normal == "1990-05-17"
        assert kept["address", "suspect"].normal.startswith("12 harbor st fresno")
        email = kept["email", "suspect"]
        assert (email.normal, email.sightings[0]["raw"]) == (
            "blue.kite@example.org",
            "Blue.Kite@Example.org",
        )
        phone = kept["phone", "suspect"]
        assert (phone.normal, phone.problem, phone.sightings[0]["raw"]) == (
            "",
            "malformed",
            "call me",
        )
        address = kept["ip", "suspect"]
        assert [seen["port"] for seen in address.sightings] == [4711, 4712]
        assert address.sightings[0]["time"]["as_written"] == "2026-11-20T10:00:00Z"
        assert kept["file_digest", "file"].origin == "computed"
        [mined] = of(report, origin="mined")
        assert (mined.kind, mined.normal, mined.scope, mined.role) == (
            "screen_name",
            "blue_kite",
            "kik",
            "suspect",
        )

    def test_reading_again_changes_nothing(self, world):
        report = file_report(world, document=about(1, f"{STANDING}\nwrote from a@example.org"))
        seen = []
        for _time in range(2):
            stages._link(Contents(report))
            rows = Identifier.objects.filter(report=report).order_by("kind", "role", "normal")
            seen.append(list(rows.values_list("kind", "role", "normal", "sightings")))
        assert seen[0] == seen[1]
        assert Passage.objects.count() == 1

    @pytest.mark.parametrize(
        "text",
        ["\ud800 kik: blue_kite", "a\x00b kik: blue_kite", "x" * 9000],
        ids=["half a character", "a zero byte", "long"],
    )
    def test_no_text_stops_the_stage(self, world, text):
        report = file_report(world, document=about(1, "nothing"))
        held = Contents(report)
        held.document = {**held.document, "additionalInfo": text}
        stages._link(held)
        assert of(report, kind="esp_user_id")

    def test_a_value_of_a_text_links_nobody(self, filed):
        for number in (1, 2):
            filed(document=about(number, "", additionalInfo=None, profileBio="kik: blue_kite"))
        assert Identifier.objects.filter(normal="blue_kite", role="suspect").count() == 2
        assert not Link.objects.exists()

    def test_two_values_without_a_form_are_nothing_in_common(self, filed):
        for number in (1, 2):
            person = {"email": [{"value": "nothing of the kind"}]}
            filed(document=about(number, "", personOrUserReportedPerson=person))
        assert Identifier.objects.filter(kind="email", normal="", role="suspect").count() == 2
        assert not Link.objects.exists()


class TestStandingText:
    def mined(self) -> int:
        return Identifier.objects.filter(normal="legal@harborline.example").count()

    def test_a_line_about_many_accounts_is_mined_no_more_and_forgotten(self, world):
        for number in range(MANY - 1):
            stages._link(Contents(file_report(world, document=about(number, STANDING))))
        assert self.mined() == MANY - 1
        for number in (MANY, MANY + 1):
            last = file_report(world, document=about(number, f"{STANDING}\nkik: blue_kite"))
            stages._link(Contents(last))
            assert self.mined() == 0
            assert of(last, normal="blue_kite")
        assert Passage.objects.count() == MANY  # no more is written of it
        assert standing_among(last, [digest_of(STANDING)]) == {digest_of(STANDING)}

    def test_links_that_rested_on_it_are_made_anew(self, world, filed):
        """Ads for a service, in the words of whoever is reported, and then of everybody."""
        line = "My friends write to me on telegram: somebody_out_there and wait for an answer."
        for number in range(MANY):
            filed(document=about(number, "", profileBio=line))
        assert Link.objects.filter(state=Link.State.PROPOSED).exists()
        worker.run_ready("one")
        assert not Link.objects.exists()

    def test_many_reports_of_one_account_make_nothing_standing_text(self, world):
        for _number in range(MANY + 1):
            stages._link(Contents(file_report(world, document=about(1, STANDING))))
        assert self.mined() == MANY + 1
        assert Passage.objects.count() == 1

    def test_it_is_another_senders_only_when_that_one_says_it_too(self, world):
        for number in range(MANY):
            stages._link(Contents(file_report(world, document=about(number, STANDING))))
        other = file_report(world, document=about(7, STANDING), esp="quillnet")
        stages._link(Contents(other))
        assert of(other, origin="mined")


def test_what_reporters_say_of_themselves_is_mined_nowhere(world):
    own = {"email": [{"value": "parent@example.org"}], "phone": [{"value": "+14155550100"}]}
    report = public_report(
        {
            "incidentSummary": {"incidentType": "Online Enticement of Children for Sexual Acts"},
            "reporter": {"reportingPerson": own},
            "additionalInfo": "I am Parent@example.org, call +1 415 555 0100. kik: blue_kite",
        }
    )
    assert [(row.kind, row.normal) for row in of(report)] == [("screen_name", "blue_kite")]
