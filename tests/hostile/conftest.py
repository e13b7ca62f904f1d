"""Hostile senders against the whole view; whatever they send, the books add up afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.hostile.door import HostileDoor
from tests.personas import World, make_world


@pytest.fixture
def world(db: None, tipline_home: object) -> Iterator[World]:
    """Everybody; afterwards the books balance and every file has its bytes."""
    from tipline.ground.foundation.actor import SYSTEM
    from tipline.record.intake.queries import books

    yield make_world()
    found = books(SYSTEM, check_files=True)
    assert found.balanced, found.as_json()


@pytest.fixture
def door(world: World) -> Iterator[HostileDoor]:
    """The reporting API as a hostile sender meets it; nothing refused leaves bytes behind."""
    opened = HostileDoor(world)
    yield opened
    opened.check_store()
