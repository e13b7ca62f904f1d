"""A wire to our own server in this process, that fails where a test wants it to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from tests.exchange.asking import Asking

from tipline.ground.foundation import clock
from tipline.insight.lists.pulling.http import Answer, PullError

CODES = {401: "not_signed_in", 403: "not_allowed", 404: "not_there"}


@dataclass
class Faulty:
    """``faults``: codes by the number of the request, from 1, at which they happen.

    ``forgotten``: links that are not known any more, until they are given out again. ``size``:
    rows of a page.
    """

    root: str
    faults: dict[int, str] = field(default_factory=dict)
    size: int = 1000
    forgotten: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server = Asking(self.root)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def get(self, path: str) -> Answer:
        self.asked.append(path)
        if code := self.faults.pop(len(self.asked), ""):
            raise PullError(code)
        if path in self.forgotten:
            raise PullError("not_there", "404")
        sized = "" if "size=" in path or "entries" not in path else f"&size={self.size}"
        said = self.server.get(f"{path}{sized}")
        if "entries" in path and said.status == 200:
            self.forgotten.discard(said.following().removeprefix(self.root))
        return self._answer(said)

    def put(self, path: str, body: bytes) -> Answer:
        self.asked.append(path)
        if code := self.faults.pop(len(self.asked), ""):
            raise PullError(code)
        return self._answer(self.server.put(path, body))

    def _answer(self, said: Any) -> Answer:
        if said.status != 200:
            raise PullError(CODES.get(said.status, "refused"), str(said.status))
        return Answer(said.status, said.body, clock.now())
