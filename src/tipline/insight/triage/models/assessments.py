"""The table of assessments."""

from __future__ import annotations

from django.db import models

from tipline.record.reports.models import Report


class Assessment(models.Model):
    """What triage made of a report, from which facts, under which policy. Rows are added.

    ``facts`` are the :class:`Features` as plain JSON (see ``features.as_json``), so that
    another policy can be tried on history without reading the reports again.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    policy = models.CharField(max_length=60)
    input_digest = models.CharField(max_length=64)
    facts = models.JSONField(default=dict)
    result = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["report", "-id"], name="assessment_newest")]
