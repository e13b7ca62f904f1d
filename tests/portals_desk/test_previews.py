"""Previews: only where the gate opens, small and grey, asked for with a reason, counted."""

from __future__ import annotations

import io
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from PIL import Image
from tests.portals_desk.conftest import UNSEEN, VIEWED, picture
from tests.portals_desk.test_files import HTMX, card, label_url

from tipline.doors.portals.desk import passes
from tipline.ground.audit.queries import entries_for
from tipline.record.evidence.queries import files_of

pytestmark = pytest.mark.django_db


def preview_url(file):
    return f"/desk/reports/{file.report_id}/files/{file.file_id}/preview"


def ledger(world, file, verb):
    entries = entries_for(world.actor("ana"), f"report:{file.report_id}")
    return [one for one in entries if one["verb"] == verb]


def ask(client, file, reason="Is it the kite of the other report?", **more):
    return client.post(preview_url(file), {"reason": reason}, **more)


def pass_in(answer):
    return parse_qs(urlsplit(answer["Location"]).query)["preview"][0]


def test_asking_with_a_reason_shows_a_small_grey_picture(ana, world, files):
    answer = ask(ana, files.viewed)
    assert answer.status_code == 303
    html = ana.get(answer["Location"]).content.decode()
    address = re.search(r'<img class="preview" src="([^"]+)"', card(html, files.viewed))[1]

    picture_answer = ana.get(address.replace("&amp;", "&"))

    assert picture_answer.status_code == 200
    assert picture_answer["Content-Type"] == "image/jpeg"
    assert picture_answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert picture_answer["Content-Disposition"].startswith("attachment;")
    assert picture_answer["Cache-Control"] == "no-store"
    assert picture_answer["X-Content-Type-Options"] == "nosniff"
    small = Image.open(io.BytesIO(picture_answer.content))
    assert small.mode == "L"
    assert max(small.size) <= 256
    (entry,) = ledger(world, files.viewed, "file.previewed")
    assert entry["purpose"] == "Is it the kite of the other report?"
    assert entry["detail"] == {"file": files.viewed.file_id}


def test_each_look_is_counted(ana, world, files):
    ask(ana, files.viewed)
    ask(ana, files.viewed, "Once more, for the note.")

    assert len(ledger(world, files.viewed, "file.previewed")) == 2


def test_a_preview_by_htmx_answers_the_card_with_the_picture(ana, files):
    html = ask(ana, files.viewed, headers=HTMX).content.decode()

    assert '<img class="preview" src="/desk/reports/' in html
    assert "Show small grey preview" not in html


def test_without_a_reason_nothing_is_shown(ana, world, files):
    plain = ask(ana, files.viewed, reason="  ")
    fragment = ask(ana, files.viewed, reason="", headers=HTMX)

    assert plain.status_code == fragment.status_code == 422
    assert "<img" not in plain.content.decode()
    assert ledger(world, files.viewed, "file.previewed") == []


def test_a_blocked_file_is_refused_with_its_rule_and_the_refusal_is_recorded(ana, world, files):
    for answer in (ask(ana, files.unseen), ana.get(preview_url(files.unseen))):
        assert answer.status_code == 403
        assert "closed by rule 5" in answer.content.decode()
        assert answer["Content-Type"].startswith("text/html")

    blocked = ledger(world, files.unseen, "file.blocked")
    assert [one["purpose"] for one in blocked] == ["rule 5", "rule 5"]
    assert ledger(world, files.unseen, "file.previewed") == []


def test_a_label_on_a_twin_opens_nothing(ana, filed, files):
    (copy,) = files_of(filed(esp="quillnet", files=[(picture(1), UNSEEN)]).pk)
    ana.post(label_url(files.viewed, "apparent_csam"))

    answer = ask(ana, copy)

    assert answer.status_code == 403
    assert "closed by rule 3" in answer.content.decode()
    assert "a match is not a viewing of this one" in answer.content.decode()


def test_without_a_pass_the_picture_is_not_loaded(ana, files):
    assert ana.get(preview_url(files.viewed)).status_code == 403
    assert ana.get(preview_url(files.viewed) + "?pass=made-up").status_code == 403


def test_a_pass_is_for_one_person_and_one_file(ana, signed_in, filed, files):
    (other,) = files_of(filed(files=[(picture(9), VIEWED)]).pk)
    passed = pass_in(ask(ana, files.viewed))

    assert ana.get(f"{preview_url(files.viewed)}?pass={passed}").status_code == 200
    assert ana.get(f"{preview_url(other)}?pass={passed}").status_code == 403
    assert signed_in("sofia").get(f"{preview_url(files.viewed)}?pass={passed}").status_code == 403
    page = signed_in("sofia").get(f"/desk/reports/{files.viewed.report_id}/?preview={passed}")
    assert "<img" not in page.content.decode()


def test_a_pass_runs_out(ana, files, monkeypatch):
    passed = pass_in(ask(ana, files.viewed))
    now = signing.time.time() + passes.SECONDS + 1
    monkeypatch.setattr(signing.time, "time", lambda: now)

    assert ana.get(f"{preview_url(files.viewed)}?pass={passed}").status_code == 403
    html = ana.get(f"/desk/reports/{files.viewed.report_id}/?preview={passed}").content.decode()
    assert "<img" not in html


@pytest.mark.parametrize("said", ["", "3", '["a"]', "[1, 2]", '{"a": 1}'])
def test_an_odd_pass_is_none(ana, world, files, said):
    text = signing.dumps(json.loads(said), salt=passes._SALT) if said else ""

    assert passes.file_of_pass(text, world.actor("ana"), files.viewed.report_id) == ""


def test_what_is_no_picture_says_so_and_counts_as_no_look(ana, world, filed):
    (file,) = files_of(filed(files=[(b"just some words" * 20, VIEWED)]).pk)

    answer = ask(ana, file)

    assert answer.status_code == 422
    assert "No preview can be made of this." in answer.content.decode()
    assert ledger(world, file, "file.previewed") == []


def test_previews_are_not_for_other_desks(signed_in, files):
    for name in ("ines", "enzo", "adam"):
        assert signed_in(name).get(preview_url(files.viewed)).status_code == 404
