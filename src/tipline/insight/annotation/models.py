"""The table of label events."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import Person


class LabelEvent(models.Model):
    """A label was set on (or withdrawn from) some bytes, wherever they appear."""

    sha256 = models.CharField(max_length=64)
    vocabulary = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    present = models.BooleanField()
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sha256", "code", "-id"], name="label_of_content")]
