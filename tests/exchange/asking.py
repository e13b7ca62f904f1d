"""Asking our own server in this process, as any client would, and reading what it answers."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from tests.exchange.made import LANTERN
from tests.personas import basic

from tipline.ground.foundation.xml import Node, read

EVER = "from=1970-01-01T00:00:00Z&to=2099-01-01T00:00:00Z"


@dataclass
class Said:
    """An answer: status, headers, the document without namespaces."""

    status: int
    headers: Any
    body: bytes

    @property
    def root(self) -> Node:
        return read(self.body)

    def lists(self) -> dict[str, Node]:
        """``images`` and ``videos``, by name."""
        return {tag(node): node for node in self.root.children if tag(node) != "paging"}

    def rows(self) -> list[Node]:
        return [row for listed in self.lists().values() for row in listed.children]

    def keys(self) -> list[str]:
        return [child(row, "id").text for row in self.rows()]

    def following(self) -> str:
        paging = child(self.root, "paging", None)
        return child(paging, "next").text if paging else ""


def tag(node: Node) -> str:
    return node.tag.rpartition("}")[2]


def child(node: Node, *path: Any) -> Any:
    """The only child of this name; a last None makes it optional."""
    names = [name for name in path if name is not None]
    for name in names:
        found = [one for one in node.children if tag(one) == name]
        if path[-1] is None and not found:
            return None
        [node] = found
    return node


@dataclass
class Asking:
    root: str
    headers: dict[str, str] = field(default_factory=lambda: dict(LANTERN))
    client: Client = field(default_factory=Client)

    def get(self, path: str, **more: str) -> Said:
        return self._said(self.client.get(f"{self.root}{path}", headers={**self.headers, **more}))

    def put(self, path: str, body: bytes) -> Said:
        kind = "application/xml; charset=utf-8"
        answer = self.client.put(
            f"{self.root}{path}", body, content_type=kind, headers=self.headers
        )
        return self._said(answer)

    def window(self, query: str = EVER) -> Said:
        said = self.get(f"/v2/entries?{query}")
        assert said.status == 200, said.body
        return said

    def every_row(self, query: str = EVER) -> list[Node]:
        """Of a window with all its pages, as a client goes through them."""
        said = self.window(query)
        rows = said.rows()
        while link := said.following():
            said = self.get(link)
            rows += said.rows()
        return rows

    def as_member(self, username: str, secret: str) -> Asking:
        return Asking(self.root, basic(username, secret))

    def _said(self, answer: Any) -> Said:
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if answer.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        return Said(answer.status_code, answer.headers, body)
