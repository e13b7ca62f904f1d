"""Evidence bytes have one way out: of all doors only the evidence origin reads them."""

from __future__ import annotations

import re

from tests.architecture.house import SOURCE

DOORS = SOURCE / "tipline" / "doors"
WAYS = re.compile(
    r"vault\.read\(|picture_for\(|picture_child\(|video_child\(|\.pieces\b|image/jpeg"
)


def test_only_the_evidence_origin_hands_out_bytes():
    found = {
        str(path.relative_to(DOORS))
        for path in DOORS.rglob("*.py")
        if WAYS.search(path.read_text(encoding="utf-8"))
    }

    assert found == {"portals/evidence/views.py"}
