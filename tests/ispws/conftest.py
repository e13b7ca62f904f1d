"""One real server for all tests of the wire that need one; the books add up after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from tests.ispws.raw import Raw
from tests.ispws.serving import SECRET, Server, serving
from tests.ispws.strict_client import Guessing, Ordered
from tests.ispws.transports import InProcess, OverHttp
from tests.personas import World, make_world

CLIENTS = {"ordered": (Ordered, False), "guessing": (Guessing, True)}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``python -m tipline serve`` in a folder of its own; its books balance when it ends."""
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running
        books = running.books()
        assert books["balanced"], books


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest, server: Server) -> Iterator[Ordered]:
    """Both strict clients in turn, over a real connection."""
    kind, multipart_forms = CLIENTS[request.param]
    transport = OverHttp(server.base, "harborline", SECRET, multipart_forms=multipart_forms)
    yield kind(transport)
    transport.close()


@pytest.fixture
def connect(server: Server) -> Iterator[Callable[..., Ordered]]:
    """Opens more connections: ``connect("quillnet", secret=...)``."""
    with ExitStack() as opened:

        def open_one(username: str = "harborline", secret: str = SECRET) -> Ordered:
            transport = OverHttp(server.base, username, secret)
            opened.callback(transport.close)
            return Ordered(transport)

        yield open_one


@pytest.fixture
def ordered(connect: Callable[..., Ordered]) -> Ordered:
    return connect()


@pytest.fixture
def raw(server: Server) -> Raw:
    return Raw(server.address)


@pytest.fixture
def world(db: None, tipline_home: object) -> Iterator[World]:
    """Everybody, in the test's own database; afterwards the books balance to the byte."""
    from tipline.ground.foundation.actor import SYSTEM
    from tipline.record.intake.queries import books

    yield make_world()
    found = books(SYSTEM, check_files=True)
    assert found.balanced, found.as_json()


@pytest.fixture(params=CLIENTS)
def api(request: pytest.FixtureRequest, world: World) -> Ordered:
    """Both strict clients in turn, in this process."""
    kind, multipart_forms = CLIENTS[request.param]
    return kind(InProcess(multipart_forms=multipart_forms))


@pytest.fixture
def other_esp(world: World) -> Ordered:
    return Ordered(InProcess("quillnet"))
