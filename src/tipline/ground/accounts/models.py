"""Tables of organisations, people, credentials and profiles."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from tipline.ground.accounts.roles import Role
from tipline.ground.foundation.actor import OrganisationKind
from tipline.ground.foundation.models import DataKey

KINDS = [(kind.value, kind.value) for kind in OrganisationKind]


class Organisation(models.Model):
    kind = models.CharField(max_length=15, choices=KINDS)
    name = models.CharField(max_length=200, unique=True)
    test_only = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """Only what Django's login needs; people are made by services."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(username=(username or "").casefold())


class Person(AbstractBaseUser):
    """Someone who signs in. One role in one organisation."""

    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    failed_sign_ins = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []


class EspCredential(models.Model):
    """A machine account of an ESP: user name and the MAC of its secret under a key of its own.

    The key is wrapped like any data key, so that master keys can change under it.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    username = models.CharField(max_length=150, unique=True)
    secret_mac = models.CharField(max_length=64)
    key = models.ForeignKey(DataKey, null=True, on_delete=models.PROTECT, related_name="+")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()


class EspProfile(models.Model):
    """What an ESP says of itself, by version; ``content`` is a :class:`profiles.EspFacts`."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    content = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "version"], name="one_profile_version")
        ]


class AgencyProfile(models.Model):
    """Where an agency is responsible and what its counsel allows, by version."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    content = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "version"], name="one_agency_profile_version"
            )
        ]
