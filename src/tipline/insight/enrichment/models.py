"""The table of derived places."""

from __future__ import annotations

from django.db import models

from tipline.record.reports.models import Report


class Whereabouts(models.Model):
    """All places derived for one report; ``evidence`` is a list of plain values."""

    report = models.OneToOneField(
        Report, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.CharField(max_length=20)
    evidence = models.JSONField(default=list)
    at = models.DateTimeField()
