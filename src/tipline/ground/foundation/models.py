"""Tables of the foundation: jobs, data keys and the names of the master keys."""

from __future__ import annotations

from django.db import models


class Job(models.Model):
    """Something to do once the change that asked for it is committed.

    A finished job is deleted; ``dead`` ones stay until a person looks. ``dedup_key`` is
    cleared on claim, so that a change that comes during the run asks for another one.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DEAD = "dead"

    kind = models.CharField(max_length=100)
    lane = models.CharField(max_length=100, default="")
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    priority = models.SmallIntegerField(default=5)
    run_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=8)
    worker = models.CharField(max_length=64, default="")
    lease_until = models.DateTimeField(null=True)
    dedup_key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 - NULL is "no key"; empty strings would collide
    last_error = models.CharField(max_length=200, default="")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["lane", "priority", "id"],
                name="job_ready",
                condition=models.Q(state__in=["queued", "running"]),
            ),
            models.Index(fields=["state", "run_at"], name="job_state"),
        ]


class MasterKey(models.Model):
    """The name of a master key that wraps data keys; the key itself is never in the database."""

    ident = models.CharField(max_length=12, primary_key=True)
    first_used_at = models.DateTimeField()


class RetiredKey(models.Model):
    """The name of a master key that may wrap nothing any more."""

    ident = models.CharField(max_length=12, primary_key=True)
    retired_at = models.DateTimeField()


class DataKey(models.Model):
    """A key that seals what belongs together (a report), wrapped by a master key.

    Destroying the wrapped bytes destroys everything sealed under it. ``master`` is empty for
    what was wrapped before rows said by which key; wrapping anew fills it.
    """

    wrapped = models.BinaryField(null=True)
    master = models.ForeignKey(
        MasterKey, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="data_key_present_or_destroyed",
                condition=models.Q(wrapped__isnull=False, destroyed_at__isnull=True)
                | models.Q(wrapped__isnull=True, destroyed_at__isnull=False),
            )
        ]
        indexes = [
            models.Index(
                fields=["master", "id"],
                name="data_key_live_master",
                condition=models.Q(wrapped__isnull=False),
            )
        ]
