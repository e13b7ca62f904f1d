"""Cues: what words in a report's free text hint at. Pure.

A cue proposes, a person decides. Each quotes the words as they stand. However much is sent,
there is at most one cue of a kind: neither size nor repetition says more. A text that speaks
to the reader, or to a machine, is a text like any other.
"""

from __future__ import annotations

from collections.abc import Sequence

from tipline.insight.triage.cues.facts_text import Text, quote
from tipline.insight.triage.cues.lexicons import shipped_index
from tipline.insight.triage.cues.rules_index import Index
from tipline.insight.triage.cues.rules_match import findings
from tipline.insight.triage.cues.rules_reading import readings
from tipline.insight.triage.features import Cue, CueKind
from tipline.record.reports.facts import Narrative

LONGEST_QUOTE = 120
"""Characters of a quote, at most."""


def cues(narratives: Sequence[Narrative], index: Index | None = None) -> tuple[Cue, ...]:
    """At most one cue of each kind, in the order of :class:`CueKind`.

    ``index``: other lexicons than those that ship. The order of ``narratives`` says nothing.
    """
    found: dict[CueKind, Cue] = {}
    for narrative, piece in readings(narratives):
        text = Text(piece)
        for kind, finding in findings(text, index or shipped_index()).items():
            if kind not in found:
                words = quote(text, finding.start, finding.end, LONGEST_QUOTE)
                role = narrative.role.value
                found[kind] = Cue(kind, words, narrative.path, finding.language, role)
    return tuple(found[kind] for kind in CueKind if kind in found)
