"""The shape of the tables in which a room keeps its policy versions and acts."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import Person


class Version(models.Model):
    """A policy file that passed validation. Its bytes never change.

    ``trial`` is what it would have made of history, as plain JSON, empty until tried;
    ``trial_done`` and ``trial_of`` count what is tried, for the progress shown.
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
        abstract = True


class Act(models.Model):
    """A policy was put in force, by publication or by going back. The newest row counts.

    A room adds ``policy``, its version; None is the file that ships with the program.
    """

    kind = models.CharField(max_length=10)
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True
