"""Versions of the triage policy that were proposed here, and which was in force when."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import Person


class PolicyVersion(models.Model):
    """A policy file that passed validation. Its bytes never change.

    ``trial`` is what it would have made of history, as plain JSON, empty until tried;
    ``trial_done`` and ``trial_of`` count reports, for the progress shown.
    """

    name = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    content = models.TextField()
    note = models.TextField(default="")
    proposed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    trial = models.JSONField(default=dict)
    trial_done = models.PositiveIntegerField(default=0)
    trial_of = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="one_policy_version")
        ]


class PolicyAct(models.Model):
    """A policy was put in force, by publication or by going back. The newest row counts.

    ``policy`` None is the file that ships with this version of the program.
    """

    policy = models.ForeignKey(PolicyVersion, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
