"""Replays, byte by byte, of what each kind of real client sends.

``golden/STYLE/N-call.http`` is one request as it stands on the wire. The report number and the
file id in it are exchanged for those that the server gave; they have the same lengths, so
nothing else changes, lengths of bodies and chunks included. The contents are ours.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tests.ispws.raw import Raw, read_answer
from tests.ispws.strict_client import Guessing, Ordered, parse

pytestmark = [pytest.mark.both_databases, pytest.mark.xdist_group("ispws-server")]

GOLDEN = Path(__file__).parent / "golden"
STYLES = sorted(folder.name for folder in GOLDEN.iterdir() if folder.is_dir())
NUMBER = b"100000001"
FILE_ID = b"aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb"
#: What every style uploads: the head of a picture, then bytes that look like a boundary.
CONTENT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0d0a2d2d6e6f742d612d626f756e646172790d0a00ff"
)


@pytest.mark.parametrize("style", STYLES)
def test_replay(style, server):
    number, file_id = NUMBER, FILE_ID
    calls = sorted((GOLDEN / style).glob("*.http"))
    assert len(calls) == 4
    with Raw(server.address).connect() as connection:  # one connection, kept alive
        for call in calls:
            sent = call.read_bytes().replace(NUMBER, number).replace(FILE_ID, file_id)
            assert len(sent) == call.stat().st_size
            connection.sendall(sent)
            answer = read_answer(connection)
            Ordered(None).check_frame(answer, 200)
            found = [_read(kind, call, answer.content) for kind in (Ordered, Guessing)]
            assert found[0] == found[1]
            assert found[0].code == 0
            number = str(found[0].report_id).encode()
            if "upload" in call.name:
                assert found[0].digest == hashlib.md5(CONTENT).hexdigest()
                file_id = found[0].file_id.encode()
            if "finish" in call.name:
                assert found[0].files == (file_id.decode(),)


def _read(kind, call, content):
    client = kind(None)
    read = client.read_done if "finish" in call.name else client.read_response
    return read(parse(content))


def test_the_contents_of_the_replays_are_what_they_say():
    whole = [call for call in GOLDEN.glob("*/2-upload.http") if call.parent.name != "service"]

    assert len(whole) == len(STYLES) - 1
    for call in whole:
        assert CONTENT in call.read_bytes()
