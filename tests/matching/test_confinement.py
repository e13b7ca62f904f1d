from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import psutil
import pytest
from tests.matching.asking import DATA, ask, linux_only

from tipline.insight.matching import decoder, pdq

SOURCES = Path(pdq.__file__).parents[3]


def run_in_python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={"PYTHONPATH": str(SOURCES), "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def confined(attempt: str, imports: str = "os") -> str:
    """What becomes of an attempt after shutting in: ``done``, or the error's name."""
    return run_in_python(f"""
        import errno, {imports}
        from tipline.insight.matching import decoder
        decoder.confine()
        try:
            {attempt}
            print("done")
        except MemoryError:
            print("MemoryError")
        except OSError as error:
            print(errno.errorcode[error.errno])
    """)


@pytest.mark.parametrize(
    ("attempt", "imports"),
    [
        ("open('plain', 'wb')", "os"),
        ("open('/etc/hosts', 'rb')", "os"),
        ("os.open('plain', os.O_CREAT | os.O_RDWR)", "os"),
        ("os.pipe()", "os"),
        ("os.dup(1)", "os"),
        ("os.memfd_create('plain')", "os"),
        ("_socket.socket()", "_socket"),
    ],
)
def test_a_confined_process_opens_nothing(attempt, imports, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert confined(attempt, imports) == "EMFILE"
    assert list(tmp_path.iterdir()) == []


def test_a_confined_process_cannot_write_to_a_file_that_it_was_left(tmp_path):
    out = tmp_path / "plain"
    code = """
        import sys
        from tipline.insight.matching import decoder
        decoder.confine()
        sys.stdout.write("plain")
        sys.stdout.flush()
    """
    with out.open("wb") as sink:
        subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code)],
            env={"PYTHONPATH": str(SOURCES)},
            stdout=sink,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    assert out.read_bytes() == b""


def test_memory_beyond_the_limit_is_refused():
    assert confined("bytearray(1 << 30)") == "MemoryError"
    assert confined("bytearray(1 << 20)") == "done"


@linux_only
def test_the_running_child_has_its_limits(child):
    ask(child, DATA)
    process = psutil.Process(child.pid)
    assert process.rlimit(psutil.RLIMIT_NOFILE) == (3, 3)
    assert process.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
    assert process.rlimit(psutil.RLIMIT_CORE) == (0, 0)
    assert process.rlimit(psutil.RLIMIT_AS) == (decoder.MEMORY, decoder.MEMORY)
    assert 0 < process.rlimit(psutil.RLIMIT_CPU)[0] < 300
    status = Path(f"/proc/{child.pid}/status").read_text()
    assert "NoNewPrivs:\t1" in status


@linux_only
@pytest.mark.parametrize("busy", [False, True])
def test_the_child_ends_when_its_parent_goes(busy):
    pid = int(
        run_in_python(f"""
        import os, sys, threading
        sys.path.insert(0, {str(Path(__file__).parents[2])!r})
        from tests.matching.hostile import scan_bomb
        from tipline.insight.matching.pictures import PictureChild
        child = PictureChild()
        child.fingerprint(iter([b"BM" + bytes(90)]), 92)
        print(child.pid, flush=True)
        if {busy}:
            threading.Timer(0.3, os._exit, [0]).start()
            data = scan_bomb()
            child.fingerprint(iter([data]), len(data))
        os._exit(0)
    """)
    )
    left = [psutil.Process(pid)] if psutil.pid_exists(pid) else []
    _gone, alive = psutil.wait_procs(left, timeout=5)
    assert [each for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []


def test_the_decoder_starts_without_the_framework():
    code = """
        import sys
        import tipline.insight.matching.decoder
        print(sorted(name for name in ("django", "tipline.insight.matching.models", "socket",
                                       "asyncio", "cryptography") if name in sys.modules))
    """
    assert run_in_python(code) == "[]"
