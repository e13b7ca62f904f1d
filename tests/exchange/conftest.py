"""Our list, and a list of others that is the same one, met over real HTTP on this machine."""

from __future__ import annotations

import pytest
from tests.exchange.asking import Asking
from tests.exchange.clocks import clock
from tests.exchange.made import Ours, Theirs, make_ours, make_theirs

from tipline.doors.interfaces.hash_exchange import frame
from tipline.doors.interfaces.hash_exchange.rules_pace import Pace

__all__ = ["clock"]


@pytest.fixture(autouse=True)
def _fresh_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests asked for counts for nobody."""
    monkeypatch.setattr(frame, "_pace", Pace())


@pytest.fixture
def ours(db: None, tipline_home: object) -> Ours:
    return make_ours()


@pytest.fixture
def ask(ours: Ours) -> Asking:
    """The member ``lantern`` asks our list."""
    return Asking(f"/hashes/{ours.hash_list.slug}")


@pytest.fixture
def served(transactional_db: None, tipline_home: object) -> Ours:
    """As ``ours``, for a server in another thread."""
    return make_ours()


@pytest.fixture
def theirs(served: Ours, live_server) -> Theirs:
    """A foreign list of the same deployment that is pulled from the list of ours."""
    return make_theirs(f"{live_server.url}/hashes/{served.hash_list.slug}")
