"""Who was linked again as a whole is not read again for it."""

from __future__ import annotations

from tipline.pipeline.linked_again import note_linked
from tipline.pipeline.models import StageRun
from tipline.pipeline.read_before import ReadBefore
from tipline.pipeline.stages import link_version


def test_reports_linked_as_a_whole_are_not_read_again_but_those_of_older_forms_are(filed):
    first, second, third = (filed() for _n in range(3))
    forms, rest = link_version().split(" ", 1)
    rows = StageRun.objects.filter(stage="link")
    rows.filter(report=first).update(version=f"{forms} an older model")
    rows.filter(report=second).update(version=f"forms-0 {rest}")
    rows.filter(report=third).update(version=f"{forms} an older model")
    assert note_linked(second.pk) == 1
    assert dict(rows.values_list("report", "version")) == {
        first.pk: link_version(),
        second.pk: f"forms-0 {rest}",
        third.pk: f"{forms} an older model",
    }
    assert ReadBefore().ask_again() == 2
