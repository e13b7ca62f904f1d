# ruff: noqa: T201 - its output is what the test reads
"""A store from before data keys said which master key wraps them, and the same one upgraded.

``python -m tests.custody.old_keys old|new`` on the database of the environment; each prints what
the test compares, as JSON.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
from pathlib import Path
from typing import Any

from tipline.doors.terminal.starting import load, migrate

SECRET = "an old secret of a machine account"
PLAIN = bytes(range(32))
BEFORE = [("foundation", "0001_initial"), ("accounts", "0001_initial")]


def old() -> Any:
    from django.conf import settings
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from tipline.ground.foundation import clock, sealing

    MigrationExecutor(connection).migrate(BEFORE)
    apps = MigrationExecutor(connection).loader.project_state(BEFORE).apps
    now = clock.now()
    master = sealing.read_or_make_key_file(Path(settings.TIPLINE_KEY_FILE))
    derived = hmac.new(master, b"esp-credentials", hashlib.sha256).digest()
    home = apps.get_model("accounts", "Organisation").objects.create(
        kind="esp", name="Harborline", created_at=now
    )
    apps.get_model("accounts", "EspCredential").objects.create(
        organisation=home,
        username="harborline",
        secret_mac=hmac.new(derived, SECRET.encode(), hashlib.sha256).hexdigest(),
        created_at=now,
    )
    keys = apps.get_model("foundation", "DataKey").objects
    keys.create(wrapped=sealing.wrap(PLAIN, master, "data-key"), created_at=now)
    keys.create(wrapped=None, created_at=now, destroyed_at=now)
    return {}


def new() -> Any:
    """Upgraded, then rotated, wrapped anew, and the old master key retired."""
    migrate()
    from tipline.ground.accounts.queries import credential
    from tipline.ground.accounts.services import credential_matches
    from tipline.ground.custody import rewrapping, services
    from tipline.ground.custody.queries import standing
    from tipline.ground.foundation import keys
    from tipline.ground.foundation.actor import SYSTEM
    from tipline.ground.foundation.models import DataKey

    def state() -> dict[str, Any]:
        found = standing(SYSTEM)
        return {
            "opens": keys.open_data_key(DataKey.objects.order_by("pk")[0]) == PLAIN,
            "matches": credential_matches(credential("harborline"), SECRET),
            "other": credential_matches(credential("harborline"), SECRET + "x"),
            "unnamed": found.unnamed,
            "waiting": found.waiting,
            "keys": len(found.lines),
        }

    keys.check_master_key()
    upgraded, old_master = state(), keys.ring().current
    services.rotate(SYSTEM)
    rewrapping.run_here(lambda _count: None)
    services.retire(SYSTEM, old_master.ident)
    return {"upgraded": upgraded, "rotated": state()}


def main(deed: str) -> None:
    load()
    print(json.dumps({"old": old, "new": new}[deed]()))


if __name__ == "__main__":
    main(sys.argv[1])
