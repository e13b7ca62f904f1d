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
