"""Tables of assessments and the queue."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import Person
from tipline.record.reports.models import Report

#: Rank of a band in the queue's order: the smallest comes first.
BAND_RANK = {"urgent": 0, "high": 1, "medium": 2, "low": 3}
#: Reports of a sender whose reports are tests: ranked like others, and never referred.
TEST_LANE = "test"


class Assessment(models.Model):
    """What triage made of a report, from which facts, under which policy. Rows are added."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    policy = models.CharField(max_length=60)
    input_digest = models.CharField(max_length=64)
    result = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["report", "-id"], name="assessment_newest")]


class QueueEntry(models.Model):
    """The present place of a report in the queue, and who works on it."""

    report = models.OneToOneField(
        Report, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    band_rank = models.PositiveSmallIntegerField()
    deadline = models.DateTimeField()
    danger = models.IntegerField()
    actionability = models.IntegerField()
    decay = models.IntegerField()
    disposition = models.CharField(max_length=15)
    urgency = models.CharField(max_length=15)
    level = models.CharField(max_length=3)
    lane = models.CharField(max_length=20, default="general")
    sender_name = models.CharField(max_length=200, default="")
    incident_type = models.CharField(max_length=40, default="")
    new_files = models.PositiveIntegerField(default=0)
    known_files = models.PositiveIntegerField(default=0)
    links = models.PositiveIntegerField(default=0)
    place = models.CharField(max_length=60, default="")
    received_at = models.DateTimeField()
    ranked_at = models.DateTimeField()
    looked_at = models.DateTimeField()
    claimed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["band_rank", "deadline", "report"],
                name="queue_order",
                condition=models.Q(done_at__isnull=True),
            ),
            models.Index(
                fields=["deadline", "report"],
                name="queue_deadline",
                condition=models.Q(done_at__isnull=True),
            ),
            models.Index(
                fields=["claimed_by", "claimed_until"],
                name="queue_claims",
                condition=models.Q(done_at__isnull=True),
            ),
        ]
