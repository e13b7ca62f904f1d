"""Which files match which entries, what people say of it, and what is set aside."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tipline.ground.accounts.models import Person
from tipline.insight.lists.models.entries import Entry
from tipline.insight.lists.models.hash_lists import HashList
from tipline.record.evidence.models import EvidenceFile


class ListMatch(models.Model):
    """A file is on a list: by ``layer`` (see ``rules_match``), by which ``type``, how far away.

    ``orientation`` and ``probe`` tell how the file was turned and cut, ``variant`` which edit of
    the entry it came near to; ``share``: of two videos, the percentage of the file's frames that
    did. ``version`` is that of the list's policy. A match whose entry was
    removed, set aside or changed is withdrawn and stays.
    """

    file = models.ForeignKey(
        EvidenceFile, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+", db_index=False)
    layer = models.CharField(max_length=10)
    type = models.CharField(max_length=20)
    distance = models.PositiveSmallIntegerField(default=0)
    orientation = models.CharField(max_length=20, default="")
    probe = models.CharField(max_length=30, default="")
    variant = models.CharField(max_length=30, default="")
    share = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "entry", "layer"], name="one_list_match")
        ]
        indexes = [models.Index(fields=["entry", "at"], name="matches_of_entry")]


class MatchVerdict(models.Model):
    """An analyst says whether a match is right. Added, never changed: the newest counts."""

    match = models.ForeignKey(ListMatch, on_delete=models.PROTECT, related_name="+")
    right = models.BooleanField()
    reason = models.CharField(max_length=64, default="")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Quarantine(models.Model):
    """A list, or one entry of it, is set aside until a person has looked.

    ``found`` files in a day against ``expected``, which is what the days before led to expect.
    ``finding``: empty while it lasts; ``released``, or ``removed`` when the entry was wrong.
    """

    hash_list = models.ForeignKey(HashList, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, null=True, on_delete=models.PROTECT, related_name="+")
    found = models.PositiveIntegerField()
    expected = models.FloatField()
    at = models.DateTimeField()
    finding = models.CharField(max_length=10, default="")
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hash_list"],
                name="one_quarantine_per_list",
                condition=models.Q(entry__isnull=True, ended_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["entry"],
                name="one_quarantine_per_entry",
                condition=models.Q(entry__isnull=False, ended_at__isnull=True),
            ),
        ]


class Sweep(models.Model):
    """Up to which position of a list its changes were compared with the files that are here.

    ``turned_position``: up to where files were looked through for turned copies of what changed;
    ``turned_to``: where the pass ends that is under way; ``turned_key``: the key of the last
    fingerprint that it has seen.
    """

    BEGINNING: ClassVar = {
        "position": 0,
        "turned_position": 0,
        "turned_to": None,
        "turned_key": 0,
    }

    hash_list = models.OneToOneField(
        HashList, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    position = models.BigIntegerField(default=0)
    turned_position = models.BigIntegerField(default=0)
    turned_to = models.BigIntegerField(null=True)
    turned_key = models.BigIntegerField(default=0)
