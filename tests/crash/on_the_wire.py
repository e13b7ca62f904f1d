"""A browser's requests over a real connection, for :class:`tests.journey.browsing.Browser`."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from email.message import Message
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.crash.processes import PATIENCE


@dataclass(frozen=True)
class Page:
    """An answer, as the browser reads it."""

    status_code: int
    content: bytes
    address: str
    headers: Message

    @property
    def request(self) -> dict[str, str]:
        return {"PATH_INFO": urlsplit(self.address).path}

    def __getitem__(self, name: str) -> str:
        return self.headers[name]

    def json(self) -> Any:
        return json.loads(self.content)


@dataclass
class Wire:
    """Keeps cookies and follows redirects, as browsers do."""

    url: str
    _opener: Any = field(init=False)

    def __post_init__(self) -> None:
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        no_proxy = urllib.request.ProxyHandler({})
        self._opener = urllib.request.build_opener(no_proxy, cookies)

    def get(self, path: str, **_: Any) -> Page:
        return self._ask(urllib.request.Request(self.url + path))

    def post(self, path: str, said: dict[str, Any], **_: Any) -> Page:
        body = urlencode(said, doseq=True).encode()
        return self._ask(urllib.request.Request(self.url + path, data=body))

    def _ask(self, request: urllib.request.Request) -> Page:
        try:
            answer = self._opener.open(request, timeout=PATIENCE)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            return Page(answer.status, answer.read(), answer.url, answer.headers)
