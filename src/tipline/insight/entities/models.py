"""Tables of identifiers, links and judgements."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import Organisation, Person
from tipline.record.reports.models import Report


class Identifier(models.Model):
    """One identifier in one report, in one role.

    ``normal`` is empty where there is a ``problem``. ``sightings``: where it stands in the
    report, as written, with times and ports (see ``forms.rules.Reading``). ``passage``: the
    digest of the only line of text that mentions it, empty for others.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    scope = models.CharField(max_length=120, default="")
    normal = models.CharField(max_length=400)
    role = models.CharField(max_length=12)
    path = models.CharField(max_length=200)
    verified = models.BooleanField(null=True)
    origin = models.CharField(max_length=10, default="asserted", db_default="asserted")
    problem = models.CharField(max_length=20, default="", db_default="")
    passage = models.CharField(max_length=64, default="", db_default="")
    sightings = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "kind", "scope", "normal", "role", "problem"],
                name="identifier_once_each",
            )
        ]
        indexes = [
            models.Index(fields=["kind", "normal", "scope", "report"], name="identifier_value"),
            models.Index(
                fields=["passage"], condition=~models.Q(passage=""), name="identifier_passage"
            ),
        ]


class Passage(models.Model):
    """A long line of text in a report of a sender, by its digest.

    Kept until the line is in reports about so many accounts that it is the sender's standing
    text (``mining.rules_standing.MANY``). ``about``: the first account that the report names.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    about = models.CharField(max_length=400, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "digest"], name="passage_once")]
        indexes = [models.Index(fields=["sender", "digest"], name="passage_of_sender")]


class BlockingKey(models.Model):
    """One key under which a report's subject is found again: two who share one are compared.

    ``key``: 16 hex digits, the digest of what a value becomes when it is compared loosely (see
    ``blocking.rules``). A digest of 64 bits hides nothing: the table is as secret as identifiers.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "report"], name="blocking_key_once")]


class Link(models.Model):
    """Two reports that may be about one person. ``low`` has the smaller number.

    ``points``: the sum of the reasons, hundredths of a bit. ``effect``: how much a person's yes
    would move (danger and routing of the two reports), larger is more; proposals come in its
    order, then in that of their points.
    """

    class State(models.TextChoices):
        AUTOMATIC = "automatic"
        PROPOSED = "proposed"
        CONFIRMED = "confirmed"
        REJECTED = "rejected"
        UNSURE = "unsure"

    low = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    high = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State)
    reasons = models.JSONField(default=list)
    points = models.IntegerField(default=0, db_default=0)
    effect = models.SmallIntegerField(default=0, db_default=0)
    version = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["low", "high"], name="one_link_per_pair")]
        indexes = [
            models.Index(
                fields=["-effect", "-points", "id"],
                condition=models.Q(state="proposed"),
                name="link_proposals",
            )
        ]


class Judgement(models.Model):
    """What a person decided about a link, with the reasons as they stood then."""

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10)
    note = models.CharField(max_length=1000, default="")
    reasons = models.JSONField(default=list)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class LinkRun(models.Model):
    """One linking of all history again, and how far it is.

    Every step commits with ``phase`` and ``cursor``, the number of the last report that is done in
    the phase. ``upto``: the last report when it began; ``read_upto``: the newest identifier then,
    so that what was read meanwhile is known and linked once more at the end. ``version``: what it
    links by; a run of another one is not gone on with. ``late_upto``: the newest identifier when
    all was linked.
    """

    class Engine(models.TextChoices):
        LOCAL = "local"
        SPARK = "spark"

    class Phase(models.TextChoices):
        KEYS = "keys"
        LINKS = "links"
        LATE = "late"
        DONE = "done"
        OVERTAKEN = "overtaken"

    engine = models.CharField(max_length=10, choices=Engine)
    asked_by = models.CharField(max_length=40)
    version = models.CharField(max_length=200)
    upto = models.BigIntegerField()
    read_upto = models.BigIntegerField()
    late_upto = models.BigIntegerField(default=0)
    phase = models.CharField(max_length=10, choices=Phase, default=Phase.KEYS)
    cursor = models.BigIntegerField(default=0)
    figures = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
