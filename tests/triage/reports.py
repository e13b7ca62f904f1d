"""Made-up features: any combination of known and unknown facts, and steps upwards."""

from __future__ import annotations

from dataclasses import fields, replace

from hypothesis import strategies as st

from tipline.ground.taxonomy.files import FileAnnotation, IndustryClassification
from tipline.ground.taxonomy.incidents import IncidentType, ReportAnnotation
from tipline.ground.taxonomy.levels import Disposition, Level
from tipline.insight.triage.features import Cue, CueKind, Features, Label
from tipline.insight.triage.rules_terms import ALWAYS_URGENT, DANGER

SETS = {
    "annotations": list(ReportAnnotation),
    "file_annotations": list(FileAnnotation),
    "industry_classes": list(IndustryClassification),
    "labels": list(Label),
    "urgent_refuted": sorted({*ALWAYS_URGENT, *DANGER}),
}
COUNTS = {field.name for field in fields(Features) if "int" in str(field.type)} - {"victim_age"}
FLAGS = {field.name for field in fields(Features) if str(field.type) == "bool | None"}
OTHERS = {
    "incident_type": st.sampled_from(IncidentType),
    "analyst_level": st.sampled_from(Level),
    "disposition_judged": st.sampled_from(Disposition),
    "victim_age": st.integers(0, 17),
    "hours_since_incident": st.floats(0, 24 * 1000),
}
CUES = st.builds(
    Cue,
    kind=st.sampled_from(CueKind),
    words=st.text("añß «x» 0", max_size=9),
    path=st.just("/report/additionalInfo"),
    language=st.sampled_from(["en", "es", "fr", "pt"]),
    role=st.just("incident"),
)


def _values(name):
    if name in SETS:
        return st.frozensets(st.sampled_from(SETS[name]), max_size=3)
    if name == "cues":
        return st.lists(CUES, max_size=2).map(tuple)
    if name in OTHERS:
        return st.none() | OTHERS[name]
    if name in COUNTS:
        return st.none() | st.integers(0, 3)
    return st.none() | st.booleans()


def features(**fixed):
    """Any features; ``fixed`` names fields whose value is given."""
    drawn = {f.name: _values(f.name) for f in fields(Features) if f.name not in fixed}
    given = {name: st.just(value) for name, value in fixed.items()}
    return st.builds(Features, **drawn, **given)


def with_more(base: Features, name: str, item: str) -> Features:
    """The same features with one more entry in a set."""
    return replace(base, **{name: getattr(base, name) | {item}})
