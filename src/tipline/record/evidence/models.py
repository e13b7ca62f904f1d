"""Tables of received files and of what opened them."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import Organisation, Person
from tipline.ground.publication.models import Act, Version
from tipline.record.evidence.rules_passes import Kind
from tipline.record.reports.models import Report


class EvidenceFile(models.Model):
    """One received file. The row outlives the bytes: its digests are the tombstone."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    file_id = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=2056, default="")
    content_type = models.CharField(max_length=255, default="")
    size = models.BigIntegerField()
    md5 = models.CharField(max_length=32)
    sha1 = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64, db_index=True)
    object_name = models.CharField(max_length=50, unique=True)
    wrapped_key = models.BinaryField()
    retry_key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 - NULL is "no key given"
    received_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["md5"], name="file_md5"),
            models.Index(fields=["sha1"], name="file_sha1"),
        ]


class FileDetails(models.Model):
    """What the sender says about a file, by version: the newest counts, none is lost."""

    file = models.ForeignKey(EvidenceFile, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    document = models.JSONField()
    warnings = models.JSONField(default=list)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "version"], name="one_file_details_version")
        ]


class Opening(models.Model):
    """A warrant, consent or exigency that opens named files to its holder."""

    KINDS = [(k, k) for k in ("warrant", "consent", "exigency")]
    STATES = [(s, s) for s in ("applied", "granted", "denied", "revoked", "ended")]

    kind = models.CharField(max_length=10, choices=KINDS)
    state = models.CharField(max_length=10, choices=STATES, db_default="granted")
    holder = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=100)
    issuer = models.CharField(max_length=200)
    approved_by = models.CharField(max_length=200, default="")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()


class OpeningStep(models.Model):
    """A state that a paper came into, with the terms then: rows are only added."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=Opening.STATES)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, default="")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["opening", "state"], name="a_paper_comes_into_a_state_once"
            )
        ]


class OpeningFile(models.Model):
    """One file that an opening names."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(EvidenceFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["opening", "file"], name="opening_names_a_file_once")
        ]


class GatePolicyVersion(Version):
    """A decision table of the gate that passed validation."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="one_gate_policy_version")
        ]


class GatePolicyAct(Act):
    """A decision table of the gate was put in force."""

    policy = models.ForeignKey(
        GatePolicyVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )


class KeptDecision(models.Model):
    """A decision of the gate that let somebody see, refused them, or handed bytes out.

    Rows are only added, one for each asker, file, act and digest of what was decided on what:
    the ledger has every single act and names the row. ``inputs`` as in ``rules_kept``.
    """

    file = models.ForeignKey(EvidenceFile, on_delete=models.PROTECT, related_name="+")
    asker = models.CharField(max_length=40)
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    act = models.CharField(max_length=40)
    rule = models.CharField(max_length=8)
    policy = models.CharField(max_length=64)
    policy_digest = models.CharField(max_length=64)
    pixels = models.BooleanField()
    exif = models.BooleanField()
    fingerprint = models.BooleanField()
    inputs = models.JSONField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["file", "asker", "act", "digest"], name="a_decision_is_kept_once"
            )
        ]


class FilePass(models.Model):
    """The right of one person to load one picture of a file, or its bytes: once, and soon.

    ``at_ms``: which frame of a video. ``refusals``: how often it was shown in vain.
    """

    KINDS = [(kind.value, kind.value) for kind in Kind]

    name = models.CharField(max_length=32, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(EvidenceFile, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=KINDS)
    at_ms = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    refusals = models.PositiveIntegerField(default=0)


class VaultRun(models.Model):
    """One look at the store and at the rows that name its objects, both ways.

    ``cursor`` and ``phase`` say where it is: every step commits with them. ``verified_to``: the
    name of the last object that was opened; the next daily run goes on behind it.
    """

    class Kind(models.TextChoices):
        DAILY = "daily"
        FULL = "full"

    class Phase(models.TextChoices):
        NAMES = "names"
        SWEEP = "sweep"
        BYTES = "bytes"
        FINDINGS = "findings"
        DONE = "done"

    kind = models.CharField(max_length=10, choices=Kind)
    asked_by = models.CharField(max_length=40)
    sweep_many = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    phase = models.CharField(max_length=10, choices=Phase, default=Phase.NAMES)
    cursor = models.CharField(max_length=50, default="")
    verified_to = models.CharField(max_length=50, default="")
    figures = models.JSONField(default=dict)


class VaultFinding(models.Model):
    """Bytes that are to be there and are missing or do not open. It ends, it is never deleted."""

    class Kind(models.TextChoices):
        MISSING = "missing"
        DAMAGED = "damaged"

    class Ending(models.TextChoices):
        FOUND_AGAIN = "found-again"
        DESTROYED = "destroyed"

    file = models.ForeignKey(EvidenceFile, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    run = models.ForeignKey(VaultRun, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=15, choices=Ending, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["file"],
                name="one_open_vault_finding",
                condition=models.Q(ended_at__isnull=True),
            )
        ]


class VaultSighting(models.Model):
    """An object that no row names, as the checks saw it. While it stands, no row may name it.

    It outlives the deletion of its object (``swept_at``), so that an upload that was stopped
    in between for however long finds it and is sent again.
    """

    name = models.CharField(max_length=50, primary_key=True)
    size = models.BigIntegerField()
    first_seen_at = models.DateTimeField()
    run = models.ForeignKey(VaultRun, on_delete=models.PROTECT, related_name="+")
    swept_at = models.DateTimeField(null=True)
