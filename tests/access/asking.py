"""One request of one persona, and what it came to; whatever it changed is undone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from tests.access.house import House, Object
from tests.access.routes import Route
from tests.access.sending import BEFORE, BODIES, FORMS, Sending, pass_of, upload_token_of
from tests.evidence_origin import as_image

_XML = "application/xml;charset=UTF-8"
_CODE = re.compile(rb"<responseCode>(\d+)</responseCode>")


@dataclass(frozen=True)
class Answer:
    """``code``: as the table writes it. ``body``: without what differs each time."""

    code: str
    body: str
    response: Any


def ask(
    house: House,
    persona: str,
    route: Route,
    method: str,
    of: Object,
    *,
    csrf: bool = False,
    htmx: bool = False,
) -> Answer:
    if "token" in of:
        of = {**of, "token": upload_token_of(house, persona, of["number"])}
    client = house.client(persona, csrf=csrf)
    more: dict[str, Any] = {"headers": house.headers(persona)}
    if htmx:
        more["headers"] = {**more["headers"], "HX-Request": "true"}
    if route.of_evidence:
        more["headers"] = {**more["headers"], "Host": route.host, **as_image()}
    with transaction.atomic():
        if "text" in route.words:
            of = {**of, "text": pass_of(Sending(house, persona, of))}
        if route.name in BEFORE:
            BEFORE[route.name](Sending(house, persona, of))
        if method == "POST":
            more |= _sent(route, Sending(house, persona, of))
        act = getattr(client, method.lower(), None) or partial(client.generic, method)
        response = act(route.address(of), **more)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    return Answer(_code(response, body), _plain(body, of), response)


def _sent(route: Route, sending: Sending) -> dict[str, Any]:
    if route.name in BODIES:
        return {"data": BODIES[route.name](sending), "content_type": "text/xml"}
    return {"data": FORMS[route.name](sending) if route.name in FORMS else {}}


def _code(response: Any, body: bytes) -> str:
    """``in`` leads to the sign-in page; an answer of the API shows its own code, too."""
    if response.status_code == 302 and response["Location"].startswith("/login/?next="):
        return "in"
    found = _CODE.search(body)
    if response["Content-Type"] == _XML and found and response.status_code == 200:
        return f"={found[1].decode()}"
    return str(response.status_code)


def _plain(body: bytes, of: Object) -> str:
    """Without tokens against forgery and without the number that was asked for."""
    text = body.decode("utf-8", "replace")
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    return text.replace(str(of["number"]), "N") if "number" in of else text
