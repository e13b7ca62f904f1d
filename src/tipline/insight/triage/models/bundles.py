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

    ``parts`` are digests of what is compared (see ``bundles.rules``), ``alike`` one over all of
    them; empty while something keeps the report out: then ``differs`` has the reasons as JSON.
    Of the members that are alike one is listed, the lead; the others are folded, and
    ``followers`` of the lead counts them, so that nobody has to. The head leads as well.
    ``released_by``: the person who took it out for good.
    """

    report = models.OneToOneField(
        Report, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="+")
    folded = models.BooleanField()
    alike = models.CharField(max_length=64, default="")
    parts = models.JSONField(default=dict)
    followers = models.PositiveIntegerField(default=0)
    differs = models.JSONField(default=list)
    at = models.DateTimeField()
    released_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # Those that stand out come first on the bundle's page.
            models.Index(fields=["bundle", "folded", "report"], name="bundle_page"),
            models.Index(fields=["bundle", "alike", "report"], name="bundle_alike"),
            # SQLite compares no boolean through an index: the few that are listed have their own.
            models.Index(
                fields=["bundle", "alike", "report"],
                name="bundle_listed",
                condition=models.Q(folded=False),
            ),
            models.Index(
                fields=["bundle"], name="bundle_leads", condition=models.Q(followers__gt=0)
            ),
        ]


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


class DrawnWeek(models.Model):
    """A week whose reports have been drawn from; ``folded`` and ``bottom`` count from how many."""

    week = models.DateField(unique=True)
    folded = models.PositiveIntegerField()
    bottom = models.PositiveIntegerField()
    at = models.DateTimeField()
