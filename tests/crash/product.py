# ruff: noqa: T201 - its output is what the test reads
"""What the tests ask of the product from inside, as processes of their own.

``python -m tests.crash.product COMMAND`` with JSON on stdin where the command takes any; the
last line of stdout is JSON.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from tipline.doors.terminal.starting import load, migrate

ANALYST, PASSWORD = "ana", "a long test password"
INVESTIGATORS = ("US-FEDERAL", "US-CA", "US-TX")


def make() -> Any:
    """The database, and the accounts of a stream: ``{sender: [user name, secret]}``."""
    migrate()
    from tests.crash.client import PROFILE

    from simulator.world.esps import fictional_esps
    from tipline.ground.accounts import services
    from tipline.ground.accounts.roles import Role
    from tipline.ground.foundation.actor import SYSTEM, OrganisationKind

    made = {}
    for esp in fictional_esps(PROFILE):
        row = services.add_organisation(SYSTEM, OrganisationKind.ESP, esp.name)
        services.set_esp_profile(SYSTEM, row, esp.stated())
        issued = services.issue_credential(SYSTEM, row, esp.slug)
        made[esp.name] = [issued.username, issued.secret]
    house = services.add_organisation(SYSTEM, OrganisationKind.CLEARINGHOUSE, "Clearinghouse")
    people = [(ANALYST, Role.ANALYST, house)]
    for area in INVESTIGATORS:
        agency = services.add_organisation(SYSTEM, OrganisationKind.AGENCY, f"Unit {area}")
        services.set_agency_profile(SYSTEM, agency, {"areas": [area]})
        people.append((area, Role.INVESTIGATOR, agency))
    for name, role, organisation in people:
        services.add_person(
            SYSTEM,
            username=name,
            name=name,
            role=role,
            organisation=organisation,
            password=PASSWORD,
        )
    return made


def overdue() -> Any:
    """Make abandoned reports (their numbers on stdin) due to expire; how many."""
    from tipline.ground.foundation import clock
    from tipline.ground.foundation.transactions import write_tx
    from tipline.record.reports.models import Report

    with write_tx():
        rows = Report.objects.filter(pk__in=json.load(sys.stdin), state=Report.State.OPEN)
        return rows.update(expires_at=clock.now())


def answer(wanted: str) -> None:
    """Answer so many referrals, each with its retry key; one line for each acknowledged.

    On stdin: the keys that were acknowledged before, which are not asked again.
    """
    from tipline.delivery.cases.services import answer as record_answer

    known, done, until = set(json.load(sys.stdin)), 0, time.monotonic() + 120
    while done < int(wanted) and time.monotonic() < until:
        for actor, row, key in _open_referrals(known):
            form = {"status": "ongoing", "useful": True}
            outcome = record_answer(actor, row, form, retry_key=key)
            sent = {"key": key, "report": row.report_id, "outcome": outcome.pk}
            print(json.dumps(sent), flush=True)
            known.add(key)
            if (done := done + 1) == int(wanted):
                return
        time.sleep(0.05)
    raise SystemExit("there were not enough referrals to answer")


def _open_referrals(known: set[str]) -> Any:
    from tipline.delivery.routing.queries import referrals_for
    from tipline.ground.accounts.models import Person
    from tipline.ground.accounts.queries import actor_for

    for person in Person.objects.select_related("organisation").order_by("pk"):
        actor = actor_for(person)
        for row in referrals_for(actor)[:20]:
            key = f"answer-{row.pk}"
            if key not in known:
                yield actor, row, key


def deposit(mebibytes: str) -> Any:
    """Put so much into the vault, with no row that will ever name it."""
    from tipline.record.evidence import vault

    return vault.deposit(bytes(1 << 20) for _each in range(int(mebibytes))).object_name


def check() -> Any:
    """Have a worker check the vault, every byte of it; one that is under way is as good."""
    from tipline.ground.foundation.actor import SYSTEM
    from tipline.ground.foundation.errors import Conflict
    from tipline.record.evidence.checking.services import ask

    try:
        return ask(SYSTEM, full=True).pk
    except Conflict:
        return True


def findings() -> Any:
    """Compare the journal on stdin with what is there (see ``findings.py``)."""
    from tests.crash.findings import compare

    return compare(json.load(sys.stdin))


def main(command: str, *words: str) -> None:
    load()
    if command == "answer":
        answer(*words)
    else:
        commands = (make, overdue, findings, deposit, check)
        named = {one.__name__: one for one in commands}
        print(json.dumps(named[command](*words)))


if __name__ == "__main__":
    main(*sys.argv[1:])
