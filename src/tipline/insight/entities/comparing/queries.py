"""What is compared of two reports. The caller has checked that its actor may see both."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db.models import Exists, OuterRef, Q

from tipline.insight.entities.models import Identifier
from tipline.record.reports.facts import IdentifierKind, Role

#: Identifiers of one report that are shown beside those of another.
MOST_SHOWN: Final = 200
#: Of the reported person and accounts tied to them, and digests of the files that came with it.
_OF_SUBJECT: Final = Q(role__in=[Role.SUSPECT, Role.ASSOCIATED]) | Q(
    role=Role.FILE, kind=IdentifierKind.FILE_DIGEST
)


#: Identifiers of all reports of a cluster that are read for its page.
MOST_AMONG: Final = 3000


def subjects_among(numbers: Collection[int]) -> list[Identifier]:
    """What :func:`subject_of` gives, of several reports in one read; at most :data:`MOST_AMONG`."""
    victims = Identifier.objects.filter(
        report=OuterRef("report"),
        role=Role.VICTIM,
        kind=OuterRef("kind"),
        normal=OuterRef("normal"),
    )
    rows = Identifier.objects.filter(_OF_SUBJECT, ~Exists(victims), report__in=list(numbers))
    return list(rows.exclude(normal="").order_by("report_id", "pk")[:MOST_AMONG])


def subject_of(number: int) -> list[Identifier]:
    """The identifiers of a report's subject that have a normal form, those of fields first.

    What the report gives as a victim's is no suspect's, even where it stands under both.
    """
    victims = Identifier.objects.filter(
        report=number, role=Role.VICTIM, kind=OuterRef("kind"), normal=OuterRef("normal")
    )
    rows = Identifier.objects.filter(_OF_SUBJECT, ~Exists(victims), report=number)
    rows = rows.exclude(normal="")
    return list(rows.order_by("origin", "kind", "scope", "normal", "pk")[:MOST_SHOWN])
