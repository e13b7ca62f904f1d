"""`serve` without an address names its own port, so that pages find the evidence there."""

from __future__ import annotations

import os

import pytest

from tipline.doors.terminal import running
from tipline.ground.foundation.origins import second_name


@pytest.mark.parametrize(
    ("host", "port", "public", "evidence"),
    [
        ("127.0.0.1", 9000, "http://127.0.0.1:9000", "http://localhost:9000"),
        ("localhost", 8000, "http://localhost:8000", "http://127.0.0.1:8000"),
        ("::1", 8000, "http://[::1]:8000", "http://localhost:8000"),
        ("0.0.0.0", 8080, "http://127.0.0.1:8080", "http://localhost:8080"),
    ],
)
def test_the_address_is_this_port_of_this_machine(monkeypatch, host, port, public, evidence):
    monkeypatch.delenv("TIPLINE_PUBLIC_URL", raising=False)
    running._name_address(host, port)

    assert os.environ["TIPLINE_PUBLIC_URL"] == public
    assert second_name(public) == evidence
    monkeypatch.delenv("TIPLINE_PUBLIC_URL")


def test_an_address_that_is_set_stays(monkeypatch):
    monkeypatch.setenv("TIPLINE_PUBLIC_URL", "https://tips.example.org")
    running._name_address("127.0.0.1", 9000)

    assert os.environ["TIPLINE_PUBLIC_URL"] == "https://tips.example.org"
