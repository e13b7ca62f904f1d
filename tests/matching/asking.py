"""What the tests of picture decoding share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.matching.made import chunks, encoded, picture

SCENE = picture("scene", 150, 200)
DATA = encoded(SCENE)
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def ask(child, data, job="fingerprint", **options):
    """The child's answer about some bytes, handed over in pieces."""
    return getattr(child, job)(chunks(data), len(data), **options)


def peak_memory(child) -> int:
    """The most memory, in bytes, that the running child has had at once."""
    status = Path(f"/proc/{child.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def chunks_of(data):
    """Pieces and size, as a child takes them."""
    return chunks(data), len(data)
