"""Two ways to carry a client's calls: a real connection, and Django's test client."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import httpx
from django.test import Client
from tests.ispws.wire import multipart
from tests.personas import basic

XML = "text/xml; charset=utf-8"
URLENCODED = "application/x-www-form-urlencoded"


def body_of(
    *,
    xml: bytes | None = None,
    form: Mapping[str, str] | None = None,
    file: tuple[str, bytes, str] | None = None,
    multipart_forms: bool = False,
) -> tuple[bytes, str]:
    """The body of a call and its content type."""
    if xml is not None:
        return xml, XML
    fields = dict(form or {})
    if file is not None or multipart_forms:
        boundary = "----" + secrets.token_hex(12)
        body = multipart(boundary, list(fields.items()), file)
        return body, f"multipart/form-data; boundary={boundary}"
    return httpx.QueryParams(fields).__str__().encode(), URLENCODED


class OverHttp:
    """A connection to a real server, kept alive, with pre-emptive Basic."""

    def __init__(
        self, base: str, username: str, secret: str, *, multipart_forms: bool = False
    ) -> None:
        self._client = httpx.Client(base_url=base, auth=(username, secret), timeout=30)
        self._multipart_forms = multipart_forms

    def request(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **sent: Any
    ) -> httpx.Response:
        if method == "GET":
            return self._client.get(f"/ispws/{path}")
        body, content_type = body_of(**sent, multipart_forms=self._multipart_forms)
        told = {"Content-Type": content_type, **(headers or {})}
        return self._client.post(f"/ispws/{path}", content=body, headers=told)

    def close(self) -> None:
        self._client.close()


class InProcess:
    """The same calls through Django's test client: no server, the whole view."""

    def __init__(self, username: str = "harborline", *, multipart_forms: bool = False) -> None:
        self._client = Client(headers=basic(username))
        self._multipart_forms = multipart_forms

    def request(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **sent: Any
    ) -> Any:
        if method == "GET":
            return self._client.get(f"/ispws/{path}", headers=headers)
        body, content_type = body_of(**sent, multipart_forms=self._multipart_forms)
        return self._client.post(
            f"/ispws/{path}", data=body, content_type=content_type, headers=headers
        )
