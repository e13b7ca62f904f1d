"""The page of one report: sections A to D, its life, notes, hand-overs, the ledger."""

from __future__ import annotations

import copy
import re
from datetime import timedelta

import pytest
from django.test.utils import CaptureQueriesContext
from tests.personas import DOCUMENT, file_report
from tests.portals_desk.conftest import UNSEEN, VIEWED, picture

from tipline.delivery.cases.services import answer
from tipline.delivery.routing.queries import referral_for
from tipline.ground.audit.queries import entries_for
from tipline.ground.foundation import clock
from tipline.insight.entities.mining.rules_standing import MANY
from tipline.pipeline import stages
from tipline.record.evidence.contents import Contents

pytestmark = pytest.mark.django_db


def page_of(client, number, query="", status=200):
    response = client.get(f"/desk/reports/{number}/{query}")
    assert response.status_code == status
    return response.content.decode()


def part(html, name, until):
    return html[html.index(f'id="{name}"') : html.index(f'id="{until}"')]


def test_the_head_says_what_matters(ana, report):
    html = page_of(ana, report.pk)

    assert f"Report {report.pk}" in html
    assert "Medium" in html
    assert "<strong>Referral</strong>" in html
    assert "level E: provider&#x27;s report" in html
    assert "from Harborline" in html
    assert "not claimed" in html


def test_an_informational_report_names_the_test_that_failed(ana, filed):
    document = copy.deepcopy(DOCUMENT)
    document["incidentSummary"]["reportAnnotations"] = {"spam": True}

    html = page_of(ana, filed(document=document).pk)

    assert "<strong>Informational</strong>: No apparent exploitation incident" in html


def test_section_a_says_what_the_reporter_asserted(ana, report):
    section = part(page_of(ana, report.pk), "section-a", "section-b")

    assert "Child Pornography (possession, manufacture, and distribution)" in section
    assert "169.229.216.200" in section
    assert "port 50123" in section
    assert "subject@example.org" in section
    assert "Verified: yes" in section
    assert "Asserted by the reporter" in section
    assert "Added by the system" not in section


def test_section_b_says_what_the_system_added_and_how_far_to_trust_it(ana, report):
    html = page_of(ana, report.pk)
    section = part(html, "section-b", "section-c")

    assert "IP address (reported person)" in section
    assert "California, United States" in section
    assert "trust: medium" in section
    assert "Added by the system" in section
    assert "Asserted by the reporter" not in section
    assert '<a href="https://db-ip.com/">IP Geolocation by DB-IP</a>' in html


def test_section_d_says_who_has_it_and_why(ana, report):
    section = part(page_of(ana, report.pk), "section-d", "files")

    assert "California ICAC" in section
    assert "The agency for US-CA" in section
    assert "made available, not answered yet" in section
    assert "Set by routing" in section


def test_an_agencys_answer_stands_with_its_referral(ana, world, report):
    ines = world.actor("ines")
    said = {"status": "closed", "closing_reason": "adult", "useful": "yes"}
    answer(ines, referral_for(ines, report.pk), said)

    html = page_of(ana, report.pk)
    section = part(html, "section-d", "files")

    assert "accepted" in section
    assert "Closed" in section
    assert "The alleged child is an adult" in section
    assert "Answered by an agency" in section


def test_the_three_scores_stand_at_the_side_with_what_would_change_them(ana, filed):
    document = copy.deepcopy(DOCUMENT)
    document["incidentSummary"]["incidentDateTime"] = "2026-11-20T10:00:00"
    html = page_of(ana, filed(document=document).pk)
    side = html[html.index("report-side") :]

    for title in ("Danger", "Actionability", "Decay"):
        assert f"<figcaption>{title}</figcaption>" in side
    assert "What would change this" in side
    assert "The time zone of the incident." in side
    assert "The ESP keeps access logs until" in side
    assert "Nothing speaks against an exploitation incident." in side


def test_the_lifeline_shows_what_has_come(ana, world, report):
    html = page_of(ana, report.pk)
    stations = re.findall(r'<li class="(come|ahead)"><span class="station">(\w+)', html)

    assert [name for state, name in stations if state == "come"] == [
        "Received", "Finished", "Fingerprinted", "Matched", "Ranked", "Referred",
    ]  # fmt: skip
    assert [name for state, name in stations if state == "ahead"] == [
        "Labelled", "Accepted", "Answered",
    ]  # fmt: skip


def test_a_report_that_nothing_has_read_yet_can_be_read(ana, world):
    report = file_report(world, files=[(picture(1), VIEWED)])

    html = page_of(ana, report.pk)

    assert "Not ranked yet" in html
    assert "subject@example.org" in html
    assert f'action="/desk/reports/{report.pk}/claim"' not in html


def test_reading_stands_on_the_ledger_once_an_hour_for_each_person(
    ana, signed_in, world, report, monkeypatch
):
    def readings():
        entries = entries_for(world.actor("ana"), f"report:{report.pk}")
        return sorted(one["actor"] for one in entries if one["verb"] == "report.read")

    page_of(ana, report.pk)
    page_of(ana, report.pk)
    page_of(signed_in("sofia"), report.pk)
    people = sorted(f"person:{world.people[name].pk}" for name in ("ana", "sofia"))
    assert readings() == people

    later = clock.now() + timedelta(minutes=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    page_of(ana, report.pk)
    assert len(readings()) == 3


def test_the_ledger_names_people_and_words(ana, report):
    page_of(ana, report.pk)
    html = page_of(ana, report.pk)
    ledger = html[html.index('id="ledger"') :]

    assert "Report read" in ledger
    assert ">Ana<" in ledger
    assert "machine account" in ledger


def test_what_is_not_filed_does_not_exist(ana, world):
    unfinished = file_report(world, finished=False)

    page_of(ana, unfinished.pk, status=404)
    page_of(ana, 999_999, status=404)
    page_of(ana, 10**30, status=404)


def test_what_was_odd_and_what_was_not_recognised_is_listed(ana, world):
    from tipline.record.intake import services as intake
    from tipline.record.intake.services import Arrival
    from tipline.record.reports.doors import Door
    from tipline.record.reports.queries import own_report

    actor = world.machine("harborline")
    document = {**DOCUMENT, "unrecognised": [{"path": "/report/new", "xml": "<new>7</new>"}]}
    warning = {"code": "unknown_element", "path": "/report/new", "line": 3,
               "message": "The schema has no new here.", "fix": "Leave it out."}  # fmt: skip
    sender = world.organisations["Harborline"]
    number = intake.submit(actor, Arrival(Door.ISPWS, b"x", sender), document, [warning]).number
    intake.finish(actor, own_report(actor, number))

    section = part(page_of(ana, number), "section-a", "section-b")

    assert "&lt;new&gt;7&lt;/new&gt;" in section
    assert "The schema has no new here." in section
    assert "Leave it out." in section


def test_a_senders_words_are_text_and_never_markup(ana, filed):
    document = copy.deepcopy(DOCUMENT)
    document["personOrUserReported"][0]["screenName"] = "<script>alert(1)</script>"
    document["additionalInfo"] = '<img src=x onerror="alert(2)">' * 30

    html = page_of(ana, filed(document=document).pk)

    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_long_lists_are_shown_whole_on_demand(ana, filed):
    document = copy.deepcopy(DOCUMENT)
    document["personOrUserReported"][0]["ipCaptureEvent"] = [
        {"ipAddress": f"169.229.216.{n}"} for n in range(130)
    ]
    number = filed(document=document).pk

    cut, whole = page_of(ana, number), page_of(ana, number, "?whole=1")

    assert "30 more entries of long lists" in cut
    assert "more entries of long lists" not in whole
    assert "169.229.216.129" in part(whole, "section-a", "section-b")


def test_the_number_of_queries_does_not_grow_with_what_is_shown(ana, filed, world, connection):
    from tipline.insight.annotation.services import set_labels
    from tipline.pipeline import stages
    from tipline.record.evidence.queries import files_of

    small = filed(files=[(picture(1), VIEWED)]).pk
    document = copy.deepcopy(DOCUMENT)
    document["victim"] = [{"victimPerson": {"age": 9}}, {"victimPerson": {"age": 8}}]
    large = filed(document=document, files=[(picture(n), UNSEEN) for n in range(6)]).pk
    filed(esp="quillnet")
    for file in files_of(large):
        set_labels(world.actor("ana"), file, ["viral", "violence"])
    stages.run(large)
    page_of(ana, small), page_of(ana, large)  # the readings are on the ledger now

    with CaptureQueriesContext(connection) as few:
        page_of(ana, small)
    with CaptureQueriesContext(connection) as many:
        html = page_of(ana, large)

    assert html.count('class="file-card"') == 6
    assert len(many) == len(few)


def test_identifiers_stand_with_their_form_their_writing_and_their_source(ana, filed):
    document = copy.deepcopy(DOCUMENT)
    reported = document["personOrUserReported"][0]
    reported["personOrUserReportedPerson"]["phone"] = [{"value": "<call me>"}]
    reported["screenName"] = "Blue.Kite"
    reported["profileBio"] = "kik: blue_kite"

    shown = part(page_of(ana, filed(document=document).pk), "identifiers", "section-c")

    assert "<bdi>blue.kite</bdi>" in shown
    assert "<bdi>Blue.Kite</bdi>" in shown
    assert "none:</span>" not in shown
    assert "none: cannot be read as its kind" in shown
    assert "<bdi>&lt;call me&gt;</bdi>" in shown
    assert "mined from text" in shown
    assert "/report/personOrUserReported[1]/screenName" in shown
    assert "port" in shown


def test_a_senders_standing_text_is_folded_away(ana, world, filed):
    standing = "Harborline removes accounts that break its rules, without exception."
    reports = []
    for number in range(MANY):
        document = copy.deepcopy(DOCUMENT)
        document["personOrUserReported"][0]["espIdentifier"] = f"user-{number}"
        document["additionalInfo"] = f"{standing}\nSeen twice."
        reports.append(file_report(world, document=document))
        stages._link(Contents(reports[-1]))

    shown = part(page_of(ana, reports[-1].pk), "section-a", "section-b")

    assert "Standing text of this sender" in shown
    assert "<summary" in shown[: shown.index(standing)]
    assert "Seen twice.</span>" in shown
