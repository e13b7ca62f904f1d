"""Tables of cases."""

from __future__ import annotations

from django.db import models

from tipline.delivery.routing.models import Referral
from tipline.ground.accounts.models import Organisation, Person
from tipline.record.reports.models import Report


class Case(models.Model):
    class State(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"

    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    reference = models.CharField(max_length=100, default="")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    retry_key = models.CharField(max_length=100, null=True, unique=True)  # noqa: DJ001 - NULL is "no key given"


class CaseReport(models.Model):
    """A referral that is worked in a case; each referral is in one case at most."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()


class LabelNotice(models.Model):
    """An agency is told that the labels of a file which it received have changed.

    One for each content of a referral. ``known_to``: the id of the newest label event of which
    it knows, by the hand-over or since it has seen this; ``seen_at`` is empty while it has not.
    """

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    known_to = models.BigIntegerField()
    at = models.DateTimeField()
    seen_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["referral", "sha256"], name="one_notice_per_content")
        ]


class CaseTip(models.Model):
    """A report that is linked to one of an open case's, told to the agency that works the case.

    ``report``: the new one; ``member``: the report of the case to which it is linked. ``seen_at``
    is empty while nobody at the agency has said that they know of it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    seen_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "report"], name="one_tip_per_case")]
