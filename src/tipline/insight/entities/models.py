"""Tables of identifiers, links and judgements."""

from __future__ import annotations

from typing import Any

from django.db import models

from tipline.ground.accounts.models import Organisation, Person
from tipline.ground.foundation.models import DataKey
from tipline.ground.publication.models import Act, Version
from tipline.record.reports.models import Report


class Kept(models.QuerySet[Any]):
    """Rows that are added and read, and nothing else."""

    def update(self, **_kwargs: Any) -> int:
        raise TypeError("these rows are added, never changed")

    def delete(self) -> Any:
        raise TypeError("these rows are never deleted")

    def without_words(self) -> int:
        """Forget what was written in words, when a report was destroyed; how many rows."""
        return super().update(note="")


class Added(models.Model):
    """A table of which rows are added, never changed and never deleted.

    But for words, which go with the report that they are about (:meth:`Kept.without_words`).
    """

    objects = models.Manager.from_queryset(Kept)()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("this row is added, never changed")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> Any:
        raise TypeError("this row is never deleted")


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


class FrequencySnapshot(models.Model):
    """How often each term was seen in the whole store, counted once and never changed.

    The newest with a ``finished_at`` is in force. ``subjects``: how many were counted; ``known``:
    by comparison and form, how many of them have any value. ``key``: under which the terms are
    digested; when it is destroyed, nothing can be looked up any more.
    """

    subjects = models.PositiveBigIntegerField(default=0)
    known = models.JSONField(default=dict)
    model = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+")


class TermCount(models.Model):
    """On how many subjects of a snapshot a term was seen, two at least.

    ``digest``: of comparison, form and term, under the snapshot's key.
    """

    snapshot = models.ForeignKey(
        FrequencySnapshot, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    digest = models.BigIntegerField()
    count = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "digest"], name="term_counted_once")
        ]


class LinkModelVersion(Version):
    """A link model that passed validation."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="one_link_model_version")
        ]


class LinkModelAct(Act):
    """A link model was put in force."""

    policy = models.ForeignKey(
        LinkModelVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )


class Link(models.Model):
    """Two reports that may be about one person. ``low`` has the smaller number.

    ``machine``: what the rules of linking say of the two now. ``points``: the sum of the reasons,
    hundredths of a bit. ``effect``: how much a person's yes would move (danger and routing of the
    two reports), larger is more; proposals come in its order, then in that of their points.

    ``state`` and the columns after ``at`` hold what ``judging.rules`` make of the machine's word
    and the ledger, worked out again whenever one of them changes. ``judged``: the ledger names
    the pair. ``apart``: the judgement in force says that these are two people. ``news``: kinds of
    evidence that came after it, for which the pair is asked about again. ``barred_by``: a pair
    told apart that this link would bring into one cluster. ``held_by``: who has a proposal before
    them, until ``held_until``.
    """

    class Machine(models.TextChoices):
        AUTOMATIC = "automatic"
        PROPOSED = "proposed"
        GONE = "gone"

    class State(models.TextChoices):
        AUTOMATIC = "automatic"
        PROPOSED = "proposed"
        CONFIRMED = "confirmed"
        WAITING = "waiting"
        REJECTED = "rejected"
        UNSURE = "unsure"
        BARRED = "barred"
        GONE = "gone"

    low = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    high = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    machine = models.CharField(
        max_length=10, choices=Machine, default=Machine.PROPOSED, db_default=Machine.PROPOSED
    )
    state = models.CharField(max_length=10, choices=State)
    reasons = models.JSONField(default=list)
    points = models.IntegerField(default=0, db_default=0)
    effect = models.SmallIntegerField(default=0, db_default=0)
    version = models.CharField(max_length=80)
    at = models.DateTimeField()
    judged = models.BooleanField(default=False, db_default=False)
    apart = models.BooleanField(default=False, db_default=False)
    news = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    barred_by = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    held_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    held_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["low", "high"], name="one_link_per_pair")]
        indexes = [
            models.Index(
                fields=["barred_by"],
                condition=models.Q(barred_by__isnull=False),
                name="link_barred_by",
            ),
            models.Index(
                fields=["-effect", "-points", "id"],
                condition=models.Q(state="proposed"),
                name="link_proposals",
            ),
            models.Index(
                fields=["held_by"],
                condition=models.Q(held_by__isnull=False),
                name="link_held",
            ),
        ]


class Judgement(Added):
    """What a person said of a link. Rows are added, never changed and never deleted.

    Reasons, points and version are the machine's as they stood then. ``act``: rows of one deed
    share it. ``undoes``: the row that this one takes back. ``seconds``: the row that this second
    person looked at. ``needs_second``: it counts nothing until a second person says the same.
    """

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10)
    note = models.CharField(max_length=1000, default="")
    reasons = models.JSONField(default=list)
    points = models.IntegerField(default=0, db_default=0)
    version = models.CharField(max_length=80, default="", db_default="")
    act = models.CharField(max_length=32, default="", db_default="")
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="+")
    seconds = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    needs_second = models.BooleanField(default=False, db_default=False)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(Added.Meta):
        indexes = [models.Index(fields=["act"], condition=~models.Q(act=""), name="judgement_act")]


class SecondLook(models.Model):
    """A link that a second person is asked about: a sample, blindly, or a large merge, openly.

    ``judgement``: the first person's word, absent where the link counts by itself. It waits while
    that word is in force. ``answer``: what the second person said.
    """

    class Why(models.TextChoices):
        SAMPLE = "sample"
        MERGE = "merge"

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="+")
    judgement = models.OneToOneField(
        Judgement, null=True, on_delete=models.PROTECT, related_name="+"
    )
    why = models.CharField(max_length=10, choices=Why)
    policy = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    taken_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    answer = models.OneToOneField(Judgement, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["link"],
                condition=models.Q(judgement__isnull=True),
                name="second_look_automatic",
            )
        ]
        indexes = [
            models.Index(
                fields=["asked_at", "id"],
                condition=models.Q(answer__isnull=True),
                name="second_look_open",
            )
        ]


class NearApart(models.Model):
    """A report in whose cluster somebody was told apart from somebody.

    Only near these is it worked out which links are barred: elsewhere none can be.
    """

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="+")


class VictimValue(models.Model):
    """A value of a victim or an intended recipient, by its digest (``roles.rules.key_of``)."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "report"], name="victim_value_once")]


class RoleConflict(models.Model):
    """A value that is a suspect's in one report and a victim's or recipient's in another.

    ``suspect``, ``victim``: a report of each side, which may be the same one.
    """

    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=20)
    suspect = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    victim = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class RoleAnswer(Added):
    """What a senior said of a role conflict. Rows are added; the newest holds."""

    conflict = models.ForeignKey(RoleConflict, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=20)
    note = models.CharField(max_length=1000)
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
