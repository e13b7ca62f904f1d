"""Tables of looks, wishes, limits and breaks."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import Organisation, Person
from tipline.record.evidence.models import EvidenceFile
from tipline.record.evidence.rules_passes import Kind


class Look(models.Model):
    """One picture of a file shown to one person. ``seconds``: how long, where they said so.

    ``at_ms``: which frame of a video, where it was one.
    """

    KINDS = [(kind.value, kind.value) for kind in (Kind.PREVIEW, Kind.REVEAL)]

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(EvidenceFile, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=KINDS)
    at_ms = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()
    seconds = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-at"], name="look_of_person")]


class Wishes(models.Model):
    """What a person wishes for their own work; the newest row counts, none is overwritten."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="wishes_of_person")]


class Limit(models.Model):
    """Most looks and reveals in any 24 hours, of a person or (without one) of a whole team.

    The newest row of each counts; null: no limit of this kind.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    looks = models.PositiveIntegerField(null=True)
    reveals = models.PositiveIntegerField(null=True)
    why = models.CharField(max_length=300)
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "person", "-id"], name="limit_in_force")]


class Break(models.Model):
    """A break that was begun, or put off, by a person to whom it was offered."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken = models.BooleanField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-at"], name="break_of_person")]
