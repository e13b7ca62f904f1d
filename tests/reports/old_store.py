# ruff: noqa: T201 - its output is what the test reads
"""A store as it was before reporters were sealed, and the same store brought to this version.

``python -m tests.reports.old_store old|new NAME`` on the database of the environment; NAME is
what the reporter of each kind of value is called by. ``new`` prints what is there as JSON.
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

from tipline.doors.terminal.starting import load, migrate

BEFORE = [
    ("foundation", "0002_master_keys"),  # its rows are made by today's functions
    ("reports", "0002_first_number"),
    ("intake", "0001_initial"),
    ("entities", "0001_initial"),
    ("enrichment", "0001_initial"),
    ("routing", "0001_initial"),
    ("pipeline", "0001_initial"),
]
#: What stands in the rows of a provider, whose staff are not sealed.
HARBOR = "harbor"
RAW = b'{"told": "%s"}'
ESP = {"reporter": {"reportingPerson": {"email": [{"value": "safety@example.com"}]}}}


def person(name: str) -> dict[str, Any]:
    return {
        "firstName": name,
        "phone": [{"value": "+1 512 555 0188"}],
        "email": [{"value": f"{name}@public.example"}],
        "address": [{"city": name, "state": "TX", "country": "US"}],
    }


def told(name: str) -> dict[str, Any]:
    suspect = {"screenName": "blue.kite"}
    return {"reporter": {"reportingPerson": person(name)}, "personOrUserReported": [suspect]}


class Past:
    """The tables as they were, and rows in them."""

    def __init__(self) -> None:
        from django.db import connection
        from django.db.migrations.executor import MigrationExecutor

        executor = MigrationExecutor(connection)
        executor.migrate(BEFORE)
        self._apps = MigrationExecutor(connection).loader.project_state(BEFORE).apps

    def add(self, room: str, model: str, **values: Any) -> Any:
        return self._apps.get_model(room, model).objects.create(**values)

    def report(self, door: str, state: str, document: Any, **more: Any) -> tuple[Any, bytes]:
        from tipline.ground.foundation import clock
        from tipline.ground.foundation.keys import new_data_key

        key, plain = new_data_key()
        now = clock.now()
        row = self.add(
            "reports", "Report", door=door, state=state, key_id=key.pk,
            opened_at=now, modified_at=now, expires_at=now, ended_at=now,
        )  # fmt: skip
        self.add("reports", "ReportDocument", report=row, document=document, **more)
        return row, plain

    def submission(self, report: Any, plain: bytes, answer: str, name: str) -> None:
        from tipline.ground.foundation import clock, sealing

        raw, now = RAW % name.encode(), clock.now()
        opened = answer == "opened"
        self.add(
            "intake", "Submission", door=report.door, day=now.date(), received_at=now,
            answer=answer, report=report, size=len(raw), sha256=hashlib.sha256(raw).hexdigest(),
            key_id=report.key_id if opened else None,
            raw=sealing.seal(raw, plain) if opened else b"",
        )  # fmt: skip

    def derived(self, report: Any, name: str) -> None:
        from tipline.ground.foundation import clock

        for role, kind, normal in (
            ("reporter", "email", f"{name}@public.example"),
            ("suspect", "screen_name", "blue.kite"),
        ):
            self.add(
                "entities", "Identifier", report=report, kind=kind, normal=normal, role=role,
                path="/report", verified=None,
            )  # fmt: skip
        place = {
            "country": "US", "state": "TX", "county": "Travis County", "city": name,
            "trust": "HIGH", "country_trust": "HIGH", "source": "zip:zipcodes 1", "note": "",
        }  # fmt: skip
        piece = {
            "kind": "address", "role": "reporter", "party": "", "path": "/report", "value": name,
            "place": place, "no_place": "", "time": None,
        }  # fmt: skip
        other = {**piece, "role": "suspect", "value": "Fresno", "place": None}
        self.add(
            "enrichment", "Whereabouts", report=report, version="places-2",
            evidence=[piece, other], at=clock.now(),
        )  # fmt: skip
        digest = hashlib.sha256(name.encode()).hexdigest()
        self.add(
            "pipeline", "StageRun", report=report, stage="enrich", version="places-2",
            input_digest=digest, at=clock.now(),
        )  # fmt: skip


def old(name: str) -> None:
    """The store before: two members of the public, a provider, and one who never finished."""
    from tipline.ground.foundation.keys import destroy_data_key

    past = Past()
    path = "/report/reporter/reportingPerson/email[1]"
    odd = {"code": "bad_form", "path": path, "message": f"Odd: {name}.", "fix": ""}
    rita, key = past.report("public", "finished", told(name), warnings=[odd])
    past.submission(rita, key, "opened", name)
    past.submission(rita, key, "duplicate", name)
    past.derived(rita, name)
    caller, key = past.report("phone", "finished", {"reporter": {"reportingPerson": {}}})
    past.submission(caller, key, "opened", name)
    provider, key = past.report("ispws", "finished", ESP)
    past.submission(provider, key, "opened", HARBOR)
    past.derived(provider, HARBOR)
    gone, key = past.report("phone", "expired", {})
    past.submission(gone, key, "opened", name)
    destroy_data_key(gone.key_id)


def new() -> Any:
    """This version, and what is there now."""
    migrate()
    from tipline.ground.foundation import sealing
    from tipline.ground.foundation.keys import open_data_key
    from tipline.insight.enrichment.queries import evidence_of
    from tipline.insight.entities.models import Identifier
    from tipline.pipeline.models import StageRun
    from tipline.record.intake.models import Submission
    from tipline.record.intake.rules import body_digest
    from tipline.record.reports.models import Report, ReportDocument
    from tipline.record.reports.queries import identity_of

    documents = ReportDocument.objects.order_by("pk")
    told_and_kept = Submission.objects.select_related("key").filter(raw__isnull=False)
    expected = {}
    for row in told_and_kept.exclude(key=None).filter(key__destroyed_at=None):
        key = open_data_key(row.key)
        expected[row.pk] = body_digest(row.door, sealing.unseal(bytes(row.raw), key), key)
    return {
        "documents": list(documents.values_list("document", flat=True)),
        "warnings": list(documents.values_list("warnings", flat=True)),
        "identities": [identity_of(report) for report in Report.objects.order_by("pk")],
        "identifiers": list(
            Identifier.objects.order_by("report", "pk").values_list("report__door", "role")
        ),
        "evidence": [
            [piece.as_json() for piece in evidence_of(row.pk)]
            for row in Report.objects.order_by("pk")
        ],
        "digests": list(StageRun.objects.order_by("report").values_list("input_digest", flat=True)),
        "submissions": [
            [row.door, row.answer, row.sha256, expected.get(row.pk)]
            for row in Submission.objects.order_by("pk")
        ],
    }


def main(command: str, name: str) -> None:
    load()
    if command == "old":
        old(name)
    else:
        print(json.dumps(new()))


if __name__ == "__main__":
    main(*sys.argv[1:])
