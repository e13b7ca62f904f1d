"""Reading again what an older version of a stage has read: a page at a time, in its own lane.

A new hasher makes other fingerprints, which are compared with their own kind only; so do new
forms of identifiers. So every report that an older one looked at is run again, oldest first,
behind everything that is new; each run skips the stages that are up to date.
"""

from __future__ import annotations

from django.db.models import QuerySet

from tipline.ground.foundation import jobs
from tipline.ground.foundation.transactions import write_tx
from tipline.pipeline.models import StageRun
from tipline.pipeline.stages import STAGES
from tipline.record.reports.models import Report

LANE = "again:version"
PAGE = 200
#: Stages of files. Their versions, and the link stage's, change with the program; those of
#: others with policies.
OF_FILES = ("fingerprint", "match")
_BY_PROGRAM = (*OF_FILES, "link")


class ReadBefore:
    """Where this process has got to. Whatever it forgets is found again by the next one."""

    def __init__(self) -> None:
        self._after = 0
        self.done = False

    def ask_again(self) -> int:
        """Ask for the next page of reports; how many. Nothing once all have been asked for."""
        if self.done:
            return 0
        found = list(_behind().filter(report__gt=self._after)[:PAGE])
        self.done = not found
        if found:
            self._after = found[-1]
            with write_tx():
                for number in found:
                    key = f"version:{number}"
                    jobs.enqueue("pipeline.report", {"report": number}, lane=LANE, dedup_key=key)
        return len(found)


def _behind() -> QuerySet[StageRun, int]:
    """Numbers of reports that an older version of a stage has read."""
    rows = StageRun.objects.none()
    for stage in STAGES:
        if stage.name in _BY_PROGRAM:
            named = StageRun.objects.filter(stage=stage.name)
            rows = rows | named.exclude(version=stage.version())
    still_there = rows.filter(
        report__state=Report.State.FINISHED, report__key__destroyed_at__isnull=True
    )
    return still_there.order_by("report").values_list("report", flat=True).distinct()


read_before = ReadBefore()
