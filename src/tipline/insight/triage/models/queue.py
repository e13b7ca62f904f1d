"""The queue: places, saved views, acts on many at once, hand-overs."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import Person
from tipline.insight.triage.models.assessments import Assessment
from tipline.insight.triage.rules_types import NO_ALARM
from tipline.record.reports.models import Report

#: Rank of a band in the queue's order: the smallest comes first.
BAND_RANK = {"urgent": 0, "high": 1, "medium": 2, "low": 3}
#: Reports of a sender whose reports are tests: ranked like others, and never referred.
TEST_LANE = "test"
#: What is listed: open, and not a member under the head of its bundle.
OPEN = models.Q(done_at__isnull=True, folded_under__isnull=True)

#: Columns by which the list is narrowed, in the index of its order.
FILTERED = (
    "disposition", "level", "lane", "urgency", "incident_type", "place", "new_files",
    "received_at", "claimed_by", "claimed_until", "sender_name",
)  # fmt: skip


class QueueEntry(models.Model):
    """The present place of a report in the queue, and who works on it.

    ``folded_under``: the head of the bundle whose member it is; a folded report is found, read
    and referred like any other, and is not listed by itself. ``done_how``: "" or how it was
    closed, so that figures can tell a look from a batch. ``alarm``: :data:`NO_ALARM`,
    ``NEAR`` or ``ALARM``, as in ``rules_types``. ``reopened_for``: codes of the urgent signals
    that brought a report back that was done.
    """

    report = models.OneToOneField(
        Report, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    band_rank = models.PositiveSmallIntegerField()
    step = models.SmallIntegerField(default=0)
    deadline = models.DateTimeField()
    danger = models.IntegerField()
    actionability = models.IntegerField()
    decay = models.IntegerField()
    disposition = models.CharField(max_length=15)
    urgency = models.CharField(max_length=15)
    level = models.CharField(max_length=3)
    lane = models.CharField(max_length=20, default="general")
    sender_name = models.CharField(max_length=200, default="")
    incident_type = models.CharField(max_length=40, default="")
    new_files = models.PositiveIntegerField(default=0)
    known_files = models.PositiveIntegerField(default=0)
    links = models.PositiveIntegerField(default=0)
    place = models.CharField(max_length=60, default="")
    received_at = models.DateTimeField()
    ranked_at = models.DateTimeField()
    looked_at = models.DateTimeField()
    claimed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    # An index of all its values would lure a planner without statistics away from the order.
    folded_under = models.ForeignKey(
        Report, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    done_how = models.CharField(max_length=15, default="")
    alarm = models.PositiveSmallIntegerField(default=NO_ALARM)
    reopened_at = models.DateTimeField(null=True)
    reopened_for = models.JSONField(default=list)

    class Meta:
        indexes = [
            # The order, and behind it everything that narrows the list: a filter that few
            # rows fit walks the index and reads no row of the others (230 to 30 ms at 1e5).
            models.Index(
                fields=["band_rank", "step", "deadline", "report", *FILTERED],
                name="queue_order",
                condition=OPEN,
            ),
            models.Index(
                fields=["band_rank", "step", "deadline", "report"],
                name="queue_done",
                condition=models.Q(done_at__isnull=False),
            ),
            models.Index(
                fields=["deadline", "report"],
                name="queue_deadline",
                condition=OPEN,
            ),
            models.Index(
                fields=["alarm", "band_rank", "step", "deadline", "report"],
                name="queue_alarm",
                condition=OPEN,
            ),
            models.Index(
                fields=["claimed_by", "claimed_until"],
                name="queue_claims",
                condition=OPEN,
            ),
            models.Index(fields=["ranked_at"], name="queue_ranked"),
            models.Index(
                fields=["folded_under"],
                name="queue_folded",
                condition=models.Q(folded_under__isnull=False),
            ),
        ]


class SavedView(models.Model):
    """A list of the queue that a person keeps: its filters as the address writes them."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="one_view_a_name")]


class BatchAct(models.Model):
    """One act on many reports at once: what was done to which, so that it can be undone.

    ``token`` is the form's own: the same form sent twice acts once. ``wanted``: the reports
    that were asked for, in order. ``before`` is what each one acted on was, by number;
    ``skipped`` says by number why it was left alone. An undo fills ``restored`` and ``kept``
    (by number, why it stays as it is). What is in none of them is still to be done, so an act
    that was cut off is gone on with: ``state`` goes doing, done, undoing, undone.
    """

    class State(models.TextChoices):
        DOING = "doing"
        DONE = "done"
        UNDOING = "undoing"
        UNDONE = "undone"

    token = models.CharField(max_length=64, unique=True)
    verb = models.CharField(max_length=15)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(default="")
    state = models.CharField(max_length=10, choices=State, default=State.DONE)
    touched_at = models.DateTimeField(null=True)
    wanted = models.JSONField(default=list)
    before = models.JSONField()
    skipped = models.JSONField(default=dict)
    restored = models.JSONField(default=list)
    kept = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="batches_by_time"),
            models.Index(
                fields=["touched_at"],
                name="batches_unfinished",
                condition=models.Q(state__in=["doing", "undoing"]),
            ),
        ]


class SummaryText(models.Model):
    """A summary in a person's words; the newest row counts, an empty one brings the draft back."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["report", "-id"], name="summary_newest")]


class HandOver(models.Model):
    """What one shift tells the next, beside what the queue itself shows.

    One that its author took back before anybody read it counts no more.
    """

    since = models.DateTimeField()
    text = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True)
