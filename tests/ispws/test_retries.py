"""A retry with the same Idempotency-Key has one effect, however often it comes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from tests.ispws.strict_client import ApiError
from tests.ispws.wire import report

pytestmark = [pytest.mark.both_databases, pytest.mark.xdist_group("ispws-server")]
CALLERS = 8
COUNTS = "SELECT answer, count(*) FROM intake_submission WHERE report_id = {} GROUP BY answer"


def _keyed():
    return {"headers": {"Idempotency-Key": f"retry-{uuid4()}"}}


def _at_once(connect, call):
    """The same call from eight connections at the same time."""
    clients = [connect() for _ in range(CALLERS)]
    with ThreadPoolExecutor(CALLERS) as pool:
        return list(pool.map(call, clients))


def test_eight_submissions_at_once_open_one_report(connect, server):
    key, xml = _keyed(), report()
    answers = _at_once(connect, lambda client: client.submit(xml, **key))

    numbers = {answer.report_id for answer in answers}
    assert len(numbers) == 1
    found = dict(server.rows(COUNTS.format(*numbers)))
    assert found == {"opened": 1, "duplicate": CALLERS - 1}


def test_eight_uploads_at_once_are_one_file(connect, server):
    client, key, content = connect(), _keyed(), b"the same bytes" * 10_000
    number = client.submit(report()).report_id
    before = len(server.objects())

    answers = _at_once(connect, lambda each: each.upload(number, content, **key))

    assert len({answer.file_id for answer in answers}) == 1
    assert len(server.objects()) == before + 1  # seven deposits were taken back
    assert client.finish(number).files == (answers[0].file_id,)


def test_eight_finishes_at_once_file_the_report_once(connect, server):
    number = connect().submit(report()).report_id

    def finish(client):
        try:
            return client.finish(number).code
        except ApiError as refusal:
            return refusal.code

    assert sorted(_at_once(connect, finish)) == [0] + [5102] * (CALLERS - 1)
    jobs = f"SELECT count(*) FROM foundation_job WHERE CAST(payload AS text) LIKE '%{number}%'"
    assert server.rows(jobs) == [(1,)]


def test_finish_and_retract_at_once_have_one_winner(connect):
    for _ in range(5):
        number = connect().submit(report()).report_id

        def end(pair, number=number):
            client, verb = pair
            try:
                return getattr(client, verb)(number).code
            except ApiError as refusal:
                return refusal.code

        pairs = [(connect(), verb) for verb in ("finish", "retract") * 2]
        with ThreadPoolExecutor(len(pairs)) as pool:
            codes = list(pool.map(end, pairs))

        assert codes.count(0) == 1
        winner = pairs[codes.index(0)][1]
        assert set(codes) - {0} == {5102 if winner == "finish" else 5101}


def test_an_upload_racing_with_finish_is_in_the_list_or_refused(connect):
    for _ in range(5):
        number = connect().submit(report()).report_id
        uploader, finisher = connect(), connect()
        with ThreadPoolExecutor(2) as pool:
            sending = pool.submit(uploader.upload, number, b"x" * 50_000)
            done = pool.submit(finisher.finish, number).result()
            error = sending.exception()
        if error is None:
            assert done.files == (sending.result().file_id,)
        else:
            assert isinstance(error, ApiError)
            assert error.code == 5102
            assert done.files == ()


def test_without_a_key_two_submissions_are_two_reports(client):
    assert client.submit(report()).report_id != client.submit(report()).report_id


def test_a_key_holds_after_the_report_was_finished_and_for_its_files_too(client):
    submit_key, file_key = _keyed(), _keyed()
    number = client.submit(report(), **submit_key).report_id
    file_id = client.upload(number, b"x", **file_key).file_id
    client.finish(number)

    assert client.submit(report(), **submit_key).report_id == number
    assert client.upload(number, b"x", **file_key).file_id == file_id


def test_a_key_with_another_body_is_refused(client, server):
    key, file_key = _keyed(), _keyed()
    number = client.submit(report(), **key).report_id
    client.upload(number, b"one", **file_key)
    before = server.objects()

    for call in (
        lambda: client.submit(report(after="<additionalInfo>x</additionalInfo>"), **key),
        lambda: client.upload(number, b"two", **file_key),
    ):
        with pytest.raises(ApiError) as refusal:
            call()
        assert refusal.value.code == 4000
        assert "retry key" in refusal.value.description
    assert server.objects() == before
    assert len(client.finish(number).files) == 1


def test_keys_of_two_esps_and_of_two_reports_are_strangers(connect):
    key = _keyed()
    ours, theirs = connect().submit(report(), **key), connect("quillnet").submit(report(), **key)
    assert ours.report_id != theirs.report_id

    other = connect().submit(report())
    files = [connect().upload(each.report_id, b"x", **key) for each in (ours, other)]
    assert files[0].file_id != files[1].file_id


def test_a_refused_submission_does_not_use_up_its_key(client):
    key = _keyed()
    with pytest.raises(ApiError):
        client.submit(b"<report>", **key)

    assert client.submit(report(), **key).report_id
