"""Headers that protect the reader, on every answer of every address."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from tests.access.asking import ask
from tests.access.conftest import house
from tests.access.routes import routes
from tests.access.table import rows
from tests.personas import PASSWORD

__all__ = ["house"]  # the fixture

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlite_only,
    pytest.mark.xdist_group("access"),
]

ROUTES = routes()
TABLE = rows()
#: Whatever the evidence origin answers is shown by nothing, not even by a page of ours.
SANDBOX = {"default-src": ["'none'"], "sandbox": []}
PAGE = {
    "default-src": ["'none'"],
    "style-src": ["'self'"],
    "script-src": ["'self'"],
    "img-src": ["'self'"],
    "connect-src": ["'self'"],
    "font-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: Of evidence the address is told to nobody.
OF_EVIDENCE = FIXED | {"Referrer-Policy": "no-referrer"}
FORBIDDEN_FEATURES = {"camera", "geolocation", "microphone", "payment", "usb"}
_INLINE = re.compile(r"<style\b|\sstyle=|\son[a-z]+=|\shx-on|<script(?![^>]*\ssrc=)|javascript:")


def policy_of(response) -> dict[str, list[str]]:
    parts = [part.split() for part in response["Content-Security-Policy"].split(";")]
    return {part[0]: part[1:] for part in parts if part}


def page_policy(path: str) -> dict[str, list[str]]:
    """Pictures of evidence on the analysts' desk only, its downloads from an agency's only."""
    evidence = settings.TIPLINE_EVIDENCE_URL
    more = {"/desk/": "img-src", "/agency/": "form-action"}
    named = next((name for start, name in more.items() if path.startswith(start)), "")
    return PAGE | ({named: ["'self'", evidence]} if named else {})


def complaints(response, policy: dict[str, list[str]]) -> list[str]:
    """What is wrong with the headers of an answer."""
    fixed = OF_EVIDENCE if policy == SANDBOX else FIXED
    found = [
        f"{name}: {response.get(name)}"
        for name, value in fixed.items()
        if response.get(name) != value
    ]
    if policy_of(response) != policy:
        found.append(response["Content-Security-Policy"])
    features = set(re.findall(r"([a-z-]+)=\(\)", response.get("Permissions-Policy", "")))
    if not features >= FORBIDDEN_FEATURES:
        found.append(f"Permissions-Policy: {sorted(features)}")
    if not re.fullmatch("[0-9a-f]{32}", response.get("Request-ID", "")):
        found.append("Request-ID")
    found += [name for name in ("Server", "X-Powered-By") if name in response]
    return found


def askers(row) -> set[str]:
    """Nobody, and one for each kind of answer that the table knows."""
    by_code = {code: persona for persona, code in row.expected.items()}
    return {"nobody", *by_code.values()}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_every_answer_of_every_address_is_protected(house, row):
    """The headers, and that a page needs nothing that its policy forbids."""
    method = "GET" if row.method == "any" else row.method
    route = ROUTES[row.route]
    for persona in askers(row):
        answer = ask(house, persona, route, method, house.objects[row.object])
        path = answer.response.request["PATH_INFO"]
        policy = SANDBOX if route.of_evidence else page_policy(path)
        assert complaints(answer.response, policy) == [], persona
        assert answer.response["Cache-Control"] == "no-store", persona
        if answer.response["Content-Type"].startswith("text/html"):
            assert _INLINE.findall(answer.body) == [], persona


def test_the_search_for_inline_code_finds_it():
    for bad in ('<p style="x">', "<style>", "<a onclick=x>", "<script>x</script>", "<b hx-on:x>"):
        assert _INLINE.search(bad), bad
    assert not _INLINE.search('<script src="/static/look/keys.js" defer></script>')


@pytest.mark.parametrize("path", ["/nothing-here", "/desk/reports/x/", "/static/nothing.css"])
def test_an_address_that_is_not_there_is_protected_too(house, path):
    response = Client().get(path)

    assert response.status_code == 404
    assert complaints(response, page_policy(path)) == []


def test_a_stale_form_is_protected_too(house):
    response = Client(enforce_csrf_checks=True).post("/login/", {"username": "ana"})

    assert response.status_code == 403
    assert complaints(response, PAGE) == []
    assert response["Cache-Control"] == "no-store"


def test_a_fault_is_protected_and_says_nothing(house, monkeypatch):
    from tipline.doors.portals.entrance import views

    def broken(_request):
        raise RuntimeError("the password is swordfish")

    monkeypatch.setattr(views, "shell_of", broken)
    monkeypatch.setattr(views, "sign_in", broken)
    response = Client(raise_request_exception=False).post(
        "/login/", {"username": "ana", "password": PASSWORD}
    )

    assert response.status_code == 500
    assert complaints(response, PAGE) == []
    assert "swordfish" not in response.content.decode()
    assert "Traceback" not in response.content.decode()


def test_static_files_are_protected_and_may_be_cached(house):
    response = Client().get("/static/look/tipline.css")

    assert response.status_code == 200
    assert complaints(response, PAGE) == []
    assert "no-store" not in response["Cache-Control"]
    assert b"".join(response.streaming_content)


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(house):
    client = Client()
    client.get("/login/")
    client.post("/login/", {"username": "ana", "password": PASSWORD})

    assert set(client.cookies) == {"csrftoken", "sessionid"}
    for name, cookie in client.cookies.items():
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name
        assert cookie["path"] == "/", name


def test_a_new_session_gets_a_new_key(house):
    client = Client()
    client.post("/login/", {"username": "ana", "password": PASSWORD})
    first = client.cookies["sessionid"].value
    client.post("/login/", {"username": "sofia", "password": PASSWORD})

    assert client.cookies["sessionid"].value != first


def test_a_host_that_is_not_ours_is_refused(house):
    request = RequestFactory().get("/", headers={"Host": "evil.example"})
    response = Client().get("/login/", headers={"Host": "evil.example"})

    assert request.META["HTTP_HOST"] == "evil.example"
    assert response.status_code == 400
