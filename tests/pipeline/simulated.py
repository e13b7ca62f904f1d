"""Simulated reports, filed and read by the pipeline, each with what its sender could check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.media.files import OtherFile
from simulator.planning.attachments import Attachment
from simulator.planning.plan import PlannedReport, plan
from simulator.world.esps import fictional_esps
from simulator.world.profile_files import profile_named
from tipline.ground.accounts import services as accounts
from tipline.ground.accounts.models import EspCredential
from tipline.ground.accounts.profiles import EspFacts
from tipline.ground.accounts.queries import actor_for_credential
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM, OrganisationKind
from tipline.insight.triage.features import Features, from_json
from tipline.insight.triage.models import Assessment
from tipline.pipeline import stages
from tipline.pipeline.check.rules_check import Draft, Sender
from tipline.record.evidence.contents import Contents
from tipline.record.intake import services as intake
from tipline.record.intake.services import Arrival, Incoming
from tipline.record.reports.doors import Door
from tipline.record.reports.models import Report
from tipline.record.reports.reading import read_file_details, read_report


@dataclass(frozen=True)
class Filed:
    """One report: as it could be checked before, and what the pipeline made of it.

    ``plain``: no file is empty, and none says another type than its name.
    """

    draft: Draft
    sender: Sender
    now: datetime
    features: Features
    result: dict[str, Any]
    plain: bool


@dataclass(frozen=True)
class Planned:
    """A report of the plan as a draft; no store is needed for it."""

    planned: PlannedReport
    draft: Draft
    sender: Sender


def drafts(seed: int, reports: int, profile: str = "demo") -> Iterator[Planned]:
    """What the senders of a simulated stream could have checked."""
    for planned in plan(seed, reports, profile_named(profile)):
        details = tuple(_details(planned, file, 7, "f0f0") for file in planned.files)
        draft = Draft(planned.xml().encode(), details, len(planned.files))
        sender = Sender(EspFacts.from_json(planned.esp.stated()), planned.esp.name)
        yield Planned(planned, draft, sender)


def filed_reports(seed: int, reports: int) -> Iterator[Filed]:
    """Those that are filed in the end, one after the other; makes the ESPs first."""
    credentials = _make_esps()
    for one in drafts(seed, reports):
        if one.planned.ending == "finish":
            yield _file(one, credentials[one.sender.name])


def _make_esps() -> dict[str, EspCredential]:
    made = {}
    for esp in fictional_esps(profile_named("demo")):
        row = accounts.add_organisation(SYSTEM, OrganisationKind.ESP, esp.name)
        accounts.set_esp_profile(SYSTEM, row, esp.stated())
        accounts.issue_credential(SYSTEM, row, esp.slug)
        made[esp.name] = EspCredential.objects.select_related("organisation").get(username=esp.slug)
    return made


def _file(one: Planned, credential: EspCredential) -> Filed:
    actor, planned = actor_for_credential(credential), one.planned
    now = clock.now()
    document = read_report(one.draft.report, strict=False, now=now).document
    arrival = Arrival(Door.ISPWS, one.draft.report, credential.organisation)
    number = intake.submit(actor, arrival, document).number
    report = Report.objects.select_related("sender", "profile", "key").get(pk=number)
    for file in planned.files:
        incoming = Incoming([_content(file)], file.name, _type(planned, file))
        row = intake.receive_file(actor, report, incoming, intake.deposit(incoming))
        xml = _details(planned, file, number, row.file_id)
        said = read_file_details(xml, strict=False, now=now).document
        intake.file_details(actor, report, row.file_id, said)
    intake.finish(actor, report)
    _read(number)
    assessment = Assessment.objects.filter(report=number).latest("pk")
    plain = planned.style.part_type and not any(_is_empty(file) for file in planned.files)
    features = from_json(assessment.facts)
    return Filed(one.draft, one.sender, now, features, assessment.result, plain)


def _read(number: int) -> None:
    """The pipeline up to the assessment, but for fingerprints: these files hold no pictures."""
    report = Report.objects.select_related("sender", "profile", "key").get(pk=number)
    for stage in stages.STAGES:
        if stage.name not in {"fingerprint", "route"}:
            stage.run(Contents(report))


def _details(planned: PlannedReport, file: Attachment, number: int, file_id: str) -> bytes:
    return planned.details_xml(file, str(number), file_id).encode()


def _is_empty(file: Attachment) -> bool:
    return isinstance(file.content, OtherFile) and file.content.kind == "empty"


def _content(file: Attachment) -> bytes:
    """The same few bytes wherever the simulator has the same content."""
    return b"" if _is_empty(file) else repr(file.content).encode()


def _type(planned: PlannedReport, file: Attachment) -> str:
    return file.media_type if planned.style.part_type else ""
