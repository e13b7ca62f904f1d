"""What has been run."""

from __future__ import annotations

from django.db import models

from tipline.record.reports.models import Report


class StageRun(models.Model):
    """The newest run of a stage for a report."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=20)
    version = models.CharField(max_length=60)
    input_digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "stage"], name="one_stage_run")]
