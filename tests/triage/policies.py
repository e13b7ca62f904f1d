"""Made-up policies: any points, caps, bands and tests that a file may give."""

from __future__ import annotations

from hypothesis import strategies as st

from tipline.ground.foundation.policy import parse
from tipline.ground.taxonomy.incidents import IncidentType
from tipline.insight.triage.policy import (
    Bands,
    BundleRules,
    ClockRules,
    DecayRules,
    DispositionRules,
    RecordRules,
    ScoreRules,
    TriageRules,
    validate,
)
from tipline.insight.triage.rules_signs import GRAVEST_FIRST, Limits
from tipline.insight.triage.rules_terms import ACTIONABILITY, DANGER, MAY_BE_URGENT, Direction
from tipline.insight.triage.rules_text import Header, as_toml

CLASSES = [f"industry_{code.lower()}" for code in GRAVEST_FIRST]


def _points(terms):
    return st.fixed_dictionaries(
        {
            sign: st.integers(0, 60) if term.direction is Direction.RAISES else st.integers(-60, 0)
            for sign, term in terms.items()
        }
    ).map(_in_order)


def _in_order(points):
    """Graver classes have no fewer points."""
    sizes = sorted((points[sign] for sign in CLASSES if sign in points), reverse=True)
    return {**points, **dict(zip(CLASSES, sizes, strict=False))}


@st.composite
def _score(draw, terms, *, urgent):
    lowest, highest = draw(st.integers(-40, 0)), draw(st.integers(10, 200))
    steps = st.integers(lowest + 1, highest)
    count = 3 if urgent else 2
    levels = sorted(draw(st.lists(steps, min_size=count, max_size=count, unique=True)))
    groups = sorted({term.group for term in terms.values() if term.direction is Direction.RAISES})
    caps = draw(st.dictionaries(st.sampled_from(groups), st.integers(0, 90), max_size=len(groups)))
    bands = Bands(medium=levels[0], high=levels[1], urgent=levels[2] if urgent else None)
    return ScoreRules(draw(_points(terms)), dict(sorted(caps.items())), lowest, highest, bands)


@st.composite
def _also(draw):
    """Signs that are urgent as well: of the classes, the gravest ones only."""
    others = [sign for sign in MAY_BE_URGENT if sign not in CLASSES]
    some = draw(st.lists(st.sampled_from(others), unique=True, max_size=4))
    return (*some, *CLASSES[: draw(st.integers(0, 4))])


@st.composite
def _decay(draw):
    days = sorted(draw(st.sets(st.integers(0, 400), min_size=1, max_size=6)))
    most = st.integers(0, 100)
    points = sorted(draw(st.lists(most, min_size=len(days), max_size=len(days))), reverse=True)
    points[0] = max(points[0], 5)
    alarms = sorted(draw(st.sets(st.integers(0, 60), max_size=3)))
    return DecayRules(
        tuple(zip(days, points, strict=True)), tuple(alarms), Bands(high=points[0], medium=1)
    )


@st.composite
def rules(draw):
    """Any rules that a valid file may hold."""
    no_nexus = [IncidentType.MISLEADING_DOMAIN, IncidentType.MISLEADING_WORDS]
    return TriageRules(
        danger=draw(_score(DANGER, urgent=True)),
        actionability=draw(_score(ACTIONABILITY, urgent=False)),
        decay=draw(_decay()),
        disposition=DispositionRules(
            draw(st.frozensets(st.sampled_from(no_nexus))),
            tuple(sorted(draw(st.sets(st.sampled_from(["spam", "esp_informational"]))))),
            draw(st.booleans()),
        ),
        also_urgent=draw(_also()),
        limits=Limits(draw(st.integers(1, 18)), draw(st.integers(1, 3000))),
        bundles=BundleRules(
            draw(st.integers(2, 1000)),
            draw(st.integers(2, 1000)),
            draw(st.sampled_from([1, 2, 3, 4, 6, 8, 12, 24])),
            draw(st.integers(1, 168)),
        ),
        clocks=ClockRules(draw(st.integers(0, 3650)), draw(st.integers(0, 3650))),
        record=RecordRules(
            draw(st.integers(1, 500)), draw(st.integers(51, 100)), draw(st.integers(0, 50))
        ),
    )


HEADER = Header("made-up", "1", "US")


def text_of(made, *, version="1"):
    return as_toml(Header("made-up", version, "US"), made)


def policies():
    """Any policy, by way of its file: what is drawn is what a supervisor could publish."""
    return rules().map(lambda made: parse(text_of(made).encode(), "made-up.toml", validate))
