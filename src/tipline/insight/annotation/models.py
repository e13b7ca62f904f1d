"""The tables of label events and of open classification values."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import Person


class LabelEvent(models.Model):
    """A label was set on (or withdrawn from) some bytes, wherever they appear.

    ``vocabulary``: name and version, ``code``: as it stands there, both for ever. ``child``: the
    number of the depicted child of which it speaks, 0 for the content itself; the code ``child``
    says that this child was added or taken out. ``act``: what was done in one go, 32 hex; empty
    on events from before there were acts.
    """

    sha256 = models.CharField(max_length=64)
    vocabulary = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    child = models.PositiveSmallIntegerField(default=0, db_default=0)
    present = models.BooleanField()
    act = models.CharField(max_length=32, default="", db_default="")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sha256", "code", "-id"], name="label_of_content")]


class ValueEvent(models.Model):
    """A value under a free key of an open scheme was set on some bytes; empty: withdrawn."""

    sha256 = models.CharField(max_length=64)
    scheme = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    block = models.CharField(max_length=40)
    key = models.CharField(max_length=100)
    value = models.CharField(max_length=500)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sha256", "id"], name="value_of_content")]


class Look(models.Model):
    """A second look at some bytes: asked, taken, answered, and settled when the two differ.

    Why it was asked: ``drawn`` by the sample, ``for_list`` because they wait for one of our own
    lists, ``audit`` because a list is checked again. ``before``: what stood when the second
    person answered, ``answer``: what they said; both as :meth:`looks.rules.Answer.as_json`, and
    None before. ``policy`` is the stamp of the policy that asked.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        AGREED = "agreed"
        DISPUTED = "disputed"
        SETTLED = "settled"
        DROPPED = "dropped"

    OPEN = (State.WAITING, State.DISPUTED)

    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    drawn = models.BooleanField(default=False)
    for_list = models.BooleanField(default=False)
    audit = models.BooleanField(default=False)
    policy = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    taken_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    before = models.JSONField(null=True)
    answer = models.JSONField(null=True)
    answered_at = models.DateTimeField(null=True)
    settled = models.JSONField(null=True)
    settled_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=1000, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"],
                name="one_open_look",
                condition=models.Q(state__in=["waiting", "disputed"]),
            )
        ]
        indexes = [
            models.Index(fields=["state", "asked_at"], name="looks_by_state"),
            models.Index(fields=["sha256", "-id"], name="looks_at_content"),
        ]
