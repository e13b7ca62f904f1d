"""Features as they are stored: read back, they are what they were."""

from __future__ import annotations

import json

from hypothesis import given
from tests.triage.reports import features

from tipline.insight.triage.features import Features, as_json, from_json


@given(features())
def test_what_is_stored_reads_back_the_same(told):
    assert from_json(json.loads(json.dumps(as_json(told)))) == told


def test_the_unknown_is_not_stored_and_no_is():
    assert as_json(Features(escalated=False, files=0)) == {"escalated": False, "files": 0}


def test_a_field_of_an_older_program_is_left_out():
    assert from_json({"files": 2, "abolished": True}) == Features(files=2)
