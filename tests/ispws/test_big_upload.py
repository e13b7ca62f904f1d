"""A file far larger than memory: streamed, sealed, its digest right, no plaintext on the disk."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest
from tests.ispws.raw import chunked, read_answer
from tests.ispws.serving import Server, serving
from tests.ispws.strict_client import Ordered
from tests.ispws.wire import field_part, file_part, joined, report

MB = 1024 * 1024
CANARY = b"plaintext-canary-9f3b27c1e8d4a650"
MOST_MEMORY = 200 * MB
MOST_WITHOUT_WORKER = 140 * MB
MULTIPART = "multipart/form-data; boundary=b"


class Memory:
    """The most memory that all processes of a server held together, in bytes.

    ``resident``: the plain sum of what each holds, pages that they share counted once for
    each of them. ``shared_once``: the same with those counted once (proportional set size),
    which is what the server takes from the machine. ``growth`` is per process: the largest
    it became in resident memory over what it had at the start. ``spooled``: names seen in the
    folder for temporary files, where careless servers put bodies.
    """

    def __init__(self, server: Server) -> None:
        self._processes = server.processes()
        self._first = {each.pid: each.memory_info().rss for each in self._processes}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.resident = self.shared_once = self.growth = 0
        self._temporary = Path(server.environment["TMPDIR"])
        self.spooled: set[str] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self._look()

    def _watch(self) -> None:
        while not self._ended.wait(0.2):
            self._look()

    def _look(self) -> None:
        self.spooled |= {path.name for path in self._temporary.iterdir()}
        found = {each.pid: each.memory_full_info() for each in self._processes}
        self.shared_once = max(self.shared_once, sum(info.pss for info in found.values()))
        self.resident = max(self.resident, sum(info.rss for info in found.values()))
        grown = max(info.rss - self._first[pid] for pid, info in found.items())
        self.growth = max(self.growth, grown)


def _pieces(size: int) -> Iterator[bytes]:
    """``size`` bytes with the canary in each piece, never twice the same piece."""
    filler = bytes(range(256)) * 4096
    for place in range(size // MB):
        head = CANARY + place.to_bytes(8, "big")
        yield head + filler[len(head) : MB]


def _send(raw, number: int, size: int) -> tuple[object, str]:
    """A chunked upload from a generator: the answer and the MD5 of what was sent."""
    head, tail = joined("b", [field_part("id", str(number)), file_part(b"|", "big.bin")]).split(
        b"|"
    )
    digest = hashlib.md5()
    with raw.connect() as connection:
        connection.settimeout(600)
        connection.sendall(raw.head("upload", MULTIPART, None))
        connection.sendall(chunked([head], whole=False)[0])
        for piece in _pieces(size):
            digest.update(piece)
            connection.sendall(b"%x\r\n" % len(piece) + piece + b"\r\n")
        connection.sendall(chunked([tail])[0] + b"0\r\n\r\n")
        return read_answer(connection), digest.hexdigest()


def _holding(folder: Path, words: bytes) -> list[Path]:
    """Every file below the folder in which these bytes stand."""
    found = []
    for path in filter(Path.is_file, folder.rglob("*")):
        rest = b""
        with path.open("rb") as file:
            while piece := file.read(8 * MB):
                if words in rest + piece:
                    found.append(path)
                    break
                rest = piece[-len(words) :]
    return found


def _prove(server: Server, connect, raw, size: int) -> Memory:
    client = connect()
    number = client.submit(report()).report_id
    with Memory(server) as memory:
        answer, digest = _send(raw, number, size)
        uploaded = Ordered(None).read_response(Ordered(None)._checked(answer))
        assert client.finish(number).files == (uploaded.file_id,)
    assert uploaded.digest == digest
    largest = max(path.stat().st_size for path in (server.home / "objects").rglob("*/*/*"))
    assert size < largest < size * 1.001
    assert _holding(server.home, CANARY) == []
    assert memory.spooled == set()
    return memory


@pytest.mark.both_databases
@pytest.mark.xdist_group("ispws-server")
def test_256_mb_in_constant_memory(server, connect, raw):
    memory = _prove(server, connect, raw, 256 * MB)

    assert memory.growth < 48 * MB
    # The server has served other tests by now; a fresh one is held to more by the proof below.
    assert memory.shared_once < MOST_WITHOUT_WORKER


@pytest.mark.both_databases
@pytest.mark.proof
def test_5_gb_within_200_mb(tmp_path, capsys):
    """The whole deployment as ``serve`` starts it: supervisor, web process and job worker."""
    from tests.ispws.raw import Raw
    from tests.ispws.serving import SECRET
    from tests.ispws.transports import OverHttp

    with serving(tmp_path, worker=True) as server:
        transport = OverHttp(server.base, "harborline", SECRET)
        try:
            memory = _prove(server, lambda: Ordered(transport), Raw(server.address), 5 * 1024 * MB)
        finally:
            transport.close()
        with capsys.disabled():
            print(  # noqa: T201 - a proof tells its figures
                f"\n5 GB upload: all processes {memory.resident // MB} MB resident (what they "
                f"share counted once: {memory.shared_once // MB}), growth {memory.growth // MB} MB"
            )
        assert memory.growth < 64 * MB
        assert memory.resident < MOST_MEMORY


def test_the_search_for_plaintext_finds_it(tmp_path):
    (tmp_path / "folder").mkdir()
    place = tmp_path / "folder" / "file"
    place.write_bytes(b"x" * (8 * MB - 10) + CANARY + b"x" * 100)

    assert _holding(tmp_path, CANARY) == [place]
