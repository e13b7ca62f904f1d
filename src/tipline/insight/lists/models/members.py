"""Who shares hashes with us, by which accounts, and which lists each of them may use."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import Organisation
from tipline.ground.foundation.models import DataKey
from tipline.insight.lists.models.hash_lists import HashList


class Member(models.Model):
    """Somebody who owns entries or votes on them; its key is the member id of our exchange.

    ``organisation``: the one of ours that it is, if any; the clearinghouse itself is a member as
    well. ``known_from`` and ``remote_id``: a member of somebody else's exchange, met there under
    that number; it has no account with us.
    """

    name = models.CharField(max_length=200)
    organisation = models.OneToOneField(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    known_from = models.ForeignKey(HashList, null=True, on_delete=models.PROTECT, related_name="+")
    remote_id = models.BigIntegerField(null=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["known_from", "remote_id"], name="one_member_per_remote_id"
            ),
            models.CheckConstraint(
                name="a_remote_member_has_both",
                condition=models.Q(known_from__isnull=True, remote_id__isnull=True)
                | models.Q(known_from__isnull=False, remote_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MemberCredential(models.Model):
    """A machine account of a member: user name and the MAC of its secret under a key of its own."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    username = models.CharField(max_length=150, unique=True)
    secret_mac = models.CharField(max_length=64)
    key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()


class ListAccess(models.Model):
    """What a member may do with a list: read it with a row, vote and submit where it says so."""

    hash_list = models.ForeignKey(HashList, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    may_vote = models.BooleanField(default=False)
    may_submit = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "hash_list"], name="one_access_per_list")
        ]
