"""Static files: open to all, and nothing but what is meant to be there."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize("path", ["look/tipline.css", "look/keys.js", "look/icon.svg"])
def test_the_look_is_open_to_all(path):
    response = Client().get(f"/static/{path}")

    assert response.status_code == 200
    assert b"".join(response.streaming_content)
    assert "Set-Cookie" not in response


@pytest.mark.parametrize(
    "path",
    [
        "",
        "look/",
        "look",
        "../config/settings.py",
        "look/../../config/settings.py",
        "look/%2e%2e/%2e%2e/apps.py",
        "..%2fsettings.py",
        "look/tipline.css/",
        "nothing.css",
    ],
)
def test_nothing_else_is(db, path):
    assert Client().get(f"/static/{path}").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_static_files_are_only_read(db, method):
    assert getattr(Client(), method)("/static/look/tipline.css").status_code in {404, 405}
