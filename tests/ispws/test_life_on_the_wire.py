"""The whole life of a report over real connections, as two strict strangers see it."""

from __future__ import annotations

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.ispws.serving import SECRET
from tests.ispws.strict_client import ApiError
from tests.ispws.wire import details, report

pytestmark = [pytest.mark.both_databases, pytest.mark.xdist_group("ispws-server")]


def _refused(call, *given):
    with pytest.raises(ApiError) as refusal:
        call(*given)
    return refusal.value


def test_status_names_the_account_and_the_address(client):
    words = client.status().description

    assert "harborline" in words
    assert "127.0.0.1" in words


def test_the_schema_is_served_and_reads(client):
    schema = client.xsd().text

    for name in ("report", "fileDetails", "reportResponse", "reportDoneResponse"):
        assert f'<xs:element name="{name}"' in schema


def test_submit_five_uploads_at_once_fileinfo_and_finish(client, connect):
    number = client.submit(report()).report_id
    contents = [bytes([place]) * (100_000 + place) for place in range(5)]
    connections = [connect() for _ in contents]

    def send(place):
        return connections[place].upload(number, contents[place], f"picture-{place}.png")

    with ThreadPoolExecutor(5) as pool:
        uploads = list(pool.map(send, range(5)))
    for upload, content in zip(uploads, contents, strict=True):
        assert upload.digest == hashlib.md5(content).hexdigest()
        assert upload.report_id == number
        said = client.fileinfo(
            details(number, upload.file_id, "<fileViewedByEsp>true</fileViewedByEsp>")
        )
        assert (said.report_id, said.file_id, said.digest) == (number, upload.file_id, "")

    done = client.finish(number)

    assert done.report_id == number
    assert sorted(done.files) == sorted(upload.file_id for upload in uploads)
    assert len(set(done.files)) == 5


def test_the_same_bytes_twice_are_two_files(client):
    number = client.submit(report()).report_id
    first, second = client.upload(number, b"same"), client.upload(number, b"same")

    assert first.digest == second.digest
    assert first.file_id != second.file_id
    assert client.finish(number).files == (first.file_id, second.file_id)


def test_a_report_without_files_finishes_with_an_empty_list(client):
    assert client.finish(client.submit(report()).report_id).files == ()


def test_after_finish_everything_is_5102(client):
    number = client.submit(report()).report_id
    upload = client.upload(number, b"bytes")
    client.finish(number)

    assert _refused(client.finish, number).code == 5102
    assert _refused(client.retract, number).code == 5102
    assert _refused(client.upload, number, b"more").code == 5102
    assert _refused(client.fileinfo, details(number, upload.file_id)).code == 5102


def test_after_retract_everything_is_5101(client):
    number = client.submit(report()).report_id
    upload = client.upload(number, b"bytes")
    assert client.retract(number).report_id == number

    assert _refused(client.retract, number).code == 5101
    assert _refused(client.finish, number).code == 5101
    assert _refused(client.upload, number, b"more").code == 5101
    assert _refused(client.fileinfo, details(number, upload.file_id)).code == 5101


def test_unknown_reports_are_5001(client):
    for call in (client.finish, client.retract):
        assert _refused(call, 1).code == 5001
    assert _refused(client.upload, 1, b"bytes").code == 5001
    assert _refused(client.fileinfo, details(1, "ab" * 16)).code == 5001


def test_the_reports_of_others_are_5001(client, connect):
    stranger = connect("quillnet")
    number = stranger.submit(report()).report_id
    theirs = stranger.upload(number, b"bytes").file_id

    for call in (client.finish, client.retract):
        assert _refused(call, number).code == 5001
    assert _refused(client.upload, number, b"bytes").code == 5001
    assert _refused(client.fileinfo, details(number, theirs)).code == 5001
    assert stranger.finish(number).files == (theirs,)


def test_fileinfo_of_an_unknown_file_is_5002(client):
    number = client.submit(report()).report_id
    other = client.upload(client.submit(report()).report_id, b"bytes").file_id

    assert _refused(client.fileinfo, details(number, "ab" * 16)).code == 5002
    assert _refused(client.fileinfo, details(number, other)).code == 5002


def test_a_bare_ampersand_is_4110(client):
    broken = report(after="<additionalInfo>https://a.example/?x=1&y=2</additionalInfo>")
    refusal = _refused(client.submit, broken)

    assert refusal.code == 4110
    assert "Line 1" in refusal.description


def test_a_wrong_password_is_401(connect):
    for username, secret in (("harborline", "wrong"), ("nobody", SECRET), ("harborline", "")):
        wrong = connect(username, secret)
        assert _refused(wrong.status).code == 401
        assert _refused(wrong.submit, report()).code == 401
        assert _refused(wrong.upload, 1, b"bytes").code == 401


def test_every_answer_has_a_request_id_of_its_own(ordered):
    number = ordered.submit(report()).report_id
    ordered.upload(number, b"bytes")
    for call in (ordered.finish, ordered.finish, ordered.retract):
        try:
            call(number)
        except ApiError:
            continue
    ordered.xsd()

    assert len(ordered.request_ids) == len(set(ordered.request_ids)) == 6
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in ordered.request_ids)
