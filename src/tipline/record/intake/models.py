"""Tables of the books."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import Organisation
from tipline.ground.foundation.models import DataKey
from tipline.record.reports.doors import Door
from tipline.record.reports.models import Report

DOORS = [(door.value, door.value) for door in Door]


class Submission(models.Model):
    """One attempt to open a report. ``answer`` says what it got; the state of its report
    says what became of it. ``raw`` is the request as it arrived, sealed under ``key``.
    """

    class Answer(models.TextChoices):
        OPENED = "opened"
        DUPLICATE = "duplicate"
        REFUSED = "refused"

    door = models.CharField(max_length=10, choices=DOORS)
    day = models.DateField()
    received_at = models.DateTimeField()
    sender = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer)
    code = models.CharField(max_length=20, default="0")
    report = models.ForeignKey(Report, null=True, on_delete=models.PROTECT, related_name="+")
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)  # keyed at the public doors: rules.body_digest
    key = models.ForeignKey(DataKey, null=True, on_delete=models.PROTECT, related_name="+")
    raw = models.BinaryField()
    retry_key = models.CharField(max_length=300, null=True, unique=True)  # noqa: DJ001 - NULL is "no key given"
    problems = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["day", "door"], name="submission_books"),
            models.Index(fields=["sender", "-id"], name="submission_sender"),
        ]


class RefusedCall(models.Model):
    """A call that changed nothing: late, foreign, ill-formed. Kept so that a sender can see it."""

    door = models.CharField(max_length=10, choices=DOORS)
    day = models.DateField()
    at = models.DateTimeField()
    sender = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    call = models.CharField(max_length=20)
    code = models.CharField(max_length=20)
    number = models.CharField(max_length=20, default="")
    problems = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["day", "door"], name="refused_call_books")]
