"""Draws and figures on the desk."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest
from tests.personas import DOCUMENT
from tests.portals_desk.conftest import picture

from tipline.ground.foundation import clock
from tipline.insight.triage.draws.services import draw_due
from tipline.insight.triage.models import Draw, QueueEntry

pytestmark = pytest.mark.django_db


def text_of(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


@pytest.fixture
def drawn(filed):
    """One folded report and one from the bottom, drawn from last week."""
    for _n in range(3):
        filed(esp="quillnet", files=[(picture(1), {})])
    spam = copy.deepcopy(DOCUMENT)
    spam["incidentSummary"]["reportAnnotations"] = {"spam": True}
    spam["personOrUserReported"] = []
    filed(document=spam)
    QueueEntry.objects.update(received_at=clock.now() - timedelta(days=7))
    assert draw_due() == 1
    return {row.stratum: row for row in Draw.objects.all()}


def test_what_waits_stands_there_with_one_key_each(ana, drawn):
    html = text_of(ana, "/desk/draws/")
    first = drawn["folded"]

    assert "<strong>2</strong> wait for a look" in html
    assert f'action="/desk/draws/{first.pk}/finding"' in html
    for key, finding in (("1", "as_ranked"), ("2", "too_low"), ("3", "too_high")):
        assert f'name="finding" value="{finding}" data-key="{key}"' in html
    assert f'href="/desk/reports/{first.report_id}/"' in html
    assert "Folded under another" in html


def test_another_one_can_be_looked_at_first(ana, drawn):
    other = drawn["bottom"]

    assert f'action="/desk/draws/{other.pk}/finding"' in text_of(
        ana, f"/desk/draws/?draw={other.pk}"
    )
    for odd in ("x", "9" * 40, "424242"):
        assert "/finding" in text_of(ana, f"/desk/draws/?draw={odd}")


def test_the_reports_page_leads_to_its_draw(ana, drawn):
    html = text_of(ana, f"/desk/reports/{drawn['bottom'].report_id}/")

    assert f'href="/desk/draws/?draw={drawn["bottom"].pk}"' in html


def test_a_finding_is_kept_with_its_note_and_can_be_taken_back(ana, drawn):
    row = drawn["folded"]
    answer = ana.post(f"/desk/draws/{row.pk}/finding", {"finding": "too_low", "note": "A child."})
    assert (answer.status_code, answer["Location"]) == (303, "/desk/draws/")

    html = text_of(ana, "/desk/draws/")
    assert "too low. It is listed by itself now" in html
    assert "A child." in html
    assert "<strong>1</strong> waits for a look" in html
    assert QueueEntry.objects.get(report=row.report).folded_under is None

    undo = f"/desk/draws/{row.pk}/take-back"
    assert f'action="{undo}"' in html
    assert ana.post(undo)["Location"] == f"/desk/draws/?draw={row.pk}"
    assert "<strong>2</strong>" in text_of(ana, "/desk/draws/")
    assert QueueEntry.objects.get(report=row.report).folded_under is None


def test_a_wrong_finding_loses_nothing(ana, drawn):
    row = drawn["folded"]
    for said in ({"finding": "", "note": "kept"}, {"finding": "purple", "note": "kept"}):
        response = ana.post(f"/desk/draws/{row.pk}/finding", said)
        assert response.status_code == 422
        assert "There is a problem" in response.content.decode()
        assert ">\nkept</textarea>" in response.content.decode()
    long = ana.post(f"/desk/draws/{row.pk}/finding", {"finding": "too_low", "note": "x" * 2001})
    assert long.status_code == 422
    assert not Draw.objects.filter(looked_at__isnull=False).exists()


def test_two_people_cannot_find_different_things(ana, signed_in, drawn):
    path = f"/desk/draws/{drawn['bottom'].pk}/"
    ana.post(f"{path}finding", {"finding": "as_ranked"})

    assert signed_in("sofia").post(f"{path}finding", {"finding": "too_low"}).status_code == 409
    assert signed_in("sofia").post(f"{path}take-back").status_code == 409


def test_nothing_to_look_at_says_when_there_will_be(ana, world):
    html = text_of(ana, "/desk/draws/")

    assert "Nothing waits for a look" in html
    assert "when this week is over" in html


def test_the_figures_say_what_was_found_with_its_interval(ana, signed_in, drawn):
    assert "Nobody has looked at a draw yet." in text_of(ana, "/desk/figures/")

    ana.post(f"/desk/draws/{drawn['folded'].pk}/finding", {"finding": "too_low"})
    html = text_of(signed_in("sofia"), "/desk/figures/")

    assert "100 %" in html
    assert "20.7 to 100 %" in html
    assert 'class="range"' in html
    assert "all weeks" in html
    assert "Draws that wait for a look" in html


def test_they_do_not_exist_for_others(signed_in, drawn):
    for name in ("adam", "enzo", "ines"):
        client = signed_in(name)
        assert client.get("/desk/draws/").status_code == 404
        assert client.get("/desk/figures/").status_code == 404
        path = f"/desk/draws/{drawn['folded'].pk}/finding"
        assert client.post(path, {"finding": "too_low"}).status_code == 404
