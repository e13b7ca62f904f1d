"""The studio: metadata first, labels in one form, pictures only when asked for, nothing lost."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from tests.evidence.test_exif import photo
from tests.evidence_origin import load, picture_in
from tests.portals_desk.conftest import UNSEEN, VIEWED, picture

from tipline.ground.audit.models import LedgerEntry
from tipline.insight.annotation import vocabulary
from tipline.insight.annotation.queries import labels_of
from tipline.insight.annotation.services import set_label
from tipline.insight.care.models import Look
from tipline.insight.care.rules_wishes import Wishes
from tipline.insight.care.services import wish
from tipline.insight.review.models import Content, Review
from tipline.record.evidence.queries import files_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def kite(filed):
    """A file that the gate opens, of a report that waits."""
    return files_of(filed(files=[(picture(1), VIEWED)]).pk)[0]


def taken(client, **form) -> str:
    answer = client.post("/desk/studio/take", form)
    assert answer.status_code == 303
    return answer["Location"]


def seen_in(html: str) -> str:
    return re.search(r'name="seen" value="(\d+)"', html)[1]


def page_of(client, address) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def keep(client, address, *labels, **more):
    form = {"label": labels, "seen": seen_in(page_of(client, address)), **more}
    return client.post(f"{address}labels", form)


def chosen_in(html: str) -> set[str]:
    return set(re.findall(r'value="(\w+)" checked', html))


def test_the_first_page_takes_nothing(ana, kite):
    html = page_of(ana, "/desk/studio/")
    assert "1 file waits for a look" in html
    assert not Content.objects.exclude(held_by=None).exists()
    assert not LedgerEntry.objects.filter(verb="content.taken").exists()


def test_metadata_flags_gate_and_matches_come_without_a_picture(ana, kite):
    address = taken(ana)
    assert address == f"/desk/studio/{kite.sha256}/"
    html = page_of(ana, address)
    for said in ("kite.png", "Viewed by the ESP", "rule 8", "Never seen before", kite.sha256[:12]):
        assert said in html
    assert "<img" not in html
    assert "prefetch" not in html
    assert "preload" not in html


def keys_in(html: str) -> list[str]:
    found = re.findall(r'data-key="([^"]+)"', html)
    return sorted(key for key in found if " " not in key and key != "c")


def test_every_label_has_one_key_and_no_two_controls_share_one(ana, kite):
    html = page_of(ana, taken(ana))
    page, *children = html.split('<details class="child"')
    last, after = children[-1].split("</details>", 1)
    for child in (*children[:-1], last):
        keys = keys_in(page + child + after)
        assert sorted(set(keys)) == keys
        assert {label.key for label in vocabulary.own().in_force if label.key} <= set(keys)
    assert {"n", "s", "o", "R", "E"} <= set(keys_in(html))


def test_labels_are_kept_and_the_next_one_comes(ana, kite, filed):
    other = files_of(filed(files=[(picture(7), VIEWED)]).pk)[0]
    address = taken(ana)
    first = address.split("/")[3]
    answer = keep(ana, address, "apparent_csam", "violence", **{"child-1-age": "age_3_6"})
    assert answer.status_code == 303
    assert labels_of([first]) == {first: {"apparent_csam", "violence", "age_3_6"}}
    assert answer["Location"].split("/")[3] == ({kite.sha256, other.sha256} - {first}).pop()
    html = page_of(ana, answer["Location"])
    assert "Labelled: Apparent CSAM" in html
    last = keep(ana, answer["Location"], "harmless")
    assert last["Location"] == "/desk/studio/"
    assert "Nothing more waits here." in page_of(ana, last["Location"])


def test_without_a_content_type_nothing_is_kept_and_the_choice_stays(ana, kite):
    address = taken(ana)
    answer = keep(ana, address, "violence")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Say what it is" in html
    assert chosen_in(html) == {"violence"}
    assert labels_of([kite.sha256]) == {}


@pytest.mark.parametrize(
    "form",
    [{}, {"seen": "x"}, {"seen": "0", "label": ["nonsense"]}, {"seen": "0", "child-1": ["viral"]}],
)
def test_a_form_that_cannot_be_read_is_answered(ana, kite, form):
    address = taken(ana)
    assert ana.post(f"{address}labels", form).status_code == 422


def test_a_label_given_meanwhile_is_told_with_both_on_the_page(ana, world, kite):
    address = taken(ana)
    seen = seen_in(page_of(ana, address))
    set_label(world.actor("sofia"), kite, "exploitative", present=True)
    answer = ana.post(f"{address}labels", {"label": ["harmless"], "seen": seen})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Sofia set: Exploitative, not CSAM." in html
    assert chosen_in(html) == {"harmless"}
    assert "Exploitative, not CSAM" in html
    form = {"label": ["harmless", "exploitative"], "seen": seen_in(html)}
    assert ana.post(f"{address}labels", form).status_code == 303
    assert labels_of([kite.sha256]) == {kite.sha256: {"harmless", "exploitative"}}


def test_a_preview_comes_when_asked_for_and_loses_no_choice(ana, kite):
    address = taken(ana)
    form = {"label": ["apparent_csam"], "child-2": ["hurt"], "child-2-age": "age_3_6", "seen": "0"}
    answer = ana.post(f"{address}preview", form)
    html = page_of(ana, answer["Location"])
    assert chosen_in(html) == {"apparent_csam", "hurt", "age_3_6"}
    [source] = re.findall(r'<img class="preview" src="([^"]+)"', html)
    shown = load(source)
    assert shown["Content-Type"] == "image/jpeg"
    assert "<img" not in page_of(ana, answer["Location"])  # it loads once
    entry = LedgerEntry.objects.get(verb="file.previewed")
    assert entry.purpose == "review in the studio"


def shown_in(client, answer) -> tuple[str, Image.Image]:
    html = page_of(client, answer["Location"])
    return html, Image.open(io.BytesIO(load(picture_in(html)).content))


def test_the_picture_is_revealed_for_a_reason_and_no_choice_is_lost(ana, kite):
    address = taken(ana)
    form = {"label": ["apparent_csam"], "why": "age", "seen": "0"}
    refused = ana.post(f"{address}reveal", {**form, "words": " "})
    assert refused.status_code == 422
    assert "<img" not in refused.content.decode()
    assert chosen_in(refused.content.decode()) == {"apparent_csam"}
    answer = ana.post(f"{address}reveal", {**form, "words": "The faces are too small."})
    html, shown = shown_in(ana, answer)
    assert chosen_in(html) == {"apparent_csam"}
    assert (shown.mode, max(shown.size) > 256) == ("RGB", True)
    entry = LedgerEntry.objects.get(verb="file.revealed")
    assert entry.purpose == "age: The faces are too small."


def test_enter_beside_the_reason_asks_for_the_picture_and_keeps_no_label(ana, kite):
    address = taken(ana)
    form = {"label": ["harmless"], "why": "text", "words": "To read it.", "seen": "0"}
    answer = ana.post(f"{address}labels", form)
    assert "preview=" in answer["Location"]
    assert labels_of([kite.sha256]) == {}


def test_exif_is_read_by_an_act_where_the_gate_opens_it(ana, filed):
    filed(files=[(photo({0x0110: "Kite 3"}), {**VIEWED, "exifViewedByEsp": True})])
    address = taken(ana)
    assert "Kite 3" not in page_of(ana, address)
    answer = ana.post(f"{address}exif", {"label": ["harmless"], "seen": "0"})
    html = answer.content.decode()
    assert "Kite 3" in html
    assert chosen_in(html) == {"harmless"}


def test_exif_that_the_gate_closes_is_not_offered_and_not_read(ana, kite):
    address = taken(ana)
    assert f"{address}exif" not in page_of(ana, address)
    assert ana.post(f"{address}exif", {"seen": "0"}).status_code == 403


def test_a_closed_picture_is_gone_from_the_page(ana, kite):
    address = taken(ana)
    ana.post(f"{address}preview", {"seen": "0"})
    answer = ana.post(f"{address}close", {"seen": "0"}, headers={"HX-Request": "true"})
    assert "<img" not in answer.content.decode()
    assert Look.objects.get().seconds == 0


def test_a_limit_stops_the_look_and_not_the_work(ana, world, kite):
    wish(world.actor("ana"), Wishes(looks=1))
    address = taken(ana)
    assert ana.post(f"{address}preview", {"seen": "0"}).status_code == 303
    stopped = ana.post(f"{address}preview", {"seen": "0"})
    assert stopped.status_code == 403
    assert "That is enough looking for now" in stopped.content.decode()
    assert keep(ana, address, "harmless").status_code == 303


def test_what_a_person_wished_away_is_offered_to_others(ana, signed_in, world, filed):
    filed(files=[(picture(1), {**VIEWED, "fileAnnotations": {"bestiality": True}})])
    wish(world.actor("ana"), Wishes(frozenset({"bestiality"})))
    assert taken(ana) == "/desk/studio/"
    assert taken(signed_in("sofia")) != "/desk/studio/"


def test_htmx_gets_the_look_alone(ana, kite):
    address = taken(ana)
    answer = ana.post(f"{address}preview", {"seen": "0"}, headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert html.startswith('<section id="look"')
    assert html.count("<img") == 1


def test_near_duplicates_stand_beside_each_other_and_are_judged_one_by_one(ana, filed):
    again = io.BytesIO()
    Image.open(io.BytesIO(picture(3))).save(again, "JPEG", quality=85)
    first = files_of(filed(files=[(picture(3), VIEWED)]).pk)[0]
    near = files_of(filed(files=[(again.getvalue(), VIEWED)]).pk)[0]
    address = taken(ana)
    assert address == f"/desk/studio/{first.sha256}/"
    html = page_of(ana, address)
    assert f"/desk/studio/{near.sha256}/" in html
    assert "of 256 bits differ" in html
    shown = ana.post(f"{address}preview", {"seen": "0", "beside": "1"})
    assert page_of(ana, shown["Location"]).count("<img") == 2
    answer = keep(ana, address, "apparent_csam")
    assert answer["Location"] == f"/desk/studio/{near.sha256}/"
    html = page_of(ana, answer["Location"])
    assert chosen_in(html) == set()
    assert "Apparent CSAM" in html.split("Looks like these")[1]


def test_what_others_said_of_a_twin_is_not_told(ana, world, filed, signed_in):
    again = io.BytesIO()
    Image.open(io.BytesIO(picture(3))).save(again, "JPEG", quality=85)
    first = files_of(filed(files=[(picture(3), VIEWED)]).pk)[0]
    filed(files=[(again.getvalue(), VIEWED)])
    set_label(world.actor("sofia"), first, "apparent_csam", present=True)
    html = page_of(ana, taken(ana)).split('class="besides"')[1].split("</ul>")[0]
    assert "kite.png" in html
    assert "Apparent CSAM" not in html


def test_who_reads_what_others_said_stands_on_the_ledger(ana, world, kite):
    address = taken(ana)
    page_of(ana, address)
    assert not LedgerEntry.objects.filter(verb="report.read").exists()
    set_label(world.actor("sofia"), kite, "exploitative", present=True)
    page_of(ana, address)
    assert LedgerEntry.objects.filter(verb="report.read").exists()


def test_several_children_are_kept_shown_and_taken_out(ana, kite):
    address = taken(ana)
    first = {"child-1-age": "age_0_2", "child-2-age": "age_12_14", "child-2-sex": "boy"}
    assert keep(ana, address, "apparent_csam", **first).status_code == 303
    html = page_of(ana, address)
    assert chosen_in(html) == {"apparent_csam", "age_0_2", "age_12_14", "boy"}
    assert html.count('name="there"') == 2
    second = {
        "there": ["1", "2"],
        "gone": "1",
        "child-1-age": "age_0_2",
        "child-2-age": "age_12_14",
    }
    assert keep(ana, address, "apparent_csam", **second).status_code == 303
    assert labels_of([kite.sha256]) == {kite.sha256: {"apparent_csam", "age_12_14"}}


def test_undo_brings_the_last_one_back_with_its_choice(ana, kite, filed):
    filed(files=[(picture(7), VIEWED)])
    address = taken(ana)
    keep(ana, address, "harmless")
    answer = ana.post("/desk/studio/undo")
    assert answer["Location"] == address
    assert chosen_in(page_of(ana, address)) == {"harmless"}
    assert labels_of([address.split("/")[3]]) == {}
    nothing = ana.post("/desk/studio/undo")
    assert nothing["Location"] == "/desk/studio/"
    assert "nothing to take back" in page_of(ana, nothing["Location"])


def test_what_was_reviewed_can_be_seen_and_changed_again(ana, kite):
    address = taken(ana)
    keep(ana, address, "harmless")
    html = page_of(ana, address)
    assert chosen_in(html) == {"harmless"}
    assert keep(ana, address, "exploitative").status_code == 303
    assert labels_of([kite.sha256]) == {kite.sha256: {"exploitative"}}


def test_skipping_and_leaving_give_it_to_others(ana, signed_in, kite):
    address = taken(ana)
    assert ana.post(f"{address}skip")["Location"] == "/desk/studio/"
    sofia = signed_in("sofia")
    assert taken(sofia) == address
    assert ana.get(address).status_code == 200  # she has made something of it: she left it
    sofia.post("/desk/studio/leave")
    assert not Content.objects.exclude(held_by=None).exists()


def test_what_somebody_else_holds_is_not_shown(ana, signed_in, kite):
    address = taken(signed_in("sofia"))
    answer = ana.get(address)
    assert answer.status_code == 409
    assert "Somebody else has this content now" in answer.content.decode()
    assert "kite.png" not in answer.content.decode()
    assert ana.post(f"{address}preview").status_code == 409
    assert ana.get(f"/desk/studio/{'0' * 64}/").status_code == 404


def test_a_closed_file_is_judged_by_metadata_and_offers_no_look(ana, filed, signed_in):
    file = files_of(filed(files=[(picture(1), UNSEEN)]).pk)[0]
    assert taken(ana) == "/desk/studio/"
    address = taken(ana, line="closed")
    html = page_of(ana, address)
    assert "no picture of it leaves the server" in html
    assert f"{address}preview" not in html
    assert ana.post(f"{address}preview", {"seen": "0"}).status_code == 403
    assert ana.post(f"{address}closed", {"how": "peek"}).status_code == 422
    assert ana.post(f"{address}closed", {"how": "ask"})["Location"] == "/desk/studio/"
    assert Review.objects.get().how == "ask"
    html = page_of(signed_in("sofia"), "/desk/studio/")
    assert f"/desk/reports/{file.report_id}/opening/" in html
    assert LedgerEntry.objects.filter(verb="file.blocked").exists()
