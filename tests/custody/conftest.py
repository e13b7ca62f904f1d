from __future__ import annotations

import pytest
from tests.filing import filed, world

from tipline.ground.custody import services
from tipline.ground.foundation import keys
from tipline.ground.foundation.actor import SYSTEM

__all__ = ["filed", "world"]


@pytest.fixture
def rotate():
    """``rotate()``: the master key in use before, and the one in use now."""

    def turn():
        before = keys.ring().current
        return before, services.rotate(SYSTEM).current

    return turn
