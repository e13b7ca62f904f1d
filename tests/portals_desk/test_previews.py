"""Previews: only where the gate opens, small and grey, asked for with a reason, counted."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image
from tests.evidence_origin import load, picture_in
from tests.portals_desk.conftest import UNSEEN, VIEWED, picture
from tests.portals_desk.test_files import HTMX, card, label_url

from tipline.ground.audit.queries import entries_for
from tipline.ground.foundation import clock
from tipline.record.evidence.queries import files_of

pytestmark = pytest.mark.django_db


def preview_url(file):
    return f"/desk/reports/{file.report_id}/files/{file.file_id}/preview"


def ledger(world, file, verb):
    entries = entries_for(world.actor("ana"), f"report:{file.report_id}")
    return [one for one in entries if one["verb"] == verb]


def ask(client, file, reason="Is it the kite of the other report?", **more):
    return client.post(preview_url(file), {"reason": reason}, **more)


def shown(client, answer):
    """The address of the picture on the page that a POST led to."""
    return picture_in(client.get(answer["Location"]).content.decode())


def test_asking_with_a_reason_shows_a_small_grey_picture(ana, world, files):
    answer = ask(ana, files.viewed)
    assert answer.status_code == 303
    page = ana.get(answer["Location"])
    address = picture_in(card(page.content.decode(), files.viewed))
    assert f"img-src 'self' {address.partition('/files/')[0]};" in page["Content-Security-Policy"]

    picture_answer = load(address)

    assert picture_answer.status_code == 200
    assert picture_answer["Content-Type"] == "image/jpeg"
    small = Image.open(io.BytesIO(picture_answer.content))
    assert small.mode == "L"
    assert max(small.size) <= 256
    (entry,) = ledger(world, files.viewed, "file.previewed")
    assert entry["purpose"] == "Is it the kite of the other report?"
    assert entry["detail"]["file"] == files.viewed.file_id


def test_each_look_is_counted(ana, world, files):
    ask(ana, files.viewed)
    ask(ana, files.viewed, "Once more, for the note.")

    assert len(ledger(world, files.viewed, "file.previewed")) == 2


def test_a_preview_by_htmx_answers_the_card_with_the_picture(ana, files):
    html = ask(ana, files.viewed, headers=HTMX).content.decode()

    assert load(picture_in(html)).status_code == 200
    assert "Show small grey preview" not in html


def test_without_a_reason_nothing_is_shown(ana, world, files):
    plain = ask(ana, files.viewed, reason="  ")
    fragment = ask(ana, files.viewed, reason="", headers=HTMX)

    assert plain.status_code == fragment.status_code == 422
    assert "<img" not in plain.content.decode()
    assert ledger(world, files.viewed, "file.previewed") == []


def test_a_blocked_file_is_refused_with_its_rule_and_the_refusal_is_recorded(ana, world, files):
    answer = ask(ana, files.unseen)

    assert answer.status_code == 403
    assert "closed by rule 5" in answer.content.decode()
    assert answer["Content-Type"].startswith("text/html")
    (blocked,) = ledger(world, files.unseen, "file.blocked")
    assert blocked["purpose"] == "rule 5"
    assert ledger(world, files.unseen, "file.previewed") == []


def test_a_label_on_a_twin_opens_nothing(ana, filed, files):
    (copy,) = files_of(filed(esp="quillnet", files=[(picture(1), UNSEEN)]).pk)
    ana.post(label_url(files.viewed, "apparent_csam"))

    answer = ask(ana, copy)

    assert answer.status_code == 403
    assert "closed by rule 3" in answer.content.decode()
    assert "a match is not a viewing of this one" in answer.content.decode()


def test_the_desk_itself_serves_no_picture(ana, files):
    answer = ask(ana, files.viewed)
    path = picture_in(ana.get(answer["Location"]).content.decode()).partition("/files/")[2]

    assert ana.get(preview_url(files.viewed)).status_code == 405
    assert ana.get(f"/files/{path}").status_code == 404


def test_a_page_shows_a_picture_once_and_to_one_person(ana, signed_in, files):
    page = ask(ana, files.viewed)["Location"]

    assert "<img" not in signed_in("sofia").get(page).content.decode()
    assert load(shown(ana, {"Location": page})).status_code == 200
    assert "<img" not in ana.get(page).content.decode()


def test_a_page_that_is_opened_too_late_shows_no_picture(ana, files, monkeypatch):
    page = ask(ana, files.viewed)["Location"]
    later = clock.now() + timedelta(minutes=2)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert "<img" not in ana.get(page).content.decode()


@pytest.mark.parametrize("said", ["", "made-up", "a.b", "\0", "x" * 4000])
def test_an_odd_pass_in_the_address_of_a_page_is_none(ana, files, said):
    page = ana.get(f"/desk/reports/{files.viewed.report_id}/", {"preview": said})

    assert page.status_code == 200
    assert "<img" not in page.content.decode()


def test_what_is_no_picture_says_so_and_counts_as_no_look(ana, world, filed):
    (file,) = files_of(filed(files=[(b"just some words" * 20, VIEWED)]).pk)

    answer = ask(ana, file)

    assert answer.status_code == 422
    assert "No preview can be made of this." in answer.content.decode()
    assert ledger(world, file, "file.previewed") == []


def test_previews_are_not_for_other_desks(signed_in, files):
    for name in ("ines", "enzo", "adam"):
        assert ask(signed_in(name), files.viewed).status_code == 404
