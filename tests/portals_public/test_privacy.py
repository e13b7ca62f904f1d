"""What the public form promises to those who are afraid: no trace here, no trace there."""

from __future__ import annotations

import hashlib
import io
import logging
import re

import pytest
import structlog
import time_machine
from django.db import connection
from tests.portals_public.conftest import LEAST, WHOLE, Visitor, sealed_in

from tipline.ground.foundation import logs, sealing
from tipline.ground.foundation.keys import open_data_key
from tipline.pipeline import stages
from tipline.record.intake.models import Submission
from tipline.record.intake.rules import body_digest
from tipline.record.reports.models import ReportDocument, SealedReporter

pytestmark = pytest.mark.django_db

ADDRESS = "203.0.113.77"
OTHER = "198.51.100.23"
BROWSER = "Kestrel/9.7 (made up)"
TRACES = {
    "REMOTE_ADDR": ADDRESS,
    "HTTP_X_FORWARDED_FOR": f"{OTHER}, {ADDRESS}",
    "HTTP_X_REAL_IP": OTHER,
    "HTTP_FORWARDED": f"for={OTHER}",
    "HTTP_USER_AGENT": BROWSER,
    "HTTP_REFERER": "https://search.example/?q=help",
}


def in_the_clear() -> str:
    """Every cell of every table as it lies there."""
    cells = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            cells += [_text(cell) for row in cursor.fetchall() for cell in row]
    return "\n".join(cells)


def everything_stored() -> str:
    """The same, and what is sealed under a report's key opened."""
    opened = [(row.raw, row.key) for row in Submission.objects.select_related("key")]
    rows = SealedReporter.objects.select_related("report__key")
    opened += [(row.sealed, row.report.key) for row in rows]
    plain = [_text(sealing.unseal(bytes(sealed), open_data_key(key))) for sealed, key in opened]
    return "\n".join([in_the_clear(), *plain])


def _text(cell) -> str:
    is_bytes = isinstance(cell, bytes | memoryview)
    return bytes(cell).decode("latin-1") if is_bytes else str(cell)


@pytest.fixture
def logged(monkeypatch):
    """Everything that a real process would have logged."""
    stream, root = io.StringIO(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr("sys.stderr", stream)
    logs.configure()
    yield stream.getvalue
    structlog.reset_defaults()
    root.handlers = handlers
    root.setLevel(level)


@pytest.mark.parametrize("answers", [LEAST, WHOLE], ids=["anonymous", "contact"])
def test_no_address_of_the_visitor_is_kept_in_any_table_or_log(visitor, answers, logged):
    visitor.more = TRACES
    visitor.walk(answers)
    visitor.send("send")
    number = visitor.number
    kept = everything_stored()

    assert f"report:{number}" in kept  # the search sees what is there
    assert '"route": "report/"' in logged()
    for trace in (ADDRESS, OTHER, "Kestrel", "search.example"):
        assert trace not in kept
        assert trace not in logged()


IDENTITY = ("Noor", "Amberley", "5550188", "555 0188", "noor@example.com", "noor@")


def test_who_reports_lies_nowhere_in_the_clear(visitor, logged):
    visitor.walk(WHOLE)
    visitor.send("send")
    stages.run(visitor.number)
    clear, opened = in_the_clear(), everything_stored()

    assert "Kitegram" in clear  # what was told is there, who told it is not
    for trace in IDENTITY:
        assert trace not in clear
        assert trace not in logged()
    assert [
        trace for trace in ("Noor", "Amberley", "noor@example.com") if trace not in opened
    ] == []


def test_whoever_thinks_better_of_it_and_stays_anonymous_is_forgotten(visitor, logged):
    """Named first, on the way back taken out: nothing of it was kept, nor where it came from."""
    visitor.more = TRACES
    visitor.walk(WHOLE)
    visitor.send("to-you")
    visitor.send("next", contact="anonymous", first_name="Noor", phone="+1 559 555 0188")
    assert visitor.page.status_code == 422
    visitor.send("next", contact="anonymous")
    visitor.send("send")
    stages.run(visitor.number)
    stored = everything_stored()

    assert f"report:{visitor.number}" in stored
    assert "Kitegram" in stored
    for trace in (*IDENTITY, ADDRESS, OTHER, "Kestrel", "search.example"):
        assert trace not in stored
        assert trace not in logged()
    assert ReportDocument.objects.get().document["reporter"] == {"reportingPerson": {}}
    assert not SealedReporter.objects.exists()


def test_of_a_stolen_database_no_number_can_be_tried(visitor):
    """The digest of the form is keyed: with all but the number known, none can be tried."""
    visitor.answer(WHOLE)
    visitor.send("send")
    row = Submission.objects.get()
    plain = sealing.unseal(bytes(row.raw), open_data_key(row.key))

    assert hashlib.sha256(plain).hexdigest() not in in_the_clear()
    assert body_digest("public", plain, open_data_key(row.key)) == row.sha256


def test_there_is_no_cookie_but_the_one_against_forged_forms(visitor):
    visitor.walk(WHOLE)
    visitor.send("send")

    cookies = visitor.client.cookies
    assert set(cookies) == {"csrftoken"}
    assert cookies["csrftoken"]["max-age"] == ""  # it ends with the browser


def test_nothing_typed_can_be_read_in_the_sealed_field(visitor):
    visitor.answer(WHOLE)
    fields = re.findall(r'<input type="hidden" name="sealed" value="([^"]*)"', _body(visitor))

    assert len(fields) == 1
    assert "Amberley" not in fields[0]
    import base64

    assert b"Amberley" not in base64.urlsafe_b64decode(fields[0])


@pytest.mark.parametrize("page", [None, "words", "check", "receipt", "stale"])
def test_help_line_and_quick_exit_stand_on_every_page(visitor, settings, page):
    settings.TIPLINE_HELP_LINE = "Call 0000 555 0100, day and night"
    settings.TIPLINE_QUICK_EXIT_URL = "https://weather.example"
    if page == "stale":
        visitor.page = visitor.client.post("/report/", {"sealed": "nonsense"})
    elif page is None:
        visitor.open()
    else:
        visitor.answer(LEAST, until="words" if page == "words" else "check")
        if page == "receipt":
            visitor.send("send")

    assert "Call 0000 555 0100, day and night" in visitor.text
    assert 'href="https://weather.example"' in _body(visitor)
    assert "data-quick-exit" in _body(visitor)


def test_without_a_help_line_of_its_own_a_page_names_the_emergency_number(visitor, settings):
    settings.TIPLINE_HELP_LINE = ""
    visitor.open()

    assert "Call your emergency number first" in visitor.text


def test_pages_are_never_cached_and_remember_nothing(visitor):
    visitor.answer(LEAST, until="you")

    assert visitor.page["Cache-Control"] == "no-store"
    assert visitor.page["Referrer-Policy"] == "same-origin"
    inputs = re.findall(r"<(?:input|select|textarea)[^>]*>", _body(visitor))
    typed = [one for one in inputs if 'type="hidden"' not in one and "data-keys-on" not in one]
    assert typed
    assert [one for one in typed if 'autocomplete="off"' not in one] == []


def test_the_form_never_says_who_is_signed_in_on_this_browser(visitor):
    from tests.personas import make_world

    visitor.client.force_login(make_world().people["ana"])
    visitor.open()

    assert "Ana" not in visitor.text
    assert "Sign out" not in visitor.text


def test_a_page_stays_open_for_two_hours(visitor):
    with time_machine.travel("2026-11-23T10:00:00Z", tick=False) as at:
        visitor.open()
        at.shift(2 * 3600)
        visitor.send(danger="no")
        assert "What happened?" in visitor.text
        at.shift(2 * 3600 + 1)
        visitor.send(what="csam")

    assert visitor.page.status_code == 422
    assert "This page has expired" in visitor.text
    assert "Start again" in visitor.text


@pytest.mark.parametrize("change", ["", "cut", "flip", "other"])
def test_a_field_that_is_not_ours_is_refused(visitor, change, settings):
    visitor.open()
    sealed = sealed_in(visitor.page)
    wrong = {
        "": "",
        "cut": sealed[:-10],
        "flip": sealed[:40] + ("A" if sealed[40] != "A" else "B") + sealed[41:],
        "other": sealed,
    }[change]
    if change == "other":
        settings.SECRET_KEY = "another deployment's secret, long enough"
    response = visitor.client.post("/report/", {"sealed": wrong, "danger": "no"})

    assert response.status_code == 422
    assert "expired" in response.content.decode()


def test_a_form_without_the_token_against_forgery_is_refused(db, tipline_home):
    from django.test import Client

    visitor = Visitor(Client(enforce_csrf_checks=True))
    visitor.open()
    visitor.send(danger="no")

    assert visitor.page.status_code == 403


def _body(visitor) -> str:
    return visitor.page.content.decode()
