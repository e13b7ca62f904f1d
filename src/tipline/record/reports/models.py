"""Tables of the report of record."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import EspProfile, Organisation, Person
from tipline.ground.foundation.models import DataKey
from tipline.record.reports.doors import PUBLIC_DOORS, Door


class Report(models.Model):
    """One report. Its number is never used again, whatever becomes of it."""

    class State(models.TextChoices):
        OPEN = "open"
        FINISHED = "finished"
        RETRACTED = "retracted"
        EXPIRED = "expired"

    number = models.BigAutoField(primary_key=True)
    door = models.CharField(max_length=10, choices=[(d.value, d.value) for d in Door])
    sender = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    profile = models.ForeignKey(EspProfile, null=True, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    modified_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    legal_hold = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["expires_at"],
                name="report_expiring",
                condition=models.Q(state="open"),
            ),
            models.Index(fields=["sender", "-number"], name="report_sender"),
        ]

    @property
    def by_public(self) -> bool:
        """Whether a member of the public reported it, who may well be the child concerned."""
        return self.door in PUBLIC_DOORS

    @property
    def is_test(self) -> bool:
        """Whether it came from a sender whose reports are tests: ranked, never referred."""
        return self.sender is not None and self.sender.test_only

    @property
    def lane(self) -> str:
        """The sender's lane of jobs: a flood from one starves nobody."""
        return f"{self.door}:{self.sender_id or 0}"


class ReportDocument(models.Model):
    """Section A as it was received, a member of the public set apart: written once."""

    report = models.OneToOneField(
        Report, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    document = models.JSONField()
    warnings = models.JSONField(default=list)


class SealedReporter(models.Model):
    """Who reported from the public: JSON, sealed under the key of the report, written once.

    The document names what was given; its values stand here and in the sealed request of the
    books, and nowhere in the clear. Without a row the reporter said nothing of themselves.
    """

    report = models.OneToOneField(
        Report, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    sealed = models.BinaryField()
    at = models.DateTimeField()


class Note(models.Model):
    """Something an analyst adds (section C). Notes are added, never changed."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
