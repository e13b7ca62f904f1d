"""Files: all but their content, and labels that follow the bytes."""

from __future__ import annotations

import re

import pytest
from tests.personas import file_report
from tests.portals_desk.conftest import UNSEEN, VIEWED, picture

from tipline.insight.annotation import vocabulary
from tipline.insight.annotation.queries import label_history, labels_of
from tipline.pipeline import stages
from tipline.record.evidence.queries import files_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def card(html, file):
    start = html.index(f'id="file-{file.file_id}"')
    following = re.search(r'data-row id="file-', html[start:])
    return html[start : start + following.start()] if following else html[start:]


def report_page(client, file):
    return client.get(f"/desk/reports/{file.report_id}/").content.decode()


def label_url(file, code, deed="set"):
    return f"/desk/reports/{file.report_id}/files/{file.file_id}/labels/{code}/{deed}"


# --- cards -------------------------------------------------------------------------------


def test_a_blocked_file_shows_all_but_its_content(ana, files):
    shown = card(report_page(ana, files.unseen), files.unseen)

    assert "boat.png" in shown
    assert files.unseen.sha256[:12] in shown
    assert files.unseen.md5 in shown
    assert "image/png" in shown
    assert "Viewed by the ESP: <strong>not said</strong>" in shown
    assert "closed" in shown
    assert "rule 5" in shown
    assert "The ESP does not say whether a person viewed it." in shown
    assert "Show small grey preview" not in shown
    assert "<img" not in shown


def test_an_open_file_offers_a_preview_and_shows_none_by_itself(ana, files):
    shown = card(report_page(ana, files.viewed), files.viewed)

    assert "rule 8" in shown
    assert "Show small grey preview" in shown
    assert "<img" not in shown


def test_what_the_reporter_says_of_a_file_is_theirs(ana, filed):
    said = {
        **VIEWED,
        "industryClassification": "B2",
        "fileAnnotations": {"viral": True},
        "originalFileHash": [{"value": "ab" * 16, "hashType": "MD5"}],
    }
    (file,) = files_of(filed(files=[(picture(3), said)]).pk)

    shown = card(report_page(ana, file), file)

    assert "B2: pubescent, lascivious exhibition" in shown
    assert "Viral" in shown
    assert "Kind of digest: MD5" in shown


def test_the_card_says_in_how_many_reports_the_bytes_stand(ana, filed, files):
    (copy,) = files_of(filed(esp="quillnet", files=[(picture(1), UNSEEN)]).pk)

    first = card(report_page(ana, files.viewed), files.viewed)
    later = card(report_page(ana, copy), copy)

    assert "These bytes stand in 2 reports" in first
    assert "Seen 0 times before" in first
    assert "Seen 1 time before" in later
    assert "known" in later
    assert f"report {files.viewed.report_id}, sent by Harborline" in later


def test_the_reports_with_the_same_bytes_are_listed(ana, filed, files, signed_in):
    other = filed(esp="quillnet", files=[(picture(1), UNSEEN)])
    address = f"/desk/files/{files.viewed.sha256}/"

    html = ana.get(address).content.decode()

    assert f"/desk/reports/{other.pk}/#file-" in html
    assert f"/desk/reports/{files.viewed.report_id}/#file-" in html
    assert ana.get(f"/desk/files/{'0' * 64}/").status_code == 404
    assert signed_in("ines").get(address).status_code == 404


def test_the_same_bytes_in_a_report_that_is_not_filed_stay_out(ana, world, files):
    file_report(world, esp="quillnet", files=[(picture(1), UNSEEN)], finished=False)

    assert "<strong>1</strong>" in ana.get(f"/desk/files/{files.viewed.sha256}/").content.decode()


# --- labels ------------------------------------------------------------------------------


def test_every_label_has_its_key(ana, files):
    shown = card(report_page(ana, files.unseen), files.unseen)

    assert {f'data-key="l {label.key}"' in shown for label in vocabulary.own().in_force} == {True}


def test_a_label_is_set_and_taken_back(ana, files):
    answer = ana.post(label_url(files.unseen, "viral"))
    assert answer.status_code == 303
    assert answer["Location"].endswith(f"#file-{files.unseen.file_id}")
    assert labels_of([files.unseen.sha256]) == {files.unseen.sha256: frozenset({"viral"})}

    html = report_page(ana, files.unseen)
    assert f'action="{label_url(files.unseen, "viral", "withdraw")}"' in html
    assert 'aria-pressed="true"' in card(html, files.unseen)

    ana.post(label_url(files.unseen, "viral", "withdraw"))
    assert labels_of([files.unseen.sha256]) == {}
    history = label_history([files.unseen.sha256])
    assert [(one.present, one.author.name) for one in history] == [(True, "Ana"), (False, "Ana")]


def test_a_label_leaves_the_others_alone(ana, files):
    for code in ("viral", "violence", "viral"):
        ana.post(label_url(files.unseen, code))

    assert labels_of([files.unseen.sha256])[files.unseen.sha256] == {"viral", "violence"}
    assert len(label_history([files.unseen.sha256])) == 2


def test_a_label_by_htmx_answers_the_card_and_the_undo(ana, files):
    answer = ana.post(label_url(files.unseen, "violence"), headers=HTMX)
    html = answer.content.decode()

    assert answer.status_code == 200
    assert html.lstrip().startswith(
        f'<div class="card stack" data-row id="file-{files.unseen.file_id}"'
    )
    assert 'id="undo" role="status" hx-swap-oob="true"' in html
    act = label_history([files.unseen.sha256])[0].act
    assert f"/files/{files.unseen.file_id}/acts/{act}/undo" in html


def test_no_label_out_of_the_vocabulary_and_none_by_others(ana, signed_in, files):
    assert ana.post(label_url(files.unseen, "nonsense")).status_code == 404
    assert ana.post(label_url(files.unseen, "viral", "explode")).status_code == 404
    assert ana.get(label_url(files.unseen, "viral")).status_code == 405
    assert signed_in("ines").post(label_url(files.unseen, "viral")).status_code == 404
    assert labels_of([files.unseen.sha256]) == {}


def test_a_file_of_another_report_is_not_found(ana, filed, files):
    other = filed(esp="quillnet", files=[(picture(5), UNSEEN)])
    address = f"/desk/reports/{other.pk}/files/{files.unseen.file_id}/labels/viral/set"

    assert ana.post(address).status_code == 404


def test_labels_reach_the_queue_again(ana, report, files):
    before = ana.get("/desk/").content.decode()
    ana.post(child_url(files.viewed, "labels/age_0_2/set"))
    stages.run(report.pk)

    assert "A file is labelled infant or toddler." not in before
    assert "A file is labelled infant or toddler." in ana.get("/desk/").content.decode()


def child_url(file, deed, child=1):
    return f"/desk/reports/{file.report_id}/files/{file.file_id}/children/{child}/{deed}"


def test_several_children_are_labelled_each_and_taken_out_and_put_back(ana, files):
    file = files.unseen
    ana.post(child_url(file, "labels/age_0_2/set"))
    ana.post(child_url(file, "add", 2))
    ana.post(child_url(file, "labels/age_12_14/set", 2))
    html = report_page(ana, file)
    assert "Child 1: Infant or toddler, 0 to 2 years" in html
    assert "Child 2: Pubescent, 12 to 14 years" in html

    answer = ana.post(child_url(file, "remove"), headers=HTMX)
    assert answer.status_code == 200
    assert "Child 1: " not in card(report_page(ana, file), file)
    act = label_history([file.sha256])[-1].act
    ana.post(f"/desk/reports/{file.report_id}/files/{file.file_id}/acts/{act}/undo")
    assert "Child 1: Infant or toddler, 0 to 2 years" in card(report_page(ana, file), file)


def test_a_label_that_cannot_be_set_says_why(ana, files):
    answer = ana.post(label_url(files.unseen, "prepubescent"))
    assert answer.status_code == 422
    assert "is retired since version 2" in answer.content.decode()
    answer = ana.post(label_url(files.unseen, "age_0_2"), headers=HTMX)
    assert answer.status_code == 422
    assert "Say of which child" in answer.content.decode()
    assert ana.post(child_url(files.unseen, "labels/girl/set", 7)).status_code == 422
    assert ana.post(child_url(files.unseen, "labels/girl/set", 10**12)).status_code == 422


def test_two_at_once_are_told_of_each_other(ana, signed_in, files):
    file, sofia = files.unseen, signed_in("sofia")
    ana.post(child_url(file, "labels/age_3_6/set"), {"seen": "0"})

    answer = sofia.post(child_url(file, "labels/age_7_11/set"), {"seen": "0"})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Ana set: Child 1: Prepubescent, 3 to 6 years." in html
    assert 'name="seen" value="0"' not in html

    seen = label_history([file.sha256])[-1].pk
    ana.post(label_url(file, "violence"), {"seen": seen})
    answer = sofia.post(label_url(file, "viral"), {"seen": seen}, headers=HTMX)
    assert answer.status_code == 200
    assert "Meanwhile: Ana set: Violence." in answer.content.decode()
    for wrong in ("x", "-1", "9" * 30):
        assert ana.post(label_url(file, "sadism"), {"seen": wrong}).status_code == 303


def test_open_classification_is_written_and_refused(ana, files):
    file = files.unseen
    url = f"/desk/reports/{file.report_id}/files/{file.file_id}/values"
    said = {"block": "demographic", "key": "Hair", "value": "dark"}
    assert ana.post(url, said).status_code == 303
    assert "Hair" in report_page(ana, file)
    answer = ana.post(url, {**said, "block": "colour"})
    assert answer.status_code == 422
    answer = ana.post(url, {**said, "key": "k" * 101}, headers=HTMX)
    assert answer.status_code == 422
    assert ana.post(url, {**said, "value": ""}).status_code == 303
    assert "Hair" not in card(report_page(ana, file), file)


def test_what_it_would_be_elsewhere_is_indicative(ana, files):
    ana.post(label_url(files.unseen, "sadism"))
    html = card(report_page(ana, files.unseen), files.unseen)
    assert "Indicative only" in html
    assert "10: Sadistic or with an animal" in html


# --- the viral list ----------------------------------------------------------------------


def test_the_way_to_a_list_is_told_to_those_who_gave_their_word(ana, signed_in, files):
    ana.post(label_url(files.unseen, "viral"))
    words = "On its way to our own list, Viral: 1 of 3 people."
    copies = f"/desk/files/{files.unseen.sha256}/"
    assert words in card(report_page(ana, files.unseen), files.unseen)
    assert words in ana.get(copies).content.decode()
    for url in (f"/desk/reports/{files.unseen.report_id}/", copies):
        assert "On its way to our own list" not in signed_in("sofia").get(url).content.decode()

    ana.post(label_url(files.unseen, "viral", "withdraw"))
    assert "On its way to our own list" not in report_page(ana, files.unseen)
