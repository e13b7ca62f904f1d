from __future__ import annotations

import pytest
from tests.filing import filed, world
from tests.personas import PASSWORD

from tipline.ground.accounts import services as accounts
from tipline.ground.accounts.roles import Role
from tipline.ground.foundation.actor import SYSTEM

__all__ = ["filed", "world"]


@pytest.fixture
def three(world):
    """Ana, Sofia and Otto."""
    world.people["otto"] = accounts.add_person(
        SYSTEM,
        username="otto",
        name="Otto",
        role=Role.ANALYST,
        organisation=world.organisations["Clearinghouse"],
        password=PASSWORD,
    )
    return [world.actor(name) for name in ("ana", "sofia", "otto")]
