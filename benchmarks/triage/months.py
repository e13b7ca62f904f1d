"""A simulated month as the product sees it: read, looked at and judged, report by report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from benchmarks.triage.library import Library, digest_of
from simulator.planning.attachments import Attachment
from simulator.planning.planned import PlannedReport
from simulator.planning.population_plan import Told as SimulatedReport
from simulator.planning.population_plan import told_reports
from simulator.population.model import Model
from simulator.population.population import Population
from tipline.ground.accounts.profiles import EspFacts
from tipline.insight.enrichment.rules import derive
from tipline.insight.triage import facts_told
from tipline.insight.triage.facts_clocks import clocks
from tipline.insight.triage.facts_told import Told, ToldFile
from tipline.insight.triage.features import Features
from tipline.insight.triage.policy import TriagePolicy, default_policy
from tipline.insight.triage.rules_judge import Gathered, judge
from tipline.record.reports.doors import Door
from tipline.record.reports.reading import Reading, read_file_details, read_report

_SIZE = 1000  # bytes of a file: only none or some matters


@dataclass(frozen=True, slots=True)
class Seen:
    """One report of a month. Times are in hours since its beginning.

    ``endangered``, ``circulating`` (every file goes round already) and ``case`` are the truth;
    ``likely``: how likely danger is, by the simulator's own model, given what was sent;
    ``ends``: when evidence is gone, earliest first; ``features``: what the rules saw.
    """

    at: float
    case: str
    endangered: bool
    circulating: bool
    likely: float
    features: Features
    ends: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """``hours``: its length."""

    seed: int
    hours: float
    reports: tuple[Seen, ...]


def month(population: Population, seed: int, reports: int | None = None) -> Month:
    """The month that a seed makes of a population; with fewer ``reports`` for a quick look."""
    model = Model(population)
    start = population.until - timedelta(days=population.days)
    library = Library(seed)
    seen = tuple(
        _seen(told, model, library, start)
        for told in told_reports(seed, reports or population.reports, model)
    )
    return Month(seed, population.days * 24.0, seen)


def _seen(told: SimulatedReport, model: Model, library: Library, start: datetime) -> Seen:
    now, planned = told.arrival.at, told.planned
    report = read_as_told(planned, now)
    digests = frozenset(file.sha256 for file in report.files)
    features = features_of(report, library)
    origins = {values["origin"] for values in told.drawn.sent.files}
    library.take(planned.esp.name, digests, now, viral=origins == {"viral"})
    return Seen(
        at=_hours(now - start),
        case=told.drawn.case.key,
        endangered=told.drawn.case.endangered,
        circulating=bool(origins) and origins <= {"known", "viral"},
        likely=model.danger(told.drawn.sent),
        features=features,
        ends=tuple(
            sorted(_hours(c.ends - start) for c in clocks(report, default_policy().rules.clocks))
        ),
    )


def _hours(span: timedelta) -> float:
    return span / timedelta(hours=1)


def read_as_told(planned: PlannedReport, now: datetime) -> Told:
    """The documents as they go over the wire, through the product's own reader.

    Files' own digests are left out of their documents: no rule reads them, and each would cost
    the drawing of a picture.
    """
    document = _accepted(read_report(planned.xml().encode(), strict=False, now=now))
    files = [_file(planned, file, now) for file in planned.files]
    details = [file.details for file in files]
    return Told(
        document=document.document,
        files=files,
        esp=EspFacts.from_json(planned.esp.stated()),
        door=Door.ISPWS,
        sender=planned.esp.name,
        filed=now,
        now=now,
        places=derive(document.document, details),
    )


def _file(planned: PlannedReport, file: Attachment, now: datetime) -> ToldFile:
    text = planned.details_xml(replace(file, hashes=()), "1", f"{file.number:032x}")
    details = _accepted(read_file_details(text.encode(), strict=False, now=now))
    return ToldFile(digest_of(file.content.key), _SIZE, file.media_type, details.document)


def _accepted(reading: Reading) -> Reading:
    if not reading.accepted:
        raise ValueError(f"the simulator wrote what the reader refuses: {reading.problems[0]}")
    return reading


def features_of(report: Told, library: Library) -> Features:
    """What the pipeline would gather: the report's own facts, and what we know of its files."""
    digests = frozenset(file.sha256 for file in report.files)
    known = frozenset(digest for digest in digests if library.is_known(digest))
    listed = bool(digests) and all(library.is_listed(one, report.now) for one in digests)
    viewed = any(said.viewed for said in report.file_facts)
    return Features(
        **{
            **facts_told.told(report),
            "known_files": len(known),
            "new_files": len(digests - known),
            "novel_viewed": facts_told.novel_viewed(report, known),
            "all_files_on_viral_list": listed,
            "unviewed_meme": listed and not viewed,
            "duplicates": library.sent_before(report.sender, digests),
        }
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """What the policy says: the band's name, the danger points, and the disposition."""

    band: str
    danger: int
    informational: bool


def judged(seen: Seen, policy: TriagePolicy, now: datetime) -> Judged:
    """The report as the policy judges it. Only danger orders; clocks stand beside it."""
    gathered = Gathered(seen.features, (), 0, 0, 0, 0, "")
    result = judge(gathered, now, policy)
    danger = result["danger"]
    return Judged(danger["band"], danger["value"], result["disposition"] == "informational")
