"""Bodies too large, cut off, compressed, or not what they say: a code, one trace, nothing left."""

from __future__ import annotations

import gzip
import io
from itertools import starmap

import pytest
from django.test import Client
from tests.hostile.door import SMALL
from tests.ispws.strict_client import parse
from tests.ispws.wire import field_part, file_part, joined
from tests.personas import basic

from tipline.record.evidence.models import EvidenceFile
from tipline.record.intake.models import RefusedCall, Submission

pytestmark = pytest.mark.django_db
MULTIPART = "multipart/form-data; boundary=b"
LIMIT = 65_536


class CutOff(io.RawIOBase):
    """A body that ends before its length: what a server sees when the client goes away."""

    def __init__(self, data: bytes, *, fails: bool = False) -> None:
        self._data = io.BytesIO(data)
        self._fails = fails

    def read(self, size: int = -1, /) -> bytes:
        piece = self._data.read(min(size, 1000))
        if not piece and self._fails:
            raise ConnectionResetError
        return piece


def _cut(path, body, promised, content_type, *, fails=False):
    environ = {
        "wsgi.input": CutOff(body, fails=fails),
        "CONTENT_LENGTH": str(promised),
        "CONTENT_TYPE": content_type,
    }
    return Client(headers=basic("harborline")).generic("POST", f"/ispws/{path}", **environ)


def _code(answer):
    return int(parse(answer.content).children[0].text)


# --- too large -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["submit", "fileinfo"])
def test_a_body_beyond_the_limit_is_refused_and_booked(door, settings, path):
    settings.TIPLINE_LARGEST_BODY = LIMIT
    body = SMALL.replace(b"</report>", b"<additionalInfo>" + b"x" * LIMIT + b"</additionalInfo>")

    code, answer = door.send(path, body)

    assert code == 4000
    assert str(LIMIT) in answer.content.decode()


def test_of_an_oversize_submission_the_beginning_is_kept(door, settings):
    from tipline.ground.foundation import sealing
    from tipline.ground.foundation.keys import open_data_key

    settings.TIPLINE_LARGEST_BODY = LIMIT
    body = SMALL + b" " * 300_000
    door.send("submit", body)
    row = Submission.objects.select_related("key").order_by("-pk")[0]

    assert sealing.unseal(bytes(row.raw), open_data_key(row.key)) == body[:LIMIT]


def test_a_body_at_the_limit_is_taken(door, settings):
    settings.TIPLINE_LARGEST_BODY = LIMIT
    assert door.send("submit", SMALL.ljust(LIMIT))[0] == 0
    assert door.send("submit", SMALL.ljust(LIMIT + 1))[0] == 4000


def test_a_form_beyond_measure_is_refused(door):
    for path in ("finish", "retract"):
        body = b"id=" + b"1" * 100_000
        assert door.send(path, body, "application/x-www-form-urlencoded")[0] == 4000
        assert door.send(path, joined("b", [field_part("id", "1" * 100_000)]), MULTIPART)[0] == 4000


def test_an_upload_has_no_limit_but_its_small_fields_have(door):
    number = str(door.number)
    large = joined("b", [field_part("id", number), file_part(b"x" * 3_000_000)])
    assert door.send("upload", large, MULTIPART)[0] == 0
    for parts in (
        [field_part("id", "1" * 100_000), file_part(b"x")],
        [file_part(b"x"), field_part("id", "1" * 100_000)],
        [field_part("id", number), *[field_part("more", "x")] * 300, file_part(b"x")],
        [field_part("id", number), file_part(b"x", "n" * 20_000)],
    ):
        assert door.send("upload", joined("b", parts), MULTIPART)[0] in {4000, 4200}


# --- cut off -------------------------------------------------------------------------------


@pytest.mark.parametrize("fails", [False, True])
def test_cut_off_submissions_are_booked_as_refused(door, fails):
    for end in (0, 1, 100, len(SMALL)):
        before = Submission.objects.count()
        answer = _cut("submit", SMALL[:end], len(SMALL) + 10, "text/xml", fails=fails)
        assert _code(answer) == 4000
        assert Submission.objects.count() == before + 1
        row = Submission.objects.order_by("-pk")[0]
        assert (row.answer, row.size) == ("refused", end)


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("id_first", [True, False])
def test_cut_off_uploads_leave_no_object_and_no_row(door, id_first, fails):
    parts = [field_part("id", str(door.number)), file_part(b"q" * 5_000)]
    body = joined("b", parts if id_first else parts[::-1])
    refused = RefusedCall.objects.count()
    ends = [0, 1, 40, 100, 160, 1000, 3000, len(body) - 30, len(body) - 5]
    for end in ends:
        answer = _cut("upload", body[:end], len(body), MULTIPART, fails=fails)
        assert _code(answer) == 4000, end
        door.check_store()
    assert EvidenceFile.objects.count() == 0
    assert RefusedCall.objects.count() == refused + len(ends)


@pytest.mark.parametrize("fails", [False, True])
def test_other_cut_off_calls_change_nothing(door, fails):
    number = str(door.number).encode()
    for path, body, content_type in (
        ("finish", b"id=" + number, "application/x-www-form-urlencoded"),
        ("retract", b"id=" + number, "application/x-www-form-urlencoded"),
        ("finish", joined("b", [field_part("id", str(door.number))])[:-8], MULTIPART),
        ("fileinfo", b"<fileDetails><reportId>" + number, "text/xml"),
    ):
        answer = _cut(path, body, len(body) + 7, content_type, fails=fails)
        assert _code(answer) in {4000, 4100}
    assert door.send("retract", b"id=" + number, "application/x-www-form-urlencoded")[0] == 0


# --- not what they say ---------------------------------------------------------------------


def test_wrong_boundaries_and_types_are_refused(door):
    body = joined("b", [field_part("id", str(door.number)), file_part(b"x")])
    for content_type in (
        "multipart/form-data; boundary=c",
        "multipart/form-data; boundary=",
        "multipart/form-data",
        "multipart/mixed; boundary=b",
        "application/octet-stream",
        "text/xml",
        "",
        "multipart/form-data; boundary=" + "b" * 300,
        "multipart/form-data; boundary*0=b; boundary*1=c",
        "multipart/form-data; boundary*=utf-8''%ff",
        "multipart/form-data; boundary=\u00fc",
    ):
        assert door.send("upload", body, content_type)[0] == 4200, content_type


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_compressed_bodies_are_not_unpacked(door, encoding):
    bomb = gzip.compress(SMALL + b" " * 20_000_000)
    headers = {"Content-Encoding": encoding}

    assert door.send("submit", bomb, **headers)[0] == 4110
    assert door.send("fileinfo", bomb, **headers)[0] == 4110
    assert door.send("finish", bomb, "application/x-www-form-urlencoded", **headers)[0] == 4000
    assert door.send("upload", bomb, MULTIPART, **headers)[0] == 4200


def test_a_compressed_file_is_a_file(door):
    content = gzip.compress(b"x" * 1_000_000)
    parts = [field_part("id", str(door.number)), file_part(content, "a.gz", "application/gzip")]

    assert door.send("upload", joined("b", parts), MULTIPART)[0] == 0
    assert EvidenceFile.objects.get().size == len(content)


def test_odd_headers_change_nothing(door):
    for headers in (
        {"Idempotency-Key": "\u00fc" * 600},
        {"Idempotency-Key": " "},
        {"X-Forwarded-For": "1.2.3.4, ::1, nonsense"},
        {"Accept-Language": "xx-" + "y" * 5_000},
        {"Accept": "text/html"},
        {"Accept-Encoding": "gzip;q=0, *"},
        {"Cookie": "sessionid=" + "z" * 5_000},
        {"Origin": "https://elsewhere.example"},
        {"Content-Range": "bytes 0-1/2"},
        {"Range": "bytes=0-1"},
        {"If-None-Match": "*"},
        {"X-HTTP-Method-Override": "DELETE"},
    ):
        assert door.send("submit", SMALL + str(headers).encode()[:0], **headers)[0] == 0, headers


def test_ids_hidden_in_other_places_are_not_taken(door):
    """The number comes from the body, never from the address, a header or a cookie."""
    client = Client(headers=basic("harborline"))
    hidden = [f"/ispws/retract?id={door.number}", f"/ispws/finish?id={door.number}"]
    answers = list(starmap(client.post, [(address, {}) for address in hidden]))

    assert [_code(answer) for answer in answers] == [4000, 4000]
