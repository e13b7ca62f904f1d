"""What makes a start unsafe is said, one sentence for each reason."""

from __future__ import annotations

import pytest
from tests.personas import file_report, make_world

from tipline.config import checks
from tipline.ground.foundation import clock, keys
from tipline.ground.foundation.models import RetiredKey
from tipline.ground.foundation.origins import second_name
from tipline.ground.foundation.policy import PolicyError, Problem

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(tipline_home):
    return tipline_home


def test_nothing_is_wrong_with_a_fresh_home():
    assert checks.unsafe() == []


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://tips.example.org", True),
        ("http://tips.example.org", False),
        ("http://127.0.0.1:8000", True),
        ("http://localhost", True),
        ("http://[::1]:8000", True),
        ("http://127.0.0.1.example.org", False),
    ],
)
def test_plain_http_stays_on_this_machine(settings, address, safe):
    settings.TIPLINE_PUBLIC_URL = address
    settings.TIPLINE_EVIDENCE_URL = address.replace("://", "://evidence.")
    if safe and "https" not in address:
        settings.TIPLINE_EVIDENCE_URL = second_name(address)
    found = checks.unsafe()
    assert (found == []) is safe
    assert all(" is plain http on a public name" in one for one in found)


@pytest.mark.parametrize(
    ("public", "evidence", "words"),
    [
        ("https://tips.example.org", "https://evidence.example.org", ""),
        ("https://tips.example.org", "https://tips.example.org", "another host name"),
        ("https://tips.example.org", "https://TIPS.example.org", "another host name"),
        ("https://tips.example.org", "https://tips.example.org:8443", "another host name"),
        ("https://tips.example.org", "http://evidence.example.org", "plain http on a public name"),
        ("https://tips.example.org", "http://localhost", "would show no picture"),
        ("http://127.0.0.1:8000", "http://localhost:8000", ""),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8001", "another host name"),
    ],
)
def test_evidence_has_a_name_of_its_own(settings, public, evidence, words):
    settings.TIPLINE_PUBLIC_URL, settings.TIPLINE_EVIDENCE_URL = public, evidence
    found = [one for one in checks.unsafe() if one.startswith("TIPLINE_EVIDENCE_URL")]

    assert len(found) == bool(words)
    assert all(words in one for one in found)


def test_a_key_that_others_can_read(settings):
    keys.ring()
    settings.TIPLINE_KEY_FILE.chmod(0o640)
    [sentence] = checks.unsafe()
    assert sentence == "TIPLINE_KEY_FILE: others can read the file. Run chmod 600 on it."


@pytest.mark.parametrize("content", ["", "not hex", "ab" * 31, "ab" * 33])
def test_a_key_file_that_holds_no_key(settings, content):
    settings.TIPLINE_KEY_FILE.parent.mkdir(parents=True)
    settings.TIPLINE_KEY_FILE.write_text(content)
    settings.TIPLINE_KEY_FILE.chmod(0o600)
    [sentence] = checks.unsafe()
    assert sentence.startswith("TIPLINE_KEY_FILE: The key file master.key must hold exactly 64")
    assert not content or content not in sentence


def test_a_key_that_does_not_open_what_is_there(settings, tmp_path):
    """As after a lost volume: a new key would seal what comes and lose what came."""
    file_report(make_world())
    assert checks.unsafe() == []
    settings.TIPLINE_KEY_FILE = tmp_path / "other" / "master.key"
    [sentence] = checks.unsafe()
    assert sentence.startswith("TIPLINE_KEY_FILE: the database was sealed under another key.")


def test_a_key_that_was_retired_seals_nothing_any_more(settings):
    """As on a machine whose copy of the key file was forgotten."""
    ident = keys.ring().current.ident
    RetiredKey.objects.create(ident=ident, retired_at=clock.now())
    [sentence] = checks.unsafe()
    assert f"The master key {ident} was retired." in sentence


@pytest.mark.parametrize("store", ["s4://bucket", "file://relative", "/plain/path", ""])
def test_a_store_that_is_none(settings, store):
    settings.TIPLINE_STORE = store
    [sentence] = checks.unsafe()
    assert sentence.startswith("TIPLINE_STORE: TIPLINE_STORE must be a file:// address")


@pytest.mark.parametrize("name", ["triage", "gate", "routing"])
def test_a_policy_that_cannot_be_used(monkeypatch, name):
    def broken(*_asked):
        raise PolicyError(f"{name}.toml", [Problem("points", "must be a number")])

    monkeypatch.setattr(checks, f"{name}_policy", broken)
    [sentence] = checks.unsafe()
    assert sentence.startswith(f"The {name} policy cannot be used")
    assert "points: must be a number" in sentence
