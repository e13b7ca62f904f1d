"""A plan drawn from a population: arrivals, cases, what is sent, and the truth beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from simulator.dice import dice
from simulator.planning.attachments import Attachment
from simulator.planning.planned import PlannedReport
from simulator.planning.story import Story
from simulator.planning.telling import story_told
from simulator.planning.telling_files import files_told
from simulator.planning.truth import ReportTruth, file_truth, places_of, region_of
from simulator.population.arrivals import Arrival, arrivals
from simulator.population.cases import Case
from simulator.population.model import Drawn, Model
from simulator.population.population import Population
from simulator.population.signs_people import is_minor


@dataclass(frozen=True, slots=True)
class Told:
    """A report of a population with all that is behind it."""

    arrival: Arrival
    drawn: Drawn
    planned: PlannedReport


def population_plan(seed: int, reports: int, population: Population) -> Iterator[PlannedReport]:
    """The reports as they are sent, oldest first."""
    model = Model(population)
    for told in told_reports(seed, reports, model):
        yield told.planned


def told_reports(seed: int, reports: int, model: Model) -> Iterator[Told]:
    """So many reports over the whole period of the model's population."""
    population = model.population
    for number, arrival in enumerate(arrivals(seed, reports, population)):
        pick = dice(seed, population.name, "case", number)
        drawn = model.draw(number, arrival.day, pick)
        story = story_told(seed, drawn.sent, arrival, population)
        files = files_told(seed, drawn.sent, story, population)
        truth = truth_told(drawn, story, files)
        yield Told(arrival, drawn, PlannedReport(story, files, None, truth))


def truth_told(drawn: Drawn, story: Story, files: tuple[Attachment, ...]) -> ReportTruth:
    """What is really so. The case stands here and nowhere else."""
    why = _informational_because(drawn.case, story)
    return ReportTruth(
        report=story.report,
        esp=story.esp.name,
        scene=story.scene.value,
        incident_type=story.incident_type,
        ending="finish",
        happened=story.happened.astimezone(UTC).isoformat(),
        noticed=story.noticed.astimezone(UTC).isoformat(),
        time_written="noticed" if story.esp.stamps_detection else "happened",
        subject=story.subject.key,
        subject_is_minor=is_minor(drawn.case),
        batched_subjects=(),
        recipients=tuple(person.key for person in story.recipients),
        victims=tuple(person.key for person in story.victims),
        shown=tuple(sorted(story.shown)),
        urgent=drawn.case.endangered,
        urgent_flagged=story.flagged,
        urgency="",
        places=places_of(story),
        expected_region=region_of(story),
        expected_disposition="informational" if why else "referral",
        disposition_why=why,
        linked_reports=(),
        unlinked_reports=(),
        files=tuple(file_truth(file) for file in files),
        named_by_digest="",
        case=drawn.case.value,
        endangered=drawn.case.endangered,
    )


def _informational_because(case: Case, story: Story) -> str:
    """The first failing test of the domain reference, section 3; danger overrides."""
    if case.endangered:
        return ""
    if case is Case.MISTAKEN:
        return "no_nexus"
    if case is Case.VIRAL:
        return "viral_nonmalicious"
    return "no_location_possible" if story.told == "nothing" else ""
