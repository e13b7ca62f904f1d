"""The plan: every report that will be sent, and the truth behind it, from a seed."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.media.files import content_bytes
from simulator.planning.attachments import Attachment, attachments_of, hash_only
from simulator.planning.planned import PlannedReport
from simulator.planning.population_plan import population_plan
from simulator.planning.roster import Roster
from simulator.planning.story import story_of
from simulator.planning.truth import truth_of
from simulator.population.population import Population
from simulator.world.profiles import Profile

__all__ = ["PlannedReport", "file_bytes", "plan", "planned_report"]


def plan(seed: int, reports: int, profile: Profile | Population) -> Iterator[PlannedReport]:
    """The reports of a simulated stream, in the order in which they are sent.

    The same arguments give the same reports, files and truth, byte for byte. No network,
    clock or state; memory is a few numbers per report, pictures are drawn late.
    """
    if isinstance(profile, Population):
        yield from population_plan(seed, reports, profile)
        return
    roster = Roster(seed, reports, profile)
    for number in range(reports):
        yield planned_report(roster, number)


def planned_report(roster: Roster, number: int) -> PlannedReport:
    """One report of a plan, without working out the ones before it."""
    story = story_of(roster, number)
    files = attachments_of(roster, story)
    named = hash_only(roster, story)
    return PlannedReport(story, files, named, truth_of(roster, story, files, named))


def file_bytes(file: Attachment) -> bytes:
    """The bytes of a file, drawn now."""
    return content_bytes(file.content)
