"""Every subject of the store, page by page: what is counted, and what a model is learned from."""

from __future__ import annotations

from collections.abc import Iterator

from tipline.insight.entities.linking import subjects_of
from tipline.insight.entities.scoring.rules_subject import Subject
from tipline.record.reports.models import Report

#: Reports of a page: their identifiers are in memory together.
PAGE = 1_000


def pages() -> Iterator[list[Subject]]:
    """The subjects of all real reports, in the order of their numbers; tests teach nothing.

    As linking sees them, with what texts mention. A report without identifiers has no subject.
    """
    last = 0
    real = Report.objects.exclude(sender__test_only=True).order_by("pk")
    while numbers := list(real.filter(pk__gt=last).values_list("pk", flat=True)[:PAGE]):
        last = numbers[-1]
        yield [one.whole for _number, one in sorted(subjects_of(numbers).items())]
