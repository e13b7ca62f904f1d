from __future__ import annotations

import pytest
from tests.accounts.counting import CountingHasher
from tests.personas import make_world


@pytest.fixture
def world(db, tipline_home):
    return make_world()


@pytest.fixture
def looks(settings):
    """How often a password was really compared with something."""
    settings.PASSWORD_HASHERS = ["tests.accounts.counting.CountingHasher"]
    CountingHasher.looks = 0
    return CountingHasher
