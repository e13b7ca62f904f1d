"""The table of outcomes. Rows are added, never changed, apart from their release."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import Organisation, Person
from tipline.record.reports.models import Report


class SenderRecord(models.Model):
    """How many of a sender's reports agencies called useful, and of how many they said no.

    Added up with each answer: per report and agency the newest word counts once.
    """

    sender = models.OneToOneField(
        Organisation, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    useful = models.PositiveIntegerField(default=0)
    not_useful = models.PositiveIntegerField(default=0)


class Outcome(models.Model):
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20)
    closing_reason = models.CharField(max_length=30, default="")
    child_identified = models.BooleanField(null=True)
    additional_victims = models.PositiveIntegerField(null=True)
    self_production = models.BooleanField(null=True)
    useful = models.BooleanField(null=True)
    not_useful_reason = models.CharField(max_length=20, default="")
    released_to_sender = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    retry_key = models.CharField(max_length=100, null=True, unique=True)  # noqa: DJ001 - NULL is "no key given"

    class Meta:
        indexes = [models.Index(fields=["report", "-id"], name="outcome_report")]
