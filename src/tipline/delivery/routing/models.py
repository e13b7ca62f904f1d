"""The table of referrals."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import Organisation
from tipline.record.reports.models import Report


class Referral(models.Model):
    """A report made available to an agency.

    ``disposition`` and ``band_rank`` are those in force now. ``raised_at``: when it became
    urgent after it was made available, while it still is.
    """

    class State(models.TextChoices):
        AVAILABLE = "available"
        ACCEPTED = "accepted"
        REFUSED = "refused"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    disposition = models.CharField(max_length=15)
    band_rank = models.PositiveSmallIntegerField(default=3)
    state = models.CharField(max_length=10, choices=State, default=State.AVAILABLE)
    source = models.CharField(max_length=10, default="router")
    reasons = models.JSONField(default=list)
    policy = models.CharField(max_length=60, default="")
    refusal = models.CharField(max_length=500, default="")
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    raised_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "agency"], name="one_referral_per_agency")
        ]
        indexes = [models.Index(fields=["agency", "state", "band_rank"], name="referral_desk")]
