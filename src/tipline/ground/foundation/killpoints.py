"""Named points at which a test may kill this very process.

``TIPLINE_KILL_AT=upload.renamed:3`` ends the process with SIGKILL when the named point is
passed for the third time, and says so on stderr. Every name stands in :data:`KILL_POINTS`, so
that the crash tests can walk all of them and none is forgotten.
"""

from __future__ import annotations

import os
import signal
import threading

KILL_POINTS = frozenset(
    {
        "store.written",  # bytes are in the temporary file, not yet synced
        "store.renamed",  # the object has its name, no row knows it
        "submit.before_commit",
        "submit.committed",
        "upload.before_commit",
        "upload.committed",
        "fileinfo.committed",
        "finish.before_commit",
        "finish.committed",
        "retract.committed",
        "outcome.committed",
        "job.claimed",
        "job.done_before_finish",
        "stage.fingerprinted",
        "stage.matched",
        "stage.listed",
        "stage.assessed",
        "stage.reviewed",
        "stage.routed",
        "seal.before_commit",
        "expiry.before_commit",
        "index.written",  # a segment is on the disk under no name, not synced
        "index.renamed",  # it has its name, no list knows it
        "index.listed",  # the new list is on the disk, the old one counts
        "index.replaced",  # the new list counts, old segments are still there
        "destroy.deleted",  # the bytes are gone, their row does not say so yet
        "vault.before_commit",  # a step of the vault's check is done, not committed
        "rewrap.before_commit",  # a page of data keys is wrapped anew, not committed
    }
)

_hits: dict[str, int] = {}
_lock = threading.Lock()


def kill_point(name: str) -> None:
    """Die here if the environment asks for it; otherwise cost nearly nothing."""
    wanted = os.environ.get("TIPLINE_KILL_AT")
    if not wanted:
        return
    if name not in KILL_POINTS:
        raise ValueError(f"{name!r} is not in KILL_POINTS")
    point, _, count = wanted.partition(":")
    if point != name:
        return
    with _lock:
        _hits[name] = _hits.get(name, 0) + 1
        due = _hits[name] >= int(count or 1)
    if due:
        os.write(2, f"tipline: killed at {name}\n".encode())
        os.kill(os.getpid(), signal.SIGKILL)
