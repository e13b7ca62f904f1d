"""Each look, refusal and hand-out keeps its decision: rule, policy, inputs; once for the same."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from tests.filing import SEEN
from tests.personas import file_report

from tipline.ground.audit.models import LedgerEntry
from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import clock
from tipline.record.evidence.access import decisions, policy
from tipline.record.evidence.gate import decide
from tipline.record.evidence.models import KeptDecision
from tipline.record.evidence.queries import files_of
from tipline.record.evidence.rules_kept import inputs_from
from tipline.record.evidence.services import OpeningTerms, note_preview, record_opening


@pytest.fixture
def files(world):
    return files_of(file_report(world, files=[(b"one", SEEN), (b"two", {})]).pk)


def act(world, name, file, verb, **more):
    actor = world.actor(name)
    note_preview(actor, file, verb, decision=decisions(actor, [file])[file.pk], **more)
    return KeptDecision.objects.latest("pk")


def test_rule_policy_and_inputs_are_kept_and_the_ledger_names_them(world, files):
    row = act(world, "ana", files[0], Verb.FILE_PREVIEWED, purpose="why")

    table = policy()
    assert (row.rule, row.policy, row.policy_digest) == ("8", table.stamp, table.digest)
    assert (row.pixels, row.exif, row.fingerprint) == (True, False, True)
    assert (row.asker, row.organisation) == (
        world.actor("ana").reference,
        world.organisations["Clearinghouse"],
    )
    again = decide(inputs_from(row.inputs, row.at), table)
    assert (again.rule, again.open) == (row.rule, True)
    entry = LedgerEntry.objects.latest("pk")
    assert (entry.verb, entry.purpose) == ("file.previewed", "why")
    assert entry.detail == {"file": files[0].file_id, "decision": row.pk}


def test_the_same_decision_is_kept_once_and_each_act_is_on_the_ledger(world, files):
    for _n in range(3):
        act(world, "ana", files[1], Verb.FILE_BLOCKED)
    assert KeptDecision.objects.count() == 1
    assert LedgerEntry.objects.filter(verb="file.blocked").count() == 3

    act(world, "sofia", files[1], Verb.FILE_BLOCKED)
    act(world, "ana", files[0], Verb.FILE_PREVIEWED)
    act(world, "ana", files[0], Verb.FILE_OPENED)
    assert KeptDecision.objects.count() == 4


def test_other_inputs_are_another_row_and_the_first_stays(world, files):
    first = act(world, "ines", files[1], Verb.FILE_BLOCKED)
    terms = OpeningTerms("warrant", "PRIVATE-1", "PRIVATE court", clock.now() - timedelta(days=1))
    record_opening(world.actor("ines"), [files[1]], terms)
    second = act(world, "ines", files[1], Verb.FILE_OPENED)

    first.refresh_from_db()
    assert (first.rule, first.pixels, second.rule, second.pixels) == ("5", False, "6", True)
    assert "PRIVATE" not in str(second.inputs)
    assert len(second.inputs["openings"]) == 1


def test_whoever_notes_a_look_hands_on_the_decision():
    """A look without its decision could not be explained later."""
    for path in Path("src/tipline").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "note_preview":
                assert "decision" in {word.arg for word in node.keywords}, path
