"""What people judged of a report, against or beyond what the rules made of it."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import Person
from tipline.record.reports.models import Report


class Judgement(models.Model):
    """One person's word on one question, with a reason. Rows are added and never deleted.

    ``question`` is ``disposition``, ``urgency`` or ``level``; ``answer`` its value (referral,
    informational; confirmed, refuted; E, 1, 2, 3). ``signals``: the urgent signals that a
    refutation speaks of; one that comes later is not among them. Where ``needs_second`` is
    set nothing follows from it until another person seconds it. Which rows count, and what
    follows from them, is said in ``judgements.rules``.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=15)
    answer = models.CharField(max_length=15)
    signals = models.JSONField(default=list)
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    needs_second = models.BooleanField(default=False)
    seconded_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    seconded_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["report", "-id"], name="judgement_newest"),
            models.Index(
                fields=["at"],
                name="judgement_waiting",
                condition=models.Q(
                    needs_second=True, seconded_at__isnull=True, withdrawn_at__isnull=True
                ),
            ),
        ]
