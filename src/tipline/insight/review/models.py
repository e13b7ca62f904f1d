"""Tables of contents that wait for a look, and of the reviews that people made of them."""

from __future__ import annotations

from django.db import models

from tipline.ground.accounts.models import Person
from tipline.record.evidence.models import EvidenceFile

#: What is offered: nobody has said yet what it is, and nothing knows it.
WAITING = models.Q(ended="")


class Content(models.Model):
    """One distinct content and its place among those that wait.

    ``file``: the copy that a look opens, and whose report gives the place (``band_rank``,
    ``step``, ``deadline``, ``received_at``). ``look_alike``: shared by contents that look alike,
    the SHA-256 of one of them. ``open``: the gate let our own analysts see that copy when the
    place was made; it is asked again before anything is shown. ``again``: the bytes came in more
    than one report; ``near``: they look like something that came before or is on a list;
    ``novelty``: what follows from both, see ``rules``. ``ended``: why it waits no more, empty
    while it does.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    file = models.ForeignKey(EvidenceFile, on_delete=models.PROTECT, related_name="+")
    look_alike = models.CharField(max_length=64, db_index=True)
    open = models.BooleanField()
    again = models.BooleanField()
    near = models.BooleanField()
    novelty = models.PositiveSmallIntegerField()
    band_rank = models.PositiveSmallIntegerField()
    step = models.SmallIntegerField()
    deadline = models.DateTimeField()
    received_at = models.DateTimeField()
    held_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    held_until = models.DateTimeField(null=True)
    ended = models.CharField(max_length=10, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=[
                    "open", "novelty", "band_rank", "step", "deadline", "-received_at", "id",
                    "held_until",
                ],
                name="contents_in_order",
                condition=WAITING,
            ),
            models.Index(
                fields=["held_by", "held_until"],
                name="contents_held",
                condition=models.Q(held_by__isnull=False),
            ),
        ]  # fmt: skip


class Review(models.Model):
    """What one person made of one content: added, never changed, but for being taken back.

    ``how`` as in ``rules.How``. ``act``: the act of its label events (see annotation), empty
    where none was written. ``said``: what the person said, as :meth:`rules.Said.as_json`.
    ``begun_at``: when the person got it.
    """

    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(EvidenceFile, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    how = models.CharField(max_length=10)
    act = models.CharField(max_length=32, default="")
    said = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["by", "-id"], name="reviews_of_person")]
