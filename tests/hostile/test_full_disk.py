"""A full disk: an honest 503 with advice, no half of anything, and no hand needed afterwards."""

from __future__ import annotations

import errno

import pytest
from django.db import OperationalError
from django.test import Client
from tests.hostile.door import SMALL
from tests.ispws.strict_client import parse
from tests.ispws.wire import details, field_part, file_part, joined
from tests.personas import basic

from tipline.ground.foundation import store as store_module
from tipline.record.evidence.models import EvidenceFile
from tipline.record.intake.models import Submission
from tipline.record.reports.models import Report

pytestmark = pytest.mark.django_db
MULTIPART = "multipart/form-data; boundary=b"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def post(door):
    client = Client(headers=basic("harborline"))

    def send(path, body, content_type="text/xml"):
        return client.post(f"/ispws/{path}", data=body, content_type=content_type)

    return send


def _upload(door, content=b"q" * 600_000):
    return joined("b", [field_part("id", str(door.number)), file_part(content)])


def _is_unavailable(answer, root="reportResponse"):
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer["Request-ID"]
    parsed = parse(answer.content)
    assert parsed.name == root
    assert parsed.children[0].text == "1100"
    words = {child.name: child.text for child in parsed.children}["responseDescription"]
    assert "try again" in words.lower()


def _no_space(*_given, **_named):
    raise OSError(errno.ENOSPC, "No space left on device")


class _FullAfter:
    """A file that takes so many bytes and then finds the disk full."""

    def __init__(self, file, room):
        self._file = file
        self._room = room

    def write(self, data):
        if self._room <= 0:
            _no_space()
        written = self._file.write(bytes(data[: self._room]))
        self._room -= written
        return written

    def __getattr__(self, name):
        return getattr(self._file, name)


POINTS = ["open", "write 0", "write 1", "write 300000", "fsync", "rename", "mkdir", "sync_folder"]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("number_of_error", [errno.ENOSPC, errno.EDQUOT])
def test_no_room_for_a_file_at_any_point(door, post, monkeypatch, number_of_error):
    def fail(*_given, **_named):
        raise OSError(number_of_error, "full")

    for taken, point in enumerate(POINTS):
        with monkeypatch.context() as patch:
            _break(patch, point, fail)
            _is_unavailable(post("upload", _upload(door), MULTIPART))
            assert EvidenceFile.objects.count() == taken, point
        door.check_store()
        # There is room again: the same call succeeds, nothing has to be repaired.
        assert door.send("upload", _upload(door), MULTIPART)[0] == 0, point


def _break(patch, point, fail):
    if point == "open":
        patch.setattr(store_module.os, "open", fail)
    elif point.startswith("write"):
        fdopen = store_module.os.fdopen
        room = int(point.split()[1])
        patch.setattr(
            store_module.os,
            "fdopen",
            lambda *given, **named: _FullAfter(fdopen(*given, **named), room),
        )
    elif point == "fsync":
        patch.setattr(store_module.os, "fsync", fail)
    elif point == "sync_folder":
        patch.setattr(store_module, "sync_folder", fail)
    elif point == "mkdir":  # an object of the same sub-folder may be there: it is made anew
        exists = store_module.Path.exists
        patch.setattr(store_module.Path, "exists", lambda path: len(path.name) > 2 and exists(path))
        patch.setattr(store_module.Path, "mkdir", fail)
    else:
        patch.setattr(store_module.Path, point, fail)


def test_no_room_in_the_database(door, post, monkeypatch):
    """Each write of the API fails once at its commit; afterwards everything goes on."""
    from tipline.record.intake import services as intake

    def full(*_given, **_named):
        raise OperationalError("database or disk is full")

    form = f"id={door.number}".encode()
    before = Submission.objects.count(), Report.objects.count()
    with monkeypatch.context() as patch:
        patch.setattr(intake, "write_tx", full)
        _is_unavailable(post("submit", SMALL))
        _is_unavailable(post("submit", b"<report>"))  # even a refusal must be written down
        _is_unavailable(post("upload", _upload(door), MULTIPART))
        _is_unavailable(post("fileinfo", details(door.number, "ab" * 16)))
        _is_unavailable(post("finish", form, FORM), "reportDoneResponse")
        _is_unavailable(post("retract", form, FORM))
    assert (Submission.objects.count(), Report.objects.count()) == before
    assert EvidenceFile.objects.count() == 0
    door.check_store()
    assert door.send("upload", _upload(door), MULTIPART)[0] == 0
    assert door.send("finish", form, FORM)[0] == 0


def test_a_commit_that_fails_takes_the_file_back(door, post, monkeypatch):
    """The bytes were safe, the row was not: neither stays."""
    from tipline.record.evidence import services as evidence

    def full(*_given, **_named):
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(evidence, "record", full)
        _is_unavailable(post("upload", _upload(door), MULTIPART))
    assert EvidenceFile.objects.count() == 0
    door.check_store()


def test_a_database_that_is_gone_is_answered_in_the_apis_shape(door, post, monkeypatch):
    from tipline.doors.interfaces.ispws import authentication

    def gone(*_given):
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patch:
        patch.setattr(authentication, "credential", gone)
        for path in ("submit", "status", "nowhere"):
            answer = post(path, SMALL)
            assert answer.status_code == 503
            assert parse(answer.content).children[0].text == "1100"
