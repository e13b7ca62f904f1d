"""Bundles: one head for many reports of one thing, and the draws that watch over them."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import Person
from tipline.record.reports.models import Report


class Bundle(models.Model):
    """Reports of one viral incident or of one flooding sender, under one head.

    ``key`` is the digest of what its members share (see ``bundles.rules``). Its size is
    counted for people and moves no score.
    """

    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10)
    head = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()


class BundleMember(models.Model):
    """A report that shares the key of a bundle.

    ``differs``: reasons, as JSON, why it is not folded: what it has that the head has not.
    ``released_by``: the person who took it out for good.
    """

    report = models.OneToOneField(
        Report, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="+")
    folded = models.BooleanField()
    differs = models.JSONField(default=list)
    at = models.DateTimeField()
    released_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["bundle", "report"], name="bundle_members")]


class Draw(models.Model):
    """A report that was drawn by chance for a look: a folded member, or one from the bottom.

    ``share``: the probability with which it was drawn, so that findings can be weighed.
    ``finding``: empty until somebody looked; ``as_ranked``, ``too_low`` or ``too_high``.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    week = models.DateField()
    stratum = models.CharField(max_length=10)
    share = models.FloatField()
    at = models.DateTimeField()
    finding = models.CharField(max_length=10, default="")
    note = models.TextField(default="")
    looked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    looked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "week"], name="one_draw_a_week")]
        indexes = [
            models.Index(
                fields=["week", "report"],
                name="draws_waiting",
                condition=models.Q(looked_at__isnull=True),
            )
        ]
