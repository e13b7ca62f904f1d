# ruff: noqa: T201 - a command for tests, which reads what it prints
"""Makes the ESPs of a server under test: ``python -m tests.ispws.accounts NAME...``."""

from __future__ import annotations

import sys

from tipline.doors.terminal.starting import load, migrate

SECRET = "a-long-generated-secret"


def main(names: list[str]) -> None:
    """One ESP and one machine account of each name, in the deployment of this environment."""
    load()
    migrate()
    from tipline.ground.accounts import services
    from tipline.ground.foundation.actor import SYSTEM, OrganisationKind
    from tipline.ground.foundation.transactions import write_tx

    with write_tx():
        for name in names:
            esp = services.add_organisation(SYSTEM, OrganisationKind.ESP, name.title())
            services.issue_credential(SYSTEM, esp, name, SECRET)
    print("made", *names)


if __name__ == "__main__":
    main(sys.argv[1:])
