"""What makes a start unsafe. Each sentence names the setting and the fix."""

from __future__ import annotations

import stat
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from tipline.ground.foundation import keys, sealing
from tipline.insight.triage.services import policy as triage_policy
from tipline.record.evidence.access import policy as gate_policy

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def unsafe() -> list[str]:
    """All reasons not to start; empty when there is none."""
    return [*_address(), *_keys(), *_store(), *_policies()]


def _address() -> list[str]:
    parts = urlsplit(settings.TIPLINE_PUBLIC_URL)
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        sentence = (
            "TIPLINE_PUBLIC_URL is plain http on a public name: sessions and reports would "
            "travel in the clear. Use https."
        )
        return [sentence]
    return []


def _keys() -> list[str]:
    path = Path(settings.TIPLINE_KEY_FILE)
    try:
        sealing.read_or_make_key_file(path)
    except (OSError, ValueError) as error:
        return [f"TIPLINE_KEY_FILE: {error}"]
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return ["TIPLINE_KEY_FILE: others can read the file. Run chmod 600 on it."]
    return []


def _store() -> list[str]:
    try:
        keys.store()
    except (OSError, ValueError) as error:
        return [f"TIPLINE_STORE: {error}"]
    return []


def _policies() -> list[str]:
    found = []
    for name, load in (("triage", triage_policy), ("gate", gate_policy)):
        try:
            load()
        except ValueError as error:
            found.append(f"The {name} policy cannot be used: {error}")
    return found
