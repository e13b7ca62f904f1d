"""Two thousand requests that nobody in their right mind sends: no fault, all booked.

Seven in ten go to SQLite, the others to PostgreSQL, each through the whole view.
:class:`HostileDoor` checks every answer as two strict clients read it, and that the request
left exactly one trace.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.hostile.making import file_details, multiparts, reports

pytestmark = [
    pytest.mark.django_db,
    # The proof sends a hundred thousand.
    pytest.mark.parametrize("times", [1, pytest.param(50, marks=pytest.mark.proof)]),
]


SHARE = 0.3 if os.environ.get("TIPLINE_TEST_DATABASE") == "postgresql" else 0.7


def fuzzed(examples):
    return settings(
        max_examples=round(SHARE * examples),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def test_any_xml_as_a_report(door, times):
    @fuzzed(600 * times)
    @given(body=reports)
    def send(body):
        door.send("submit", body)

    send()
    assert door.sent >= SHARE * 600 * times
    assert {0, 4100, 4110} <= door.codes.keys()


def test_any_xml_as_file_details(door, times):
    @fuzzed(400 * times)
    @given(body=file_details, ours=st.booleans())
    def send(body, ours):
        number = str(door.number).encode() if ours else b"1"
        door.send("fileinfo", body.replace(b"<reportId>1<", b"<reportId>" + number + b"<"))

    send()
    assert door.sent >= SHARE * 400 * times
    assert {4100, 4110, 5001, 5002} <= door.codes.keys()


def test_any_multipart_as_an_upload(door, times):
    @fuzzed(600 * times)
    @given(sent=multiparts(door.number))
    def send(sent):
        door.send("upload", *sent)

    send()
    assert door.sent >= SHARE * 600 * times
    assert {0, 4000, 4200, 5001} <= door.codes.keys()


FORMS = st.sampled_from(
    [
        b"id=", b"id=1", b"id=%31", b"id[]=1", b"%69%64=1", b"id=1&id=2", b"=1", b"&&&", b"id",
        b"id=\xff\xfe", b"id=%ff%00", b"id=1;id=2", b"\0", b"id=" + b"9" * 4_500, b"a=b&" * 60,
    ]
) | st.binary(max_size=80)  # fmt: skip


def test_any_form_as_finish_and_retract(door, times):
    """Never the open report's own number: it stays open, whatever the form says."""
    types = st.sampled_from(
        ["application/x-www-form-urlencoded", "text/plain", "", "multipart/form-data; boundary=b"]
    )

    @fuzzed(400 * times)
    @given(
        path=st.sampled_from(["finish", "retract"]),
        body=FORMS | multiparts(1).map(lambda made: made[0]),
        content_type=types,
    )
    def send(path, body, content_type):
        door.send(path, body, content_type)

    send()
    assert door.sent >= SHARE * 400 * times
    assert door.codes.keys() == {4000, 5001}
