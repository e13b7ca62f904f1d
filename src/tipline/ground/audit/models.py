"""Tables of the ledger. Rows are added, never changed."""

from __future__ import annotations

from django.db import models


class LedgerEntry(models.Model):
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    organisation = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    purpose = models.CharField(max_length=300, default="")
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject", "id"], name="ledger_subject")]


class Seal(models.Model):
    """The place of one entry in the chain: ``digest`` covers the entry and the digest before."""

    sequence = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)


class Checkpoint(models.Model):
    """A signature over the head of the chain, so that relinking it needs the signing key."""

    sequence = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    signature = models.CharField(max_length=128)


class SealHead(models.Model):
    """One row: the end of the chain. Sealers move it by compare-and-set."""

    sequence = models.BigIntegerField()
    digest = models.CharField(max_length=64)
