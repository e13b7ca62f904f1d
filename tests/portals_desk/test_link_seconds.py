"""Second looks at links on the desk: a blind one, a large merge, two answers that differ."""

from __future__ import annotations

import pytest
from tests.entities.linked import link_of, machine_says, some_reports, states
from tests.entities.test_seconds import under

from tipline.insight.entities.judging import seconds, services
from tipline.insight.entities.models import SecondLook

PAGE = "/desk/links/twice/"
PROPOSED = ("proposed", ["email"])


@pytest.fixture
def pair(world):
    a, b = some_reports(world, 2)
    machine_says(b, {a: PROPOSED})
    return a, b


@pytest.fixture
def drawn(world, pair, monkeypatch):
    """Ana's word on a pair, which the sample draws."""
    under(monkeypatch, 100)
    return services.judge(world.actor("ana"), link_of(*pair), "yes", "the very same spelling")


@pytest.fixture
def merge(world, monkeypatch):
    """Ana's yes that makes five of two and three, under a policy that lets one person make four."""
    under(monkeypatch, 0, most_reports=4)
    a, b, c, d, e = some_reports(world, 5)
    machine_says(b, {a: ("automatic", ["account"])})
    machine_says(e, {a: PROPOSED, c: ("automatic", ["account"]), d: ("automatic", ["account"])})
    services.judge(world.actor("ana"), link_of(a, e), "yes", "one network")
    return a, e


def text_of(client, address) -> str:
    return client.get(address).content.decode()


class TestBlind:
    def test_whoever_judged_is_offered_nothing(self, ana, drawn):
        assert "No blind look waits for you" in text_of(ana, PAGE)

    def test_the_second_person_sees_both_sides_and_not_what_was_said(
        self, world, signed_in, drawn, pair
    ):
        sofia = signed_in("sofia")
        assert "1 blind look waits for you" in text_of(sofia, PAGE)
        taken = sofia.post(f"{PAGE}take")
        look = SecondLook.objects.get()
        assert taken["Location"] == f"{PAGE}{look.pk}/"
        for address in (taken["Location"], *(f"/desk/reports/{n}/" for n in pair)):
            html = text_of(sofia, address)
            assert "the very same spelling" not in html
            assert "confirmed, counts" not in html
            assert "verdict: yes" not in html
        assert "waits for your second look" in text_of(sofia, f"/desk/reports/{pair[0]}/")
        assert f"/desk/reports/{pair[0]}/" in text_of(sofia, taken["Location"])

    def test_an_answer_ends_it_and_what_was_said_is_shown_again(self, signed_in, drawn, pair):
        sofia = signed_in("sofia")
        address = sofia.post(f"{PAGE}take")["Location"]
        assert sofia.post(address, {"note": "no verdict"}).status_code == 422
        answer = sofia.post(address, {"verdict": "no", "note": "two sisters"})
        assert (answer.status_code, answer["Location"]) == (303, PAGE)
        assert states()[pair] == "unsure"
        html = text_of(sofia, f"/desk/reports/{pair[0]}/")
        assert "the very same spelling" in html
        assert "second look: no" in html
        assert sofia.get(address).status_code == 404

    def test_it_can_be_given_back(self, signed_in, drawn):
        sofia = signed_in("sofia")
        address = sofia.post(f"{PAGE}take")["Location"]
        assert sofia.post(f"{address}give-back")["Location"] == PAGE
        assert sofia.get(address).status_code == 404
        assert signed_in("silas").post(f"{PAGE}take")["Location"] == address

    def test_two_answers_that_differ_are_a_seniors(self, world, ana, signed_in, drawn, pair):
        silas = world.actor("silas")
        seconds.second(silas, seconds.take_second(silas).pk, "no")
        html = text_of(signed_in("sofia"), PAGE)
        assert f"{pair[0]} · {pair[1]}" in html
        assert "Ana: yes" in html
        assert "Silas: no" in html
        assert "Ana: yes" not in text_of(ana, PAGE)

    def test_the_figures_say_how_well_two_agree(self, world, ana, drawn):
        silas = world.actor("silas")
        seconds.second(silas, seconds.take_second(silas).pk, "yes")
        html = text_of(ana, "/desk/figures/")
        assert "Pairs judged twice" in html
        assert "too few pairs for an interval" in html


class TestLargeMerge:
    def test_it_waits_openly_for_somebody_else(self, ana, signed_in, merge):
        mine = text_of(ana, PAGE)
        assert "Somebody else must agree." in mine
        html = text_of(signed_in("sofia"), PAGE)
        look = SecondLook.objects.get()
        assert f"{PAGE}{look.pk}/" in html
        assert "one network" in html
        assert ana.get(f"{PAGE}{look.pk}/").status_code == 404
        assert "counts nothing until a second person agrees" in text_of(
            ana, f"/desk/reports/{merge[0]}/"
        )

    def test_agreeing_makes_it_count(self, signed_in, merge):
        look = SecondLook.objects.get()
        sofia = signed_in("sofia")
        assert "one network" in text_of(sofia, f"{PAGE}{look.pk}/")
        assert sofia.post(f"{PAGE}{look.pk}/", {"verdict": "yes"}).status_code == 303
        assert states()[merge] == "confirmed"

    def test_what_was_told_apart_meanwhile_is_refused_in_words(self, world, signed_in, merge):
        a, e = merge
        machine_says(
            e,
            {
                a: PROPOSED,
                a + 1: PROPOSED,
                e - 2: ("automatic", ["account"]),
                e - 1: ("automatic", ["account"]),
            },
        )
        services.judge(world.actor("silas"), link_of(a + 1, e), "no")
        look = SecondLook.objects.get()
        answer = signed_in("sofia").post(f"{PAGE}{look.pk}/", {"verdict": "yes"})
        assert answer.status_code == 409
        assert f"Reports {a + 1} and {e} were judged" in answer.content.decode()

    def test_the_page_of_second_looks_counts_them(self, signed_in, merge):
        html = text_of(signed_in("sofia"), "/desk/judgements/")
        assert 'Links that wait for a second person</a> <span class="count">1</span>' in html
