"""Tables of referrals, and of who may know who reported."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import Organisation, Person
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


class ReporterRelease(models.Model):
    """A referral whose agency may know who reported, and why; in force until it is withdrawn.

    Rows are added and end, never change otherwise: who knew it when can always be told.
    """

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300)
    released_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral"],
                name="one_release_in_force",
                condition=models.Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="release_withdrawn_by_somebody",
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]
