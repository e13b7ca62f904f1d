"""The lexicon's format: every fault is named with its key and its fix."""

from __future__ import annotations

import pytest
from tests.triage.test_cues import MEETING

from tipline.ground.foundation.policy import PolicyError, parse
from tipline.insight.triage.cues.lexicons import shipped
from tipline.insight.triage.cues.rules_index import Index
from tipline.insight.triage.cues.rules_lexicon import validate
from tipline.insight.triage.features import CueKind
from tipline.insight.triage.rules_cues import cues
from tipline.record.reports.facts import Narrative, Role

DUTCH = """
name = "cues-nl"
version = "1"
jurisdiction = "any"
language = "nl"
licence = "Apache-2.0"
[scope]
denied_by = ["(niet|geen)"]
denied_after = ["niet"]
not_denied_by = []
set_aside_by = []
turns = ["maar"]
[words]
meet = ["(ik |)zie je", "afspreken"]
when = ["morgen", "(vrij|zater|zon)dag", "#(u|uur)"]
[cues]
planned_meeting = ["meet + when / 6"]
self_harm = []
live_abuse = []
extortion_deadline = []
travel = []
"""


def read(old="", new="", text=DUTCH):
    assert old in text
    return parse(text.replace(old, new).encode(), "nl.toml", validate)


def found(text):
    said = [Narrative("/report/additionalInfo", text, Role.INCIDENT)]
    return [cue.kind for cue in cues(said, Index([read().rules]))]


def test_a_language_is_added_by_a_file():
    assert found("Ik zie je morgen") == found("afspreken vrijdag") == [MEETING]
    assert found("zie je om 17u") == [MEETING]
    assert found("ik zie je morgen niet") == found("geen zin in afspreken morgen") == []


def test_every_shipped_language_has_words_for_every_kind():
    assert [file.rules.language for file in shipped()] == ["en", "es", "fr", "pt"]
    for file in shipped():
        assert {rule.kind for rule in file.rules.rules} == set(CueKind)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"afspreken"', '"af(spreken"', "words.meet: 'af(spreken': brackets must pair"),
        ('"afspreken"', '"(a|(b|c))"', "words.meet: '(a|(b|c))': brackets must pair"),
        ('"afspreken"', '"?!"', "words.meet: '?!': a phrase needs words"),
        ('"afspreken"', '"(a|)"', "words.meet: '(a|)': a phrase needs words"),
        ('"afspreken"', '"een twee drie vier vijf zes zeven acht negen tien elf"', "at most 10"),
        ('"afspreken"', '"afs*"', "a stem before * needs 4 letters"),
        ('"afspreken"', f'"({"|".join(map(str, range(99)))})"', "has at most 60 variants"),
        ('["meet + when / 6"]', '["meet when"]', "is no rule"),
        ('["meet + when / 6"]', '["meet + where"]', "no list named where"),
        ('["meet + when / 6"]', '["meet + meet"]', "a list stands there twice"),
        ('["meet + when / 6"]', '["meet + when / 99"]', "give a distance of 1 to 40 words"),
        ('["meet + when / 6"]', '["meet"]', "words.when: no rule uses this list"),
        ("travel = []", "journey = []", "cues.travel: is missing"),
        ("when = [", "When = [", "words.When: is no name for a list"),
        ("turns", "twists", "scope.turns: is missing"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(old, new, said):
    with pytest.raises(PolicyError) as error:
        read(old, new)
    assert said in str(error.value)
