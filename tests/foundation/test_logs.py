"""Logs hold no personal value, whatever a caller does."""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog

from tipline.ground.foundation import logs


@pytest.fixture
def lines(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    logs.configure()
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.reset_defaults()
    logging.getLogger().handlers = []


def test_a_field_that_is_not_on_the_list_is_dropped_and_named(lines) -> None:
    structlog.get_logger().info("x", report=1, email="a@example.org")
    [line] = lines()
    assert line["report"] == 1
    assert line["dropped"] == ["email"]
    assert "a@example.org" not in json.dumps(line)


def test_an_exception_shows_its_type_and_place_never_its_message(lines) -> None:
    try:
        int("a@example.org")
    except ValueError as error:
        structlog.get_logger().error("x", exc_info=error)
    [line] = lines()
    assert line["error"] == "ValueError"
    assert "a@example.org" not in json.dumps(line)


def test_a_library_message_comes_without_its_text(lines) -> None:
    logging.getLogger("some.library").warning("user a@example.org did %s", "x")
    [line] = lines()
    assert line["logger"] == "some.library"
    assert "example.org" not in json.dumps(line)
