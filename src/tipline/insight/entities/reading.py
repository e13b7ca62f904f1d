"""Every identifier of a report: read, mined, kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tipline.insight.entities.forms.rules import (
    Found,
    Origin,
    Reading,
    normal_forms,
    readings,
)
from tipline.insight.entities.keeping import keep_identifiers, standing_texts
from tipline.insight.entities.mining.rules import mine
from tipline.insight.entities.mining.rules_standing import passages
from tipline.insight.entities.roles.services import watch
from tipline.record.reports.facts import (
    Identifier,
    IdentifierKind,
    Role,
    identifiers,
    narratives,
)
from tipline.record.reports.models import Report
from tipline.record.reports.queries import identity_of
from tipline.record.reports.rules_reporter import put_back

Document = Mapping[str, Any]


def read(
    report: Report, document: Document, details: Sequence[Document], digests: Sequence[str]
) -> None:
    """Read a report's identifiers, keep them, and tell which stand in two roles.

    ``digests``: SHA-256 of its files, in order.
    """
    sender = report.sender.name if report.sender else ""
    asserted = identifiers(document, details)
    texts = narratives(document, details)
    standing = standing_texts(report, passages(texts), _about(asserted, sender))
    found = [
        *(Found(one) for one in asserted),
        *_of_files(digests),
        *mine(texts, standing),
    ]
    kept = _without_reporter(report, document, readings(found, sender))
    keep_identifiers(report, kept)
    watch(report, kept)


def _about(asserted: Iterable[Identifier], sender: str) -> str:
    """The first account that the report is about; empty when it names none."""
    wanted = (
        one
        for one in asserted
        if one.kind is IdentifierKind.ESP_USER_ID and one.role is Role.SUSPECT
    )
    return next((form.value for form in normal_forms(wanted, sender)), "")


def _of_files(digests: Sequence[str]) -> Iterator[Found]:
    for number, sha256 in enumerate(digests, 1):
        path = f"/fileDetails[{number}]"
        one = Identifier(IdentifierKind.FILE_DIGEST, sha256, Role.FILE, path, qualifier="SHA256")
        yield Found(one, Origin.COMPUTED)


def _without_reporter(
    report: Report, document: Document, found: Sequence[Reading]
) -> list[Reading]:
    """Without what members of the public say of themselves, wherever they repeat it."""
    if not report.by_public:
        return list(found)
    whole = identifiers(put_back(document, identity_of(report)))
    forms = normal_forms((one for one in whole if one.role is Role.REPORTER), "")
    own = {(form.kind, form.value) for form in forms}
    return [one for one in found if (one.kind, one.value) not in own or one.origin != Origin.MINED]
