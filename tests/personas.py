"""The people of the tests, and the records they work on. Every test reads as a story.

At the clearinghouse: Ana is an analyst, Sofia a supervisor and Silas another one, Adam an
administrator. At the ESP Harborline: Enzo the engineer, and the machine account ``harborline``;
at the ESP Quillnet: Qadir, and ``quillnet``. Ines investigates for the agency of California,
Tomas for that of Texas; Fay works the federal queue.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tipline.ground.accounts import services as accounts
from tipline.ground.accounts.models import EspCredential, Organisation, Person
from tipline.ground.accounts.queries import actor_for, actor_for_credential
from tipline.ground.accounts.roles import Role
from tipline.ground.foundation.actor import SYSTEM, Actor, OrganisationKind
from tipline.record.intake import services as intake
from tipline.record.intake.services import Arrival, Incoming
from tipline.record.reports.doors import Door
from tipline.record.reports.models import Report

PASSWORD = "correct horse battery"
SECRET = "a-long-generated-secret"
VIEWED = {
    "viewed_means": "this_upload_by_person_before_reporting",
    "times_mean": "zoned",
    "retention_days": {"account": 90, "access_logs": 30},
    "legal_process_address": "1 Harbor Way, Springfield",
    "emergency_contact": "+1 415 555 0100",
}


@dataclass
class World:
    """Everybody, by first name; organisations by name."""

    people: dict[str, Person] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    credentials: dict[str, EspCredential] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        return actor_for(self.people[name])

    def machine(self, name: str) -> Actor:
        return actor_for_credential(self.credentials[name])


def basic(username: str, secret: str = SECRET) -> dict[str, str]:
    """The Authorization header of a machine account, for Django's test client."""
    token = base64.b64encode(f"{username}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {token}"}


_ORGANISATIONS = (
    ("Clearinghouse", OrganisationKind.CLEARINGHOUSE),
    ("Harborline", OrganisationKind.ESP),
    ("Quillnet", OrganisationKind.ESP),
    ("California ICAC", OrganisationKind.AGENCY),
    ("Texas ICAC", OrganisationKind.AGENCY),
    ("Federal queue", OrganisationKind.AGENCY),
)
_PEOPLE = (
    ("ana", Role.ANALYST, "Clearinghouse"),
    ("sofia", Role.SUPERVISOR, "Clearinghouse"),
    ("silas", Role.SUPERVISOR, "Clearinghouse"),
    ("adam", Role.ADMINISTRATOR, "Clearinghouse"),
    ("enzo", Role.ESP_ENGINEER, "Harborline"),
    ("qadir", Role.ESP_ENGINEER, "Quillnet"),
    ("ines", Role.INVESTIGATOR, "California ICAC"),
    ("tomas", Role.INVESTIGATOR, "Texas ICAC"),
    ("fay", Role.INVESTIGATOR, "Federal queue"),
)
_AREAS = {"California ICAC": ["US-CA"], "Texas ICAC": ["US-TX"], "Federal queue": ["US-FEDERAL"]}


def make_world() -> World:
    """Everybody, made through the services that a deployment uses."""
    world = World()
    for name, kind in _ORGANISATIONS:
        world.organisations[name] = accounts.add_organisation(SYSTEM, kind, name)
    for name, areas in _AREAS.items():
        accounts.set_agency_profile(SYSTEM, world.organisations[name], {"areas": areas})
    accounts.set_esp_profile(SYSTEM, world.organisations["Harborline"], VIEWED)
    for name, esp in (("harborline", "Harborline"), ("quillnet", "Quillnet")):
        accounts.issue_credential(SYSTEM, world.organisations[esp], name, SECRET)
        world.credentials[name] = EspCredential.objects.select_related("organisation").get(
            username=name
        )
    for name, role, organisation in _PEOPLE:
        world.people[name] = accounts.add_person(
            SYSTEM,
            username=name,
            name=name.title(),
            role=role,
            organisation=world.organisations[organisation],
            password=PASSWORD,
        )
    return world


#: A complete report document about a reported person in California, as the doors produce it.
#: The address is one that the vendored data places in California.
DOCUMENT: dict[str, Any] = {
    "incidentSummary": {
        "incidentType": "Child Pornography (possession, manufacture, and distribution)",
        "incidentDateTime": "2026-11-20T10:00:00Z",
    },
    "reporter": {"reportingPerson": {"email": [{"value": "safety@example.com"}]}},
    "personOrUserReported": [
        {
            "personOrUserReportedPerson": {
                "email": [{"value": "subject@example.org", "verified": True}],
                "address": [{"city": "Fresno", "state": "CA", "country": "US"}],
            },
            "espIdentifier": "user-1001",
            "screenName": "blue.kite",
            "ipCaptureEvent": [
                {
                    "ipAddress": "169.229.216.200",
                    "eventName": "Upload",
                    "dateTime": "2026-11-20T09:58:00Z",
                    "port": 50123,
                }
            ],
        }
    ],
}


def file_report(
    world: World,
    *,
    esp: str = "harborline",
    document: Mapping[str, Any] = DOCUMENT,
    files: Sequence[tuple[bytes, Mapping[str, Any]]] = (),
    finished: bool = True,
) -> Report:
    """A report of an ESP with files (bytes, details), filed unless told otherwise.

    Nothing is computed yet: run ``tipline.pipeline.stages.run(report.pk)`` for that.
    """
    actor = world.machine(esp)
    sender = world.credentials[esp].organisation
    number = intake.submit(actor, Arrival(Door.ISPWS, b"<report/>", sender), document).number
    report = Report.objects.select_related("sender", "profile", "key").get(pk=number)
    for place, (content, details) in enumerate(files, start=1):
        incoming = Incoming([content], f"picture-{place}.png", "image/png")
        file = intake.receive_file(actor, report, incoming, intake.deposit(incoming))
        said = {"reportId": number, "fileId": file.file_id, **details}
        intake.file_details(actor, report, file.file_id, said)
    if finished:
        intake.finish(actor, report)
        report.refresh_from_db()
    return report
