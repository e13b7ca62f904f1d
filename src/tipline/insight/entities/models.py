"""Tables of identifiers, links and judgements."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import Person
from tipline.record.reports.models import Report


class Identifier(models.Model):
    """One normalised identifier in one report, in one role."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    scope = models.CharField(max_length=120, default="")
    normal = models.CharField(max_length=400)
    role = models.CharField(max_length=12)
    path = models.CharField(max_length=200)
    verified = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "kind", "scope", "normal", "role"], name="identifier_once"
            )
        ]
        indexes = [
            models.Index(fields=["kind", "normal", "scope", "report"], name="identifier_value")
        ]


class Link(models.Model):
    """Two reports that share something. ``low`` has the smaller number."""

    class State(models.TextChoices):
        AUTOMATIC = "automatic"
        PROPOSED = "proposed"
        CONFIRMED = "confirmed"
        REJECTED = "rejected"
        UNSURE = "unsure"

    low = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    high = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State)
    reasons = models.JSONField(default=list)
    version = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["low", "high"], name="one_link_per_pair")]


class Judgement(models.Model):
    """What a person decided about a link, with the reasons as they stood then."""

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10)
    note = models.CharField(max_length=1000, default="")
    reasons = models.JSONField(default=list)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
