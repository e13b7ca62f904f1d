"""The latent truth of a report: what a perfect clearinghouse would find out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC
from typing import Any

from simulator.media.files import Content, OtherFile
from simulator.media.pictures import Picture
from simulator.planning.attachments import Attachment
from simulator.planning.person_elements import shows_ip
from simulator.planning.roster import Roster, Scene
from simulator.planning.story import Story
from simulator.world.people import Person


@dataclass(frozen=True, slots=True)
class FileTruth:
    """One file: ``picture`` names its bytes, ``family`` the drawing that near copies share.

    Both are scoped to one plan. ``kind``: picture, video, transcript, note or empty.
    ``viewed_by_person``: whether somebody really looked, whatever the flag says.
    """

    name: str
    kind: str
    picture: str
    family: str
    change: str
    viewed_flag: bool | None
    viewed_by_person: bool
    public: bool | None


@dataclass(frozen=True, slots=True)
class PlaceTruth:
    """Where somebody in the report lives. ``evidence``: what in the report gives it away."""

    role: str
    person: str
    country: str
    state: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportTruth:
    """The truth behind one planned report.

    ``expected_region``: ``US-CA``, ``IN``, ``US`` (no state) or "" (nowhere), by what the
    report shows of the reported person. ``expected_disposition`` with ``disposition_why``:
    the rule of the domain reference, section 3. ``linked_reports``: plan numbers of the other
    reports about the same person; ``unlinked_reports``: of a stranger at the same address.
    ``case`` and ``endangered``: what is really so, in streams drawn from a population.
    """

    report: int
    esp: str
    scene: str
    incident_type: str
    ending: str
    happened: str
    noticed: str
    time_written: str
    subject: str
    subject_is_minor: bool
    batched_subjects: tuple[str, ...]
    recipients: tuple[str, ...]
    victims: tuple[str, ...]
    shown: tuple[str, ...]
    urgent: bool
    urgent_flagged: bool
    urgency: str
    places: tuple[PlaceTruth, ...]
    expected_region: str
    expected_disposition: str
    disposition_why: str
    linked_reports: tuple[int, ...]
    unlinked_reports: tuple[int, ...]
    files: tuple[FileTruth, ...]
    named_by_digest: str
    case: str = ""
    endangered: bool | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def truth_of(
    roster: Roster, story: Story, files: tuple[Attachment, ...], named: Content | None
) -> ReportTruth:
    """Everything about the report that a test of the clearinghouse may compare with."""
    why = _informational_because(story)
    places = places_of(story)
    return ReportTruth(
        report=story.report,
        esp=story.esp.name,
        scene=story.scene.value,
        incident_type=story.incident_type,
        ending=roster.ending(story.report),
        happened=story.happened.astimezone(UTC).isoformat(),
        noticed=story.noticed.astimezone(UTC).isoformat(),
        time_written="noticed" if story.esp.stamps_detection else "happened",
        subject=story.subject.key,
        subject_is_minor=story.minor,
        batched_subjects=tuple(person.key for person in story.others),
        recipients=tuple(person.key for person in story.recipients),
        victims=tuple(person.key for person in story.victims),
        shown=tuple(sorted(story.shown)),
        urgent=bool(story.urgency),
        urgent_flagged=story.flagged,
        urgency=story.urgency,
        places=places,
        expected_region=region_of(story),
        expected_disposition="informational" if why else "referral",
        disposition_why=why,
        linked_reports=_linked(roster, story.report),
        unlinked_reports=_unlinked(roster, story.report),
        files=tuple(file_truth(file) for file in files),
        named_by_digest=named.key if named else "",
    )


def _informational_because(story: Story) -> str:
    """The first failing test: widely seen without malice, or no place; urgent overrides."""
    if story.urgency:
        return ""
    if story.scene is Scene.VIRAL:
        return "viral_nonmalicious"
    return "no_location_possible" if story.told == "nothing" else ""


def region_of(story: Story) -> str:
    if story.told == "nothing":
        return ""
    place = story.subject.place
    return place.country if story.told == "country" else place.code


def places_of(story: Story) -> tuple[PlaceTruth, ...]:
    evidence = tuple(sorted(story.shown & {"ip", "estimated_location", "address", "phone"}))
    found = [_place("reported", story.subject, evidence)]
    found += [_place("reported", person, ("ip",)) for person in story.others]
    for role, people in (("recipient", story.recipients), ("victim", story.victims)):
        found += [_place(role, one, ("ip",) if shows_ip(role, one) else ()) for one in people]
    return tuple(found)


def _place(role: str, person: Person, evidence: tuple[str, ...]) -> PlaceTruth:
    return PlaceTruth(role, person.key, person.place.country, person.place.state, evidence)


def _linked(roster: Roster, report: int) -> tuple[int, ...]:
    reports = roster.reports_of(roster.subject(report))
    return tuple(other for other in reports if other != report)


def _unlinked(roster: Roster, report: int) -> tuple[int, ...]:
    stranger = roster.report_of_neighbour(roster.subject(report))
    return () if stranger is None else (stranger,)


def file_truth(file: Attachment) -> FileTruth:
    content = file.content
    return FileTruth(
        name=file.name,
        kind=content.kind if isinstance(content, OtherFile) else "picture",
        picture=content.key,
        family=content.family,
        change=content.change if isinstance(content, Picture) else "",
        viewed_flag=file.viewed,
        viewed_by_person=file.viewed_by_person,
        public=file.public,
    )
