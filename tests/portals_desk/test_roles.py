"""Values in two roles on the desk: told on both reports, answered by a senior."""

from __future__ import annotations

import pytest
from tests.entities.test_roles import MAIL, about, with_victim

from tipline.insight.entities.models import RoleAnswer, RoleConflict


@pytest.fixture
def both(filed):
    return filed(document=about("one", MAIL)).pk, filed(document=with_victim("two")).pk


@pytest.fixture
def sofia(signed_in):
    return signed_in("sofia")


@pytest.fixture
def page(both):
    return f"/desk/roles/{RoleConflict.objects.get().pk}/"


def text_of(client, address) -> str:
    return client.get(address).content.decode()


def test_both_reports_say_so_and_lead_to_each_other(ana, sofia, both, page):
    for number, other in (both, both[::-1]):
        html = text_of(ana, f"/desk/reports/{number}/")
        assert "Email in two roles:" in html
        assert "waits for a senior" in html
        assert f'<a href="/desk/reports/{other}/">Report {other}</a>' in html
        assert page not in html
        assert page in text_of(sofia, f"/desk/reports/{number}/")


def test_a_report_without_such_a_value_says_nothing(ana, filed, both):
    assert "in two roles" not in text_of(ana, f"/desk/reports/{filed(document=about('x')).pk}/")


def test_a_senior_answers_with_a_reason(ana, sofia, both, page):
    assert page in text_of(sofia, "/desk/roles/")
    html = text_of(sofia, page)
    assert MAIL in html
    assert all(f"/desk/reports/{number}/" in html for number in both)
    assert sofia.post(page, {"answer": "same_person", "note": "", "seen": 0}).status_code == 422
    answer = sofia.post(page, {"answer": "same_person", "note": "was groomed", "seen": 0})
    assert (answer.status_code, answer["Location"]) == (303, "/desk/roles/")
    assert page not in text_of(sofia, "/desk/roles/")
    assert page in text_of(sofia, "/desk/roles/?answered=1")
    for number in both:
        assert "the same person: a victim who is reported, too" in text_of(
            ana, f"/desk/reports/{number}/"
        )


def test_whoever_was_overtaken_sees_what_came_and_may_send_again(signed_in, sofia, page):
    said = {"answer": "unsure", "note": "a shared mailbox", "seen": 0}
    sofia.post(page, said)
    silas = signed_in("silas")
    refused = silas.post(page, {**said, "answer": "different_people"})
    html = refused.content.decode()
    assert refused.status_code == 409
    assert "Somebody has answered meanwhile" in html
    newest = RoleAnswer.objects.get().pk
    assert f'value="{newest}"' in html
    again = silas.post(page, {**said, "answer": "different_people", "seen": newest})
    assert again.status_code == 303
    assert RoleAnswer.objects.count() == 2


@pytest.mark.parametrize("sent", [{"answer": "perhaps"}, {"seen": "x"}, {"note": "x" * 1001}])
def test_what_is_no_answer_stays_on_the_page(sofia, page, sent):
    whole = {"answer": "unsure", "note": "a reason", "seen": "0"}
    assert sofia.post(page, {**whole, **sent}).status_code == 422
    assert not RoleAnswer.objects.exists()


def test_analysts_answer_nothing(ana, page):
    assert ana.get("/desk/roles/").status_code == 404
    assert ana.post(page, {"answer": "unsure", "note": "a reason"}).status_code == 404
