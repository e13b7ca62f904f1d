"""Links between reports, and what people decide about them."""

from __future__ import annotations

import copy

import pytest
from tests.entities.linked import link_of, machine_says, some_reports
from tests.personas import DOCUMENT

from tipline.ground.audit.queries import entries_for
from tipline.insight.entities.queries import judgements_of, links_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def linked(filed):
    """Two reports that share a screen name only: a proposal."""
    documents = []
    for n in (1, 2):
        document = copy.deepcopy(DOCUMENT)
        reported = document["personOrUserReported"][0]
        reported["espIdentifier"] = f"user-{n}"
        reported["personOrUserReportedPerson"]["email"][0]["value"] = f"s{n}@example.org"
        reported["ipCaptureEvent"] = []
        documents.append(document)
    return [filed(document=document).pk for document in documents]


def link_between(linked):
    (link,) = links_of(linked[0])
    return link


def judge(client, number, link, verdict, note="", **more):
    said = {"verdict": verdict, "note": note}
    return client.post(f"/desk/reports/{number}/links/{link.pk}/judge", said, **more)


def test_a_proposal_waits_for_a_person_on_both_reports(ana, linked):
    for number, other in (linked, linked[::-1]):
        html = ana.get(f"/desk/reports/{number}/").content.decode()

        assert f"Report {other}" in html
        assert "waits for a person, counts nothing yet" in html
        assert "Same screen" in html


def test_an_answer_counts_at_once_with_its_author_and_note(ana, world, linked):
    link = link_between(linked)
    answer = judge(ana, linked[1], link, "yes", "Same spelling mistake.")
    assert answer["Location"] == f"/desk/reports/{linked[1]}/#link-{link.pk}"

    assert link_between(linked).state == "confirmed"
    html = ana.get(f"/desk/reports/{linked[0]}/").content.decode()
    assert "confirmed, counts" in html
    assert "Same spelling mistake." in html
    for number in linked:
        entries = entries_for(world.actor("ana"), f"report:{number}")
        assert [one["detail"]["verdict"] for one in entries if one["verb"] == "link.judged"] == [
            "yes"
        ]


def test_an_answer_can_be_changed_and_none_is_forgotten(ana, signed_in, linked):
    link = link_between(linked)
    judge(ana, linked[0], link, "no")
    judge(signed_in("sofia"), linked[0], link, "unsure")

    assert link_between(linked).state == "unsure"
    verdicts = [(one.author.name, one.verdict) for one in judgements_of([link])[link.pk]]
    assert verdicts == [("Ana", "no"), ("Sofia", "unsure")]


def test_an_answer_by_htmx_answers_the_link(ana, linked):
    link = link_between(linked)
    answer = judge(ana, linked[0], link, "no", headers={"HX-Request": "true"})
    html = answer.content.decode()

    assert html.lstrip().startswith(f'<div class="card stack" id="link-{link.pk}"')
    assert "rejected, counts nothing" in html
    assert "data-judged" in html
    assert f"Link to report {linked[1]}: rejected, counts nothing." in html


def test_what_is_no_answer_is_refused(ana, linked):
    link = link_between(linked)

    assert judge(ana, linked[0], link, "perhaps").status_code == 422
    assert judge(ana, linked[0], link, "").status_code == 422
    assert link_between(linked).state == "proposed"


def test_only_a_link_of_this_report_and_only_by_analysts(ana, signed_in, filed, linked):
    link = link_between(linked)
    stranger = filed(esp="quillnet", document={**DOCUMENT, "personOrUserReported": []}).pk

    assert judge(ana, stranger, link, "yes").status_code == 404
    assert judge(signed_in("ines"), linked[0], link, "yes").status_code == 404
    assert judge(signed_in("adam"), linked[0], link, "yes").status_code == 404
    assert link_between(linked).state == "proposed"


def test_an_answer_is_taken_back_from_the_page(ana, signed_in, linked):
    link = link_between(linked)
    judge(ana, linked[0], link, "no", "Another person.")
    row = judgements_of([link])[link.pk][0]
    address = f"/desk/reports/{linked[0]}/links/{link.pk}/said/{row.pk}/undo"
    assert address in ana.get(f"/desk/reports/{linked[0]}/").content.decode()

    assert ana.post(address).status_code == 303
    assert link_between(linked).state == "proposed"
    html = ana.get(f"/desk/reports/{linked[1]}/").content.decode()
    assert "no, taken back since" in html
    assert "took back: no" in html


def test_anothers_answer_is_taken_back_by_a_supervisor_only(ana, signed_in, linked):
    sofia = signed_in("sofia")
    link = link_between(linked)
    for first, second, status in ((sofia, ana, 403), (ana, sofia, 303)):
        judge(first, linked[0], link, "unsure", f"Said before {status}.")
        row = judgements_of([link])[link.pk][-1]
        address = f"/desk/reports/{linked[0]}/links/{link.pk}/said/{row.pk}/undo"
        shown = address in second.get(f"/desk/reports/{linked[0]}/").content.decode()
        assert shown == (status == 303)
        assert second.post(address).status_code == status
    assert ana.post(f"/desk/reports/{linked[0]}/links/{link.pk}/said/99999/undo").status_code == 404


def test_whoever_has_not_seen_the_last_answer_keeps_their_note(ana, signed_in, linked):
    link = link_between(linked)
    judge(signed_in("sofia"), linked[0], link, "no")
    said = {"verdict": "yes", "note": "The same style.", "seen": "0"}
    address = f"/desk/reports/{linked[0]}/links/{link.pk}/judge"
    for more, status in (({}, 409), ({"headers": {"HX-Request": "true"}}, 422)):
        refused = ana.post(address, said, **more)
        html = refused.content.decode()
        assert refused.status_code == status
        assert "Somebody has judged these two meanwhile" in html
        assert 'value="The same style."' in html
    assert link_between(linked).state == "rejected"


def test_what_would_join_people_told_apart_is_refused_and_names_them(world, ana):
    a, b, c = some_reports(world, 3)
    machine_says(b, {a: ("proposed", ["email"])})
    machine_says(c, {a: ("automatic", ["account"]), b: ("proposed", ["email"])})
    judge(ana, a, link_of(a, b), "no")
    refused = judge(ana, b, link_of(b, c), "yes")
    assert refused.status_code == 409
    assert f"Reports {a} and {b} were judged to be about different people" in (
        refused.content.decode()
    )
    html = ana.get(f"/desk/reports/{c}/").content.decode()
    assert "not asked about: it would join reports that were told apart" in html


def test_new_evidence_since_a_decision_is_marked_with_what_is_new(world, ana):
    a, b = some_reports(world, 2)
    machine_says(b, {a: ("proposed", ["email"])})
    judge(ana, a, link_of(a, b), "no")
    machine_says(b, {a: ("proposed", ["email", "device"])})
    html = ana.get(f"/desk/reports/{b}/").content.decode()
    assert "new evidence since your decision: device" in html.lower()
