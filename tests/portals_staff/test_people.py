"""People: added, suspended, reinstated."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.portals_staff.conftest import verbs_about, words_of

from tipline.ground.accounts.models import Person


def form(world, **changed):
    said = {"name": "Iris", "username": "Iris", "role": "analyst", "organisation": "Clearinghouse"}
    said.update(changed)
    said["organisation"] = world.organisations[said["organisation"]].pk
    return said


def test_a_person_is_added_with_a_password_that_is_shown_once(world, adam):
    answer = adam.post("/staff/people/new/", form(world))
    password = re.search(r"<dt>Password</dt><dd><code>([^<]+)<", answer.content.decode())[1]

    assert answer["Cache-Control"] == "no-store"
    assert len(password) >= 20
    assert password not in adam.get("/staff/people/").content.decode()
    person = Person.objects.get(username="iris")
    assert verbs_about(f"person:{person.pk}") == ["person.added"]
    signed_in = Client().post("/login/", {"username": "iris", "password": password})
    assert signed_in["Location"] == "/desk/"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"username": "ANA"}, "That user name is taken."),
        ({"username": " "}, "This field is required."),
        ({"username": "x" * 151}, "at most 150 characters"),
        ({"role": "investigator"}, "This role belongs to an organisation of the kind: Agency."),
        ({"organisation": "Harborline"}, "of the kind: Clearinghouse."),
        ({"role": "king"}, "Select a valid choice"),
    ],
)
def test_a_wrong_person_is_not_added(world, adam, changed, words):
    before = Person.objects.count()
    answer = adam.post("/staff/people/new/", form(world, **changed))

    assert answer.status_code == 422
    assert words in words_of(answer)
    assert Person.objects.count() == before


def test_a_suspended_person_is_out_at_once_and_back_by_the_undo(world, adam, signed_in):
    ana = signed_in("ana")
    row = world.people["ana"]
    assert ana.get("/desk/").status_code == 200
    answer = adam.post(f"/staff/people/{row.pk}/suspend/", follow=True)

    assert "Ana is suspended." in words_of(answer)
    assert ana.get("/desk/").status_code == 302
    undo = re.search(r'action="(/staff/people/[^"]+/reinstate/)"', answer.content.decode())[1]
    adam.post(undo)
    assert ana.get("/desk/").status_code == 200
    assert verbs_about(f"person:{row.pk}")[:2] == ["person.reinstated", "person.suspended"]


def test_nobody_suspends_themselves(world, adam):
    row = world.people["adam"]
    answer = adam.post(f"/staff/people/{row.pk}/suspend/")

    assert answer.status_code == 403
    assert "ask another administrator" in words_of(answer)
    row.refresh_from_db()
    assert row.is_active
    assert f"/staff/people/{row.pk}/suspend/" not in adam.get("/staff/people/").content.decode()


def test_people_are_found_by_name(adam):
    shown = words_of(adam.get("/staff/people/", {"q": "QAD"}))

    assert "1 person" in shown
    assert "qadir" in shown
    assert "sofia" not in shown
    assert "Nobody here" in words_of(adam.get("/staff/people/", {"q": "nobody at all"}))
    assert adam.get("/staff/people/", {"q": "x" * 101}).status_code == 422


@pytest.mark.parametrize("verb", ["suspend", "reinstate"])
def test_who_is_not_there_is_not_found(adam, verb):
    assert adam.post(f"/staff/people/999999/{verb}/").status_code == 404
