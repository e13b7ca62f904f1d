"""Tables of fingerprints and matches."""

from __future__ import annotations

from django.db import models

from tipline.record.evidence.models import EvidenceFile


class Fingerprint(models.Model):
    """What a hasher made of some bytes, or why it could not (``reason``)."""

    sha256 = models.CharField(max_length=64)
    hasher = models.CharField(max_length=30)
    version = models.CharField(max_length=20)
    route = models.CharField(max_length=30, default="")
    value = models.BinaryField(null=True)
    quality = models.PositiveSmallIntegerField(default=0)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=40, default="")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sha256", "hasher", "version"], name="one_fingerprint_per_content"
            )
        ]


class FileMatch(models.Model):
    """A file was seen before: the same bytes, or near by eye. ``other`` came first."""

    file = models.ForeignKey(EvidenceFile, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(EvidenceFile, on_delete=models.PROTECT, related_name="+")
    layer = models.CharField(max_length=10)
    distance = models.PositiveSmallIntegerField(default=0)
    orientation = models.CharField(max_length=20, default="")
    version = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "other", "layer"], name="one_match_per_layer")
        ]
