"""Adam the administrator, signed in."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from tests.personas import make_world


@pytest.fixture
def world(db, tipline_home):
    return make_world()


@pytest.fixture
def signed_in(world):
    """``signed_in("sofia")``: a client of that person."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(world.people[name])
        return client

    return sign_in


@pytest.fixture
def adam(signed_in):
    return signed_in("adam")


def words_of(response) -> str:
    """The text of a page."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return " ".join(text.split())


def verbs_about(subject: str) -> list[str]:
    from tipline.ground.audit.queries import entries_for
    from tipline.ground.foundation.actor import SYSTEM

    return [entry["verb"] for entry in entries_for(SYSTEM, subject)]
