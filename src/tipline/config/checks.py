"""What makes a start unsafe. Each sentence names the setting and the fix."""

from __future__ import annotations

import stat
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError

from tipline.delivery.routing.evidence import policy as routing_policy
from tipline.ground.foundation import keyring, keys, sealing
from tipline.ground.foundation.errors import Unavailable
from tipline.ground.foundation.origins import LOOPBACK, origin_of
from tipline.ground.foundation.policy import PolicyError
from tipline.ground.foundation.store import StoreRefuses
from tipline.insight.care.policy import default_policy as care_policy
from tipline.insight.triage.cues.lexicons import shipped as lexicons
from tipline.insight.triage.policy import default_policy as triage_policy
from tipline.record.evidence.gate_policy import default_policy as gate_policy


def unsafe() -> list[str]:
    """All reasons not to start; empty when there is none."""
    return [*_address(), *_evidence_address(), *_keys(), *_data_keys(), *_store(), *_policies()]


def _address() -> list[str]:
    parts = urlsplit(settings.TIPLINE_PUBLIC_URL)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        sentence = (
            "TIPLINE_PUBLIC_URL is plain http on a public name: sessions and reports would "
            "travel in the clear. Use https."
        )
        return [sentence]
    return []


def _evidence_address() -> list[str]:
    """Evidence has a host name of its own: a cookie goes to every port of a name."""
    public = origin_of(settings.TIPLINE_PUBLIC_URL)
    evidence = origin_of(settings.TIPLINE_EVIDENCE_URL)
    if public is None or evidence is None or evidence.host == public.host:
        sentence = (
            "TIPLINE_EVIDENCE_URL must have another host name than TIPLINE_PUBLIC_URL, so that "
            "what criminals sent never comes from the address of the desks. Give this server a "
            "second name, such as https://evidence.example.org."
        )
        return [sentence]
    if evidence.scheme == "http" and evidence.host not in LOOPBACK:
        return ["TIPLINE_EVIDENCE_URL is plain http on a public name. Use https."]
    if (public.scheme, evidence.scheme) == ("https", "http"):
        sentence = (
            "TIPLINE_EVIDENCE_URL is plain http and TIPLINE_PUBLIC_URL is not: browsers would "
            "show no picture. Use https for both."
        )
        return [sentence]
    return []


def _keys() -> list[str]:
    path = Path(settings.TIPLINE_KEY_FILE)
    try:
        keyring.KeyFile(path).ring()
    except (OSError, ValueError) as error:
        return [f"TIPLINE_KEY_FILE: {error}"]
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return ["TIPLINE_KEY_FILE: others can read the file. Run chmod 600 on it."]
    return []


def _data_keys() -> list[str]:
    """A new or another key would seal what comes, and never open what is there."""
    try:
        keys.check_master_key()
    except sealing.Tampered:
        sentence = (
            "TIPLINE_KEY_FILE: the database was sealed under another key. Put that key file "
            "back; without it nothing that was received can be read."
        )
        return [sentence]
    except keys.MasterKeyMissing as error:
        sentence = (
            f"TIPLINE_KEY_FILE: the database was sealed under another key. {error.message} Put "
            "the key file of this deployment here; without it what was received cannot be read."
        )
        return [sentence]
    except (DatabaseError, OSError, ValueError):
        return []  # no tables yet, so nothing was sealed; or no key file, which is said above
    return []


def _store() -> list[str]:
    try:
        keys.store().probe()
    except (OSError, ValueError) as error:
        return [f"TIPLINE_STORE: {error}"]
    except StoreRefuses as error:
        return [f"TIPLINE_STORE: {error.message}"]
    except Unavailable:
        return []  # away for now: everything but files works, and /readyz says so
    return []


def _policies() -> list[str]:
    """The files that ship; a version published here that cannot be read gives way to them."""
    found = []
    policies = (
        ("triage", triage_policy),
        ("gate", lambda: gate_policy(settings.TIPLINE_JURISDICTION)),
        ("routing", routing_policy),
        ("lexicon", lexicons),
        ("care", care_policy),
    )
    for name, load in policies:
        try:
            load()
        except PolicyError as error:
            found.append(f"The {name} policy cannot be used: {error}")
    return found
