"""Versions of the triage policy that were proposed here, and which was in force when."""

from __future__ import annotations

from django.db import models

from tipline.ground.publication.models import Act, Version


class PolicyVersion(Version):
    """A triage policy that passed validation."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="one_policy_version")
        ]


class PolicyAct(Act):
    """A triage policy was put in force."""

    policy = models.ForeignKey(PolicyVersion, null=True, on_delete=models.PROTECT, related_name="+")
