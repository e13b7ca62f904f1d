"""Whatever happens between a pass and its picture, no pixel leaves that the gate's table keeps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evidence import test_never_opened as opened
from tests.evidence.test_never_opened import FLAGS, STEPS, Story, undone
from tests.evidence_origin import load
from tests.examples import few
from tests.portals_desk.conftest import picture

from tipline.doors.portals.evidence.addresses import evidence_url
from tipline.insight.matching.services import picture_child
from tipline.record.evidence.passes import make_pass
from tipline.record.evidence.rules_passes import Kind

ANALYSTS = ("ana", "sofia")
KINDS = (Kind.PREVIEW, Kind.REVEAL)


@pytest.fixture(autouse=True)
def _pictures(monkeypatch):
    """The two contents of the story are pictures, so that something could be shown."""
    monkeypatch.setattr(opened, "CONTENTS", (picture(1, 64), picture(2, 64)))
    yield
    picture_child().close()


@few(6)
@given(
    st.lists(FLAGS, min_size=2, max_size=2),
    st.lists(STEPS, max_size=5),
    st.lists(STEPS, max_size=5),
)
def test_a_picture_leaves_only_while_the_table_opens_its_file(world, first, before, after):
    with undone():
        story = Story(world)
        story.report("harborline", [0, 1], first)
        for name, *told in before:
            getattr(story, name)(*told)
        passes = {
            (person, file.pk, kind): make_pass(world.actor(person), file, kind)
            for person in ANALYSTS
            for file in story.files
            for kind in KINDS
        }
        files = {file.pk: file for file in story.files}
        for name, *told in after:
            getattr(story, name)(*told)

        answers = {about: load(evidence_url(text)) for about, text in passes.items()}
        again = {about: load(evidence_url(text)) for about, text in passes.items()}
        expected = {
            about: 200 if story.may_open(about[0], files[about[1]]) else 403 for about in passes
        }
    assert {about: answer.status_code for about, answer in answers.items()} == expected
    for about, answer in answers.items():
        kind = "image/jpeg" if expected[about] == 200 else "text/plain; charset=utf-8"
        assert answer["Content-Type"] == kind
    assert {answer.status_code for answer in again.values()} <= {403, 410}
