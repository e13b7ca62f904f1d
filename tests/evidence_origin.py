"""The evidence origin as a browser asks it: an image of our pages, or a link that is followed."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client


def as_image() -> dict[str, str]:
    """What a browser says when an image of a desk loads."""
    return {"Origin": settings.TIPLINE_PUBLIC_URL, "Sec-Fetch-Dest": "image"}


def as_link() -> dict[str, str]:
    return {"Sec-Fetch-Dest": "document"}


def load(address: str, headers: dict[str, str] | None = None, method: str = "get") -> Any:
    """Ask for an address of the evidence origin; without ``headers`` as an image of a desk."""
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}" == settings.TIPLINE_EVIDENCE_URL, address
    ask = getattr(Client(), method)
    headers = as_image() if headers is None else headers
    return ask(parts.path, headers={"Host": parts.netloc, **headers})


def picture_in(html: str) -> str:
    """The address of the one picture of evidence in a page."""
    (address,) = re.findall(r'<img class="preview[^"]*" src="([^"]+)"', html)
    return unescape(address)


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content
