"""Enzo of Harborline and Qadir of Quillnet at their desks."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.personas import World, make_world

BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(world: World, name: str, **more) -> Client:
    client = Client(**more)
    client.force_login(world.people[name], backend=BACKEND)
    return client


@pytest.fixture
def world(db, tipline_home):
    return make_world()


@pytest.fixture
def enzo(world):
    return signed_in(world, "enzo")


@pytest.fixture
def qadir(world):
    return signed_in(world, "qadir")
