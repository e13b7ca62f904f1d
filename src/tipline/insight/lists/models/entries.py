"""Entries of lists, their fingerprints and what members say of them."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import Person
from tipline.insight.lists.models.hash_lists import HashList
from tipline.insight.lists.models.members import Member
from tipline.insight.lists.models.series import Series


class Entry(models.Model):
    """One content on a list, in its latest state; one that was removed stays as a tombstone.

    Its key is (member, ``key``), ``key`` URL-safe. Each change gives it the next ``position`` of
    its list and an instant ``changed_at`` of whole seconds, never earlier than those before it.
    ``told_at``: when its own server says that it changed. ``set_aside``: in quarantine, matches
    nothing. ``extra``: what else was said of it, as it came.
    """

    MEDIA = [(media, media) for media in ("image", "video")]

    hash_list = models.ForeignKey(
        HashList, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    media = models.CharField(max_length=5, choices=MEDIA)
    classification = models.CharField(max_length=200, default="")
    series = models.ForeignKey(Series, null=True, on_delete=models.PROTECT, related_name="+")
    position = models.BigIntegerField()
    changed_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    set_aside = models.BooleanField(default=False)
    extra = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hash_list", "member", "key"], name="one_entry_per_key"
            ),
            models.UniqueConstraint(fields=["hash_list", "position"], name="one_entry_a_position"),
        ]
        indexes = [
            models.Index(fields=["hash_list", "changed_at", "position"], name="entries_changed")
        ]


class EntryFingerprint(models.Model):
    """One fingerprint of an entry; ``type`` as in :data:`rules_entries.TYPES`.

    ``value``: the text form; of an ``opaque`` one (bytes that only others can read) its SHA-256.
    ``variant``: which edit of the content it stands for, empty for the content itself. ``pdq``:
    the 32 bytes of a PDQ hash, as the index reads them.
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+", db_index=False)
    type = models.CharField(max_length=20)
    value = models.CharField(max_length=255)
    opaque = models.BinaryField(null=True)
    pdq = models.BinaryField(null=True)
    quality = models.PositiveSmallIntegerField(null=True)
    variant = models.CharField(max_length=30, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "type", "value"], name="one_fingerprint_per_entry"
            )
        ]
        indexes = [models.Index(fields=["type", "value"], name="entry_fingerprint_value")]


class Vote(models.Model):
    """What a member says of one fingerprint type of an entry: the newest word replaces others.

    ``reasons``: guids of a negative vote. ``sent_at``: when it went to the list's own server; a
    vote that came from others has it at once.
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+", db_index=False)
    type = models.CharField(max_length=20)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    affirmative = models.BooleanField()
    reasons = models.JSONField(default=list)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "type", "member"], name="one_vote_per_member")
        ]
        indexes = [
            models.Index(
                fields=["id"], name="votes_to_send", condition=models.Q(sent_at__isnull=True)
            )
        ]


class FeedbackReason(models.Model):
    """A reason that a negative vote on this list may give; guids are those of its own server."""

    hash_list = models.ForeignKey(HashList, on_delete=models.PROTECT, related_name="+")
    type = models.CharField(max_length=20)
    guid = models.CharField(max_length=64)
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hash_list", "type", "guid"], name="one_reason_per_guid"
            )
        ]
