"""Which reports belong together, and which may be folded: the rules alone."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.personas import DOCUMENT
from tests.triage.reports import features

from tipline.ground.accounts.profiles import EspFacts
from tipline.ground.foundation.reasons import known_codes, words
from tipline.insight.triage import words as triage_words
from tipline.insight.triage.bundles.rules import (
    COMPARED,
    BundleKind,
    alike,
    bundle_key,
    differences,
    keeps_out,
    likeness,
)
from tipline.insight.triage.bundles.rules_form import form_of
from tipline.insight.triage.facts_told import Told, ToldFile, told
from tipline.insight.triage.features import Features
from tipline.insight.triage.policy import default_policy
from tipline.insight.triage.rules_judge import Gathered, input_digest, judge
from tipline.insight.triage.rules_signs import guards
from tipline.record.reports.doors import Door

POLICY = default_policy()
WANTED = POLICY.rules.bundles
NOW = datetime(2026, 11, 20, 12, 20, tzinfo=UTC)
TEXT = "Sent to us by our own scanner."


def report(files=(), places=(), filed=NOW, **changes):
    """The personas' report as it was told, with parts replaced."""
    document = {**deepcopy(DOCUMENT), **changes}
    return Told(document, files, EspFacts(), Door.ISPWS, "Harborline", filed, NOW, places)


def file(name="a", size=5, **details):
    return ToldFile(name * 64, size, "image/png", {"fileId": "f", **details})


def gathered(found: Features) -> Gathered:
    return Gathered(found, (), files=0, known_files=0, new_files=0, links=0, place="")


def parts_of(made: Told) -> dict[str, str]:
    result = judge(gathered(Features(**told(made))), NOW, POLICY)
    return likeness(form_of(made), result, WANTED)


def differing(one: Told, other: Told) -> set[str]:
    found = differences(parts_of(one), parts_of(other))
    assert bool(found) == (alike(parts_of(one)) != alike(parts_of(other)))
    return {reason.code.removeprefix("triage.bundle.") for reason in found}


def key_of(made: Told, sender=1):
    return bundle_key(sender, form_of(made), made.filed, WANTED)


def suspect(**changes):
    return [{**deepcopy(DOCUMENT["personOrUserReported"][0]), **changes}]


class TestKeys:
    def test_files_make_a_viral_bundle_and_none_a_flood(self):
        assert key_of(report([file()])).kind is BundleKind.VIRAL
        assert key_of(report()).kind is BundleKind.FLOOD
        assert key_of(report([file(size=0)])).kind is BundleKind.FLOOD

    def test_what_no_organisation_sent_is_never_gathered(self):
        assert key_of(report([file()]), sender=None) is None

    def test_sender_files_address_and_week_gather(self):
        one = key_of(report([file()]))
        page = [{"webPageIncident": {"url": ["https://example.org/kite"]}}]
        assert key_of(report([file()], filed=NOW + timedelta(days=2))) == one
        assert key_of(report([file(originalFileName="kite.png")])) == one
        assert key_of(report([file()], personOrUserReported=[])) == one
        assert key_of(report([file()]), sender=2) != one
        assert key_of(report([file("b")])) != one
        assert key_of(report([file(), file("b")])) != one
        assert key_of(report([file()], filed=NOW + timedelta(days=3))) != one
        assert key_of(report([file()], internetDetails=page)) != one
        assert key_of(report([file(locationOfFile="https://example.org/1")])) != one

    def test_the_order_of_files_and_a_supplement_change_no_key(self):
        note = file("c", fileRelevance="Supplemental Reported")
        assert key_of(report([file(), file("b")])) == key_of(report([file("b"), file(), note]))

    def test_the_form_and_the_hour_gather_a_flood(self):
        one = key_of(report(additionalInfo="Ticket 1001 of scanner 0a1b2c3d4e5f."))
        other = "Ticket 77 of scanner ffffffffff00."
        assert key_of(report(additionalInfo=other)) == one
        assert key_of(report(additionalInfo=other, filed=NOW + timedelta(minutes=39))) == one
        assert key_of(report(additionalInfo=other, filed=NOW + timedelta(minutes=40))) != one
        assert key_of(report(additionalInfo="Something else 1001.")) != one
        summary = {**DOCUMENT["incidentSummary"], "incidentType": "Misleading Domain Name"}
        assert key_of(report(additionalInfo=other, incidentSummary=summary)) != one

    def test_digests_named_without_bytes_are_part_of_a_floods_form(self):
        hashes = [{"value": "AB" * 16, "hashType": "MD5"}]
        named = report([file(size=0, originalFileHash=hashes)])
        assert key_of(named) != key_of(report([file(size=0)]))


class TestLikeness:
    @pytest.mark.parametrize(
        ("changes", "name"),
        [
            ({"personOrUserReported": suspect(espIdentifier="user-2")}, "people"),
            ({"personOrUserReported": suspect(screenName="grey.heron")}, "people"),
            ({"personOrUserReported": [*suspect(), *suspect()]}, "people"),
            ({"personOrUserReported": []}, "people"),
            ({"personOrUserReported": suspect(profileBio="I coach children.")}, "text"),
            ({"victim": [{"victimPerson": {"age": 12}}]}, "people"),
            ({"intendedRecipient": [{"screenName": "white.stork"}]}, "people"),
            ({"additionalInfo": TEXT}, "text"),
            ({"internetDetails": [{"chatImIncident": {"content": "hello"}}]}, "text"),
            ({"internetDetails": [{"webPageIncident": {"url": ["https://a.example"]}}]}, "other"),
            ({"lawEnforcement": {"agencyName": "Town Police"}}, "other"),
            ({"somethingNew": {"inTheSchema": True}}, "other"),
        ],
    )
    def test_whatever_differs_is_named(self, changes, name):
        assert name in differing(report(**changes), report())

    def test_text_that_reads_the_same_is_the_same(self):
        one, other = report(additionalInfo=TEXT), report(additionalInfo=f"  {TEXT.upper()}\n")
        assert differing(one, other) == set()

    def test_numbers_in_a_text_are_words(self):
        one = report(additionalInfo="They meet on the 5th.")
        assert differing(one, report(additionalInfo="They meet on the 6th.")) == {"text"}

    def test_a_reports_own_addresses_times_and_file_names_may_vary_in_its_text(self):
        def scanned(address, minute, name):
            time = f"2026-11-20T09:{minute}:00Z"
            capture = {"ipAddress": address, "eventName": "Upload", "dateTime": time}
            return report(
                [file(originalFileName=name)],
                personOrUserReported=suspect(ipCaptureEvent=[capture]),
                additionalInfo=f"Upload of {name} from {address} at {time}.",
            )

        one = scanned("192.0.2.1", 10, "img-1.png")
        assert differing(one, scanned("192.0.2.77", 40, "img-22.png")) == set()
        moved = scanned("192.0.2.77", 40, "susan.png")
        assert differing(one, moved) == {"names"}

    def test_the_same_address_stands_in_another_place(self):
        from tipline.insight.enrichment.rules import derive

        def seen_at(address):
            capture = [{"ipAddress": address, "eventName": "Upload"}]
            document = {**DOCUMENT, "personOrUserReported": suspect(ipCaptureEvent=capture)}
            return report(places=derive(document, []), **document)

        assert differing(seen_at("169.229.216.200"), seen_at("169.229.216.201")) == set()
        assert "places" in differing(seen_at("169.229.216.200"), seen_at("8.8.8.8"))
        # Of an address that is in no data nobody knows where it is: each stands for itself.
        assert "places" in differing(seen_at("192.0.2.1"), seen_at("192.0.2.2"))

    def test_times_of_the_incident_within_a_day_are_the_same(self):
        def at(written):
            summary = {**DOCUMENT["incidentSummary"], "incidentDateTime": written}
            return report(incidentSummary=summary)

        assert differing(at("2026-11-20T00:10:00Z"), at("2026-11-20T23:50:00Z")) == set()
        assert differing(at("2026-11-20T23:50:00Z"), at("2026-11-22T00:10:00Z")) == {"time"}
        assert "time" in differing(at("2026-11-20T10:00:00Z"), at("2026-11-20T10:00:00"))
        assert "time" in differing(at("2026-11-20T10:00:00Z"), at("1970-01-01T00:00:00Z"))
        assert differing(at("9999-12-31T00:00:00"), at("9999-12-31")) == set()

    def test_what_is_said_of_a_file_counts(self):
        assert differing(report([file()]), report([file(fileViewedByEsp=True)])) >= {"files"}
        assert "signs" in differing(
            report([file(fileAnnotations={"infant": True})]), report([file()])
        )

    @given(st.permutations(["a", "b", "c"]))
    def test_the_order_of_files_makes_no_difference(self, names):
        assert (
            differing(report([file(n) for n in names]), report([file(n) for n in "abc"])) == set()
        )


class TestKeptOut:
    @given(base=features())
    def test_no_guard_urgent_signal_or_high_danger_is_ever_folded(self, base):
        result = judge(gathered(base), NOW, POLICY)
        if keeps_out(base, result, POLICY):
            return
        assert not guards(base, POLICY.rules.limits)
        assert (result["urgency"], result["signals"]) == ("none", [])
        assert result["danger"]["band"] in ("medium", "low")
        assert not base.cues
        assert not base.recipients
        assert base.chat_content is False
        assert base.minor_suspect is not True
        assert base.disposition_judged is base.analyst_level is base.nexus_judged is None

    @given(base=features())
    def test_every_reason_reads_as_a_sentence(self, base):
        for reason in keeps_out(base, judge(gathered(base), NOW, POLICY), POLICY):
            assert reason.code in known_codes()
            assert reason.points == 0
            assert words(reason).endswith(".")

    def test_a_plain_report_may_be_folded(self):
        plain = Features(chat_content=False)
        assert keeps_out(plain, judge(gathered(plain), NOW, POLICY), POLICY) == ()

    def test_a_file_of_text_is_text_that_nobody_has_read(self):
        notes = ToldFile("d" * 64, 9, "text/plain", {})
        found = Features(**told(report([notes])))
        codes = [r.code for r in keeps_out(found, judge(gathered(found), NOW, POLICY), POLICY)]
        assert codes == ["triage.bundle.unread"]

    def test_each_part_has_words(self):
        for name in COMPARED:
            assert f"triage.bundle.{name}" in triage_words.WORDS


class TestSize:
    @given(base=features(), size=st.integers(0, 10**9))
    def test_the_size_of_a_bundle_moves_nothing(self, base, size):
        alone = judge(gathered(replace(base, bundle_size=None)), NOW, POLICY)
        assert judge(gathered(replace(base, bundle_size=size)), NOW, POLICY) == alone

    @given(base=features(), near=st.lists(st.integers(1, 99), max_size=4).map(tuple))
    def test_form_and_neighbours_make_no_new_assessment(self, base, near):
        one = gathered(base)
        more = replace(one, neighbours=near, form=form_of(report()))
        assert input_digest(more, NOW, POLICY) == input_digest(one, NOW, POLICY)


class TestHostile:
    def test_absurd_values_give_a_form(self):
        made = report(
            incidentSummary={"incidentType": "?", "incidentDateTime": "99999-01-01T00:00:00Z"},
            additionalInfo="\u202e" + "a" * 10**6 + "\ud800",
            personOrUserReported=suspect(displayName=["x"] * 10**5),
        )
        assert key_of(made).kind is BundleKind.FLOOD
        assert "time" not in differing(made, made)

    def test_ten_thousand_recipients_are_compared(self):
        made = report(intendedRecipient=[{"screenName": "x"}] * 10**4)
        assert "people" in differing(made, report())
