"""Tables of fingerprints, ours and declared ones, and of matches."""

from __future__ import annotations

from django.db import models

from tipline.record.evidence.models import EvidenceFile


class Fingerprint(models.Model):
    """What a hasher made of some bytes, or why it could not (``reason``).

    ``variant`` names what of the picture was hashed (:class:`hashes.Variant`): all of it as it
    stands when empty. ``turned``: the hashes of the seven other orientations, one after the
    other, with which a copy that was turned or mirrored is looked for; behind them, of a small
    picture, the eight of the same twice as large. ``at_ms``: for a frame of a video, when it is
    shown.
    """

    sha256 = models.CharField(max_length=64)
    hasher = models.CharField(max_length=30)
    version = models.CharField(max_length=20)
    variant = models.CharField(max_length=30, default="", db_default="")
    at_ms = models.PositiveIntegerField(default=0, db_default=0)
    route = models.CharField(max_length=30, default="")
    value = models.BinaryField(null=True)
    turned = models.BinaryField(null=True)
    quality = models.PositiveSmallIntegerField(default=0)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=40, default="")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sha256", "hasher", "version", "variant", "at_ms"],
                name="one_fingerprint_per_variant",
            )
        ]


class DeclaredFingerprint(models.Model):
    """What a sender declares about a file, beside and never mixed with what we computed.

    ``value``: the normal form (lower-case hex) by which lists look it up, empty where what was
    written is no such value (``reason`` says why). ``details_version``: the file details that
    said it; the newest counts.
    """

    file = models.ForeignKey(EvidenceFile, on_delete=models.PROTECT, related_name="+")
    details_version = models.PositiveIntegerField()
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    value = models.CharField(max_length=300, default="")
    written_kind = models.CharField(max_length=64, default="")
    written = models.CharField(max_length=1000, default="")
    reason = models.CharField(max_length=20, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["file", "details_version", "place"], name="one_declared_in_its_place"
            )
        ]
        indexes = [
            models.Index(
                fields=["kind", "value"],
                name="declared_value",
                condition=~models.Q(value=""),
            )
        ]


class FileMatch(models.Model):
    """A file was seen before: the same bytes, or near by eye. ``other`` came first.

    How a near one was found: ``orientation``, the turn of the new picture that came so near;
    ``trimmed``, whether its flat borders were cut off; ``inverted``, whether its negative was
    compared; ``enlarged``, whether it was enlarged to twice its size; ``variant``, which stored
    hash of the other it came near, and ``at_ms``, of which frame; ``share``, between videos, what
    percentage of the new one's frames were near.
    """

    file = models.ForeignKey(EvidenceFile, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(EvidenceFile, on_delete=models.PROTECT, related_name="+")
    layer = models.CharField(max_length=10)
    distance = models.PositiveSmallIntegerField(default=0)
    orientation = models.CharField(max_length=20, default="")
    trimmed = models.BooleanField(default=False, db_default=False)
    inverted = models.BooleanField(default=False, db_default=False)
    enlarged = models.BooleanField(default=False, db_default=False)
    variant = models.CharField(max_length=30, default="", db_default="")
    at_ms = models.PositiveIntegerField(default=0, db_default=0)
    share = models.PositiveSmallIntegerField(default=0, db_default=0)
    version = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "other", "layer"], name="one_match_per_layer")
        ]
