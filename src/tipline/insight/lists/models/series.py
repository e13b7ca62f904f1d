"""Series: contents that show one child or set of children, and the agency that holds them."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import Organisation, Person
from tipline.record.reports.models import Report


class Series(models.Model):
    """``status``: whether the child is unidentified, identified or safeguarded."""

    class Status(models.TextChoices):
        UNIDENTIFIED = "unidentified"
        IDENTIFIED = "identified"
        SAFEGUARDED = "safeguarded"

    name = models.CharField(max_length=100, unique=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.UNIDENTIFIED)
    agency = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class SeriesAct(models.Model):
    """What somebody made of a series: its status and holder from then on."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12)
    agency = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class SeriesAlert(models.Model):
    """An agency is told, once, that a report has a file of a series that it holds."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    seen_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "series", "agency"], name="one_alert_per_report"
            )
        ]
        indexes = [
            models.Index(
                fields=["agency", "-at"],
                name="alerts_unseen",
                condition=models.Q(seen_at__isnull=True),
            )
        ]
