"""Bodies as sockets carry them: chunked, cut off, too large, refused while they are sent."""

from __future__ import annotations

import hashlib
import socket

import httpx
import pytest
from tests.ispws.raw import authorization, chunked, read_answer
from tests.ispws.serving import SECRET
from tests.ispws.strict_client import ApiError, Ordered, parse
from tests.ispws.wire import field_part, file_part, joined, report

pytestmark = [pytest.mark.both_databases, pytest.mark.xdist_group("ispws-server")]

MB = 1024 * 1024
MULTIPART = "multipart/form-data; boundary=b"
XML = "text/xml"
FORM = "application/x-www-form-urlencoded"
SENDING = 50


def _upload(number, content=b"bytes"):
    return joined("b", [field_part("id", str(number)), file_part(content)])


def _read(answer, *, done=False):
    """What a strict client makes of an answer that came over a socket."""
    client = Ordered(None)
    read = client.read_done if done else client.read_response
    return read(client._checked(answer))


def _code(answer, *, done=False):
    with pytest.raises(ApiError) as refusal:
        _read(answer, done=done)
    return refusal.value.code


@pytest.fixture
def number(ordered):
    """An open report, finished at the end to see that it still works."""
    opened = ordered.submit(report()).report_id
    yield opened
    ordered.finish(opened)


# --- chunked -------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 7, 1000, 100_000])
def test_every_call_takes_chunks_of_any_size(raw, size):
    def send(path, content_type, body):
        pieces = [body[at : at + size] for at in range(0, len(body), size)]
        return raw.send(raw.head(path, content_type, None), [b"".join(chunked(pieces))])

    number = _read(send("submit", XML, report())).report_id
    content = bytes(range(256)) * 4
    uploaded = _read(send("upload", MULTIPART, _upload(number, content)))
    assert uploaded.digest == hashlib.md5(content).hexdigest()
    finished = send("finish", FORM, f"id={number}".encode())
    assert _read(finished, done=True).files == (uploaded.file_id,)


def test_a_large_chunked_upload_arrives_whole(raw, number):
    digest = hashlib.md5()
    piece = bytes(range(256)) * 4096

    def parts():
        head, tail = _upload(number, b"|").split(b"|")
        yield head
        for _ in range(20):
            digest.update(piece)
            yield piece
        yield tail

    with raw.connect() as connection:
        connection.sendall(raw.head("upload", MULTIPART, None))
        for part in parts():
            connection.sendall(chunked([part], whole=False)[0])
        connection.sendall(b"0\r\n\r\n")
        assert _read(read_answer(connection)).digest == digest.hexdigest()


# --- asking first, staying connected -------------------------------------------------------


def test_a_client_that_waits_for_100_continue_gets_it(raw, number):
    body = _upload(number)
    head = raw.head("upload", MULTIPART, len(body), ["Expect: 100-continue"])
    with raw.connect() as connection:
        connection.sendall(head)
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        assert _read(read_answer(connection)).report_id == number


def test_a_client_that_asks_first_and_is_refused_need_not_send(raw):
    wrong = authorization("harborline", "wrong")
    expect = ["Expect: 100-continue"]
    for path, auth, status in (("upload", wrong, 401), ("nowhere", None, 404)):
        head = raw.head(path, MULTIPART, 5_000_000_000, expect, auth=auth)
        with raw.connect() as connection:
            connection.sendall(head)
            assert read_answer(connection).status_code == status


def test_one_connection_carries_refusals_and_successes(raw, ordered):
    number = ordered.submit(report()).report_id
    form, bad = f"id={number}".encode(), b"id=1"
    with raw.connect() as connection:
        for path, body, content_type, expected in (
            ("retract", bad, FORM, 5001),
            ("upload", _upload(1, b"x" * MB), MULTIPART, 5001),
            ("submit", b"<report", XML, 4110),
            ("upload", _upload(number), MULTIPART, 0),
            ("fileinfo", b"<fileDetails/>", XML, 4100),
            ("nowhere", b"x" * MB, XML, 1210),
            ("retract", form, FORM, 0),
            ("retract", form, FORM, 5101),
        ):
            connection.sendall(raw.head(path, content_type, len(body)) + body)
            answer = read_answer(connection)
            assert parse(answer.content).children[0].text == str(expected), path


# --- refused while sending -----------------------------------------------------------------


def _sending(number):
    """50 MB of upload, piece by piece, and their length."""
    head, tail = _upload(number, b"|").split(b"|")
    pieces = [head, *[b"z" * MB] * SENDING, tail]
    return pieces, sum(map(len, pieces))


REFUSED = {
    "unknown report": ("upload", None, 200, "5001"),
    "wrong password": ("upload", authorization("harborline", "wrong"), 401, "2000"),
    "unknown endpoint": ("nowhere", None, 404, "1210"),
    "too large": ("submit", None, 200, "4000"),
    "too large a form": ("retract", None, 200, "4000"),
}


@pytest.mark.parametrize("why", REFUSED)
@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_who_sends_50_mb_before_reading_still_reads_the_refusal(raw, why, framing):
    """The answer comes early, but the connection is not reset under a client that writes."""
    path, auth, status, code = REFUSED[why]
    pieces, length = _sending(1)
    if framing == "chunked":
        pieces = chunked(pieces)
    content_type = FORM if path == "retract" else MULTIPART
    head = raw.head(path, content_type, length if framing == "length" else None, auth=auth)

    answer = raw.send(head, pieces)  # would raise when the server stopped reading

    assert answer.status_code == status
    assert answer.headers["Request-ID"]
    assert parse(answer.content).children[0].text == code


@pytest.mark.parametrize(("secret", "status"), [("wrong", 401), (SECRET, 200)])
def test_an_ordinary_library_reads_the_refusal_too(server, secret, status):
    pieces, _length = _sending(1)
    body = b"".join(pieces)
    with httpx.Client(auth=("harborline", secret), timeout=30) as client:
        for _ in range(3):
            answer = client.post(
                f"{server.base}/ispws/upload", content=body, headers={"Content-Type": MULTIPART}
            )
            assert answer.status_code == status
            assert parse(answer.content).children[0].text in {"2000", "5001"}


# --- cut off -------------------------------------------------------------------------------


def _refused_calls(server):
    return server.rows("SELECT count(*) FROM intake_refusedcall")[0][0]


def test_a_submission_that_is_cut_off_is_refused_and_booked(raw, server):
    newest = server.rows("SELECT max(id) FROM intake_submission")[0][0] or 0
    half = report()[:100]
    answers = [
        raw.cut_off(raw.head("submit", XML, 5000), [half]),
        raw.cut_off(raw.head("submit", XML, 5000), [report()]),
        raw.cut_off(raw.head("submit", XML, None), chunked([half], whole=False)),
    ]

    assert [_code(answer) for answer in answers] == [4000, 4000, 4110]
    query = "SELECT answer, code, size, report_id FROM intake_submission WHERE id > {} ORDER BY id"
    assert [tuple(row) for row in server.rows(query.format(newest))] == [
        ("refused", "4000", 100, None),
        ("refused", "4000", len(report()), None),
        ("refused", "4110", 100, None),
    ]


CUTS = {
    "shorter than promised": lambda body: (len(body) + 1000, [body]),
    "in the file": lambda body: (len(body), [body[:200_000]]),
    "in the headers": lambda body: (len(body), [body[:30]]),
    "before the last boundary": lambda body: (len(body) - 10, [body[:-10]]),
    "nothing at all": lambda body: (len(body), []),
    "chunked": lambda body: (None, chunked([body[:200_000]], whole=False)),
    "chunked, in the headers": lambda body: (None, chunked([body[:30]], whole=False)),
}


def test_uploads_that_are_cut_off_leave_nothing_behind(raw, server, ordered):
    number = ordered.submit(report()).report_id
    before, booked = server.objects(), _refused_calls(server)
    body = _upload(number, b"q" * 400_000)
    for name, cut in CUTS.items():
        length, pieces = cut(body)
        as_promised = sum(map(len, pieces)) == length
        send = raw.send if as_promised else raw.cut_off
        answer = send(raw.head("upload", MULTIPART, length), pieces)
        if name == "shorter than promised":
            # The multipart body itself was whole: the file is there, and nothing is lost.
            assert _read(answer).report_id == number
            before = server.objects()
        else:
            assert _code(answer) in {4000, 4200}, name
            assert server.objects() == before, name
    assert len(ordered.finish(number).files) == 1
    assert _refused_calls(server) - booked == len(CUTS) - 1


def test_a_client_that_goes_away_leaves_nothing_behind(raw, server, ordered):
    number = ordered.submit(report()).report_id
    before = server.objects()
    head = raw.head("upload", MULTIPART, 10_000_000)
    for reset in (False, True):
        with raw.connect() as connection:
            if reset:  # the connection is torn down, not closed
                option = b"\1\0\0\0\0\0\0\0"
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, option)
            connection.sendall(head + _upload(number, b"q" * 400_000)[:300_000])
    # A later call on the one server is answered after the broken ones were ended or not:
    # either way no file of theirs may ever appear.
    assert ordered.finish(number).files == ()
    assert [each for each in server.objects() if not each.startswith("tmp/")] == [
        each for each in before if not each.startswith("tmp/")
    ]


# --- heads ---------------------------------------------------------------------------------


def test_headers_beyond_measure_are_refused_and_the_server_lives(raw, ordered):
    for extra in (
        [f"X-Long: {'x' * 2_000_000}"],
        [f"X-{n}: y" for n in range(2000)],
    ):
        head = raw.head("submit", XML, 10, extra)
        with raw.connect() as connection:
            try:
                connection.sendall(head)
                status = read_answer(connection).status_code
            except OSError:
                status = 400  # the connection was closed in our face: refused as well
        assert 400 <= status < 500
    assert ordered.status().code == 0


def test_a_long_retry_key_and_header_are_taken(raw, number):
    body = report()
    extra = [f"Idempotency-Key: {'k' * 2000}", f"X-Trace: {'x' * 8000}"]
    assert _read(raw.send(raw.head("submit", XML, len(body), extra), [body])).report_id


@pytest.mark.parametrize(
    "framing", ["Content-Length: -1", "Content-Length: 1e3", "Content-Length: x"]
)
def test_wrong_lengths_are_refused_by_the_server(raw, ordered, framing):
    head = raw.head("submit", XML, 5).replace(b"Content-Length: 5", framing.encode())
    with raw.connect() as connection:
        connection.sendall(head + b"<a/>")
        assert read_answer(connection).status_code == 400
    assert ordered.status().code == 0


def test_a_length_beside_chunks_cannot_smuggle_a_second_request(raw, ordered):
    """The body ends where the chunks end; what follows is at most a request of its own."""
    body = report()
    chunks = b"".join(chunked([body]))
    head = raw.head("submit", XML, None, [f"Content-Length: {len(chunks) + 60}"])
    with raw.connect() as connection:
        connection.sendall(head + chunks)
        answer = read_answer(connection)
    assert answer.status_code == 400 or _read(answer).report_id
