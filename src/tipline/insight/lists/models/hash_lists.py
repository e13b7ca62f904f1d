"""Lists, their policy, where a foreign one comes from, and what was imported."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import Person
from tipline.ground.foundation.models import DataKey


class HashList(models.Model):
    """One list; as the hash exchange shows it, an application root under its ``slug``.

    ``content``: what its entries are said to be, a :class:`rules_entries.Content`. ``label``: on
    one of our own, the code of the analysts' label that feeds it. ``position`` and
    ``changed_at`` are those of its newest change and move under the lock of this row only, see
    ``positions``. ``live`` and ``removed`` count entries, so that nobody has to.
    """

    KINDS = [(kind, kind) for kind in ("own", "foreign")]

    slug = models.SlugField(max_length=50, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=KINDS)
    content = models.CharField(max_length=20)
    label = models.CharField(max_length=40, default="")
    active = models.BooleanField(default=True)
    position = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)
    live = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["label"], name="one_list_per_label", condition=~models.Q(label="")
            )
        ]

    def __str__(self) -> str:
        return self.name


class ListPolicy(models.Model):
    """How far a list's word goes, by version; ``content`` is a :class:`rules_policy.ListRules`."""

    hash_list = models.ForeignKey(HashList, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    content = models.JSONField()
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hash_list", "version"], name="one_list_policy_version")
        ]


class Source(models.Model):
    """The server from which a foreign list is pulled, and how far that has come.

    ``root``: the address of the application root; without TLS only where ``plain_http`` says so.
    ``secret`` is sealed under ``key``. ``us``: the number that we have over there.
    Everything up to ``pulled_to`` is held; a window that was cut off ends at ``window_to`` and
    goes on at ``next_link``, of a chain whose first link was given at ``next_at`` and that told
    ``rows`` rows on ``pages`` pages so far. ``last_error`` is a code of the pull, empty when the
    last one went well, at ``good_at``; ``told`` is what the window under way has brought so far, or
    else the last one that brought anything.
    """

    hash_list = models.OneToOneField(
        HashList, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    root = models.URLField(max_length=500)
    username = models.CharField(max_length=150)
    plain_http = models.BooleanField(default=False)
    secret = models.BinaryField()
    key = models.ForeignKey(DataKey, null=True, on_delete=models.PROTECT, related_name="+")
    us = models.BigIntegerField(null=True)
    active = models.BooleanField(default=True)
    every_minutes = models.PositiveIntegerField(default=60)
    pulled_to = models.DateTimeField(null=True)
    window_to = models.DateTimeField(null=True)
    next_link = models.TextField(default="")
    next_at = models.DateTimeField(null=True)
    rows = models.PositiveBigIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    good_at = models.DateTimeField(null=True)
    told = models.JSONField(default=dict)
    last_error = models.CharField(max_length=200, default="")


class ImportRun(models.Model):
    """A file of entries that was read into a list; ``sha256`` is that of its bytes."""

    STATES = [(state, state) for state in ("running", "done", "refused")]

    hash_list = models.ForeignKey(HashList, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=STATES, default="running")
    rows = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
