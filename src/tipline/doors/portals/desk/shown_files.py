"""Files as cards: everything but their content, which only the gate opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tipline.doors.portals.desk.passes import Picture
from tipline.doors.portals.desk.shown_document import Walk, file_facts, warning_facts
from tipline.doors.portals.desk.shown_elements import flag_words
from tipline.doors.portals.desk.shown_fingerprints import (
    Fingerprints,
    fingerprints,
    how_near,
    shown_fingerprints,
)
from tipline.doors.portals.desk.shown_labels import (
    ShownLabels,
    indicative_facts,
    own_tags,
    shown_labels,
    value_facts,
)
from tipline.doors.portals.desk.shown_listed import Listed, listed
from tipline.doors.portals.desk.shown_reasons import sentences
from tipline.doors.portals.look.parts import EspFlag, Fact, FileCard, GateState, LabelTag, Words
from tipline.ground.foundation.actor import Actor
from tipline.ground.foundation.reasons import Source
from tipline.ground.taxonomy.files import IndustryClassification
from tipline.ground.taxonomy.words import label
from tipline.insight.annotation.looks.queries import held_by
from tipline.insight.annotation.queries import labels_of, standings
from tipline.insight.annotation.rules_standing import Standing
from tipline.insight.annotation.values import Value, values_of
from tipline.insight.care.reasons import REVEAL_REASONS
from tipline.insight.care.rules_stills import chosen, clock_words
from tipline.insight.lists.standing import known_by_lists
from tipline.insight.matching.queries import (
    frame_times,
    known_digests,
    matches_of,
    seen_before,
    seen_earlier,
)
from tipline.record.evidence import access
from tipline.record.evidence.queries import details_of, details_warnings_of
from tipline.record.reports import facts

if TYPE_CHECKING:
    from tipline.insight.matching.models import FileMatch
    from tipline.record.evidence.gate import GateDecision
    from tipline.record.evidence.models import EvidenceFile

#: The label by which our own analysts say that bytes are known material.
KNOWN_MATERIAL = "apparent_csam"


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A card and what stands below it."""

    number: int
    file_id: str
    card: FileCard
    open: bool
    stands_in: int
    copies_url: str
    gate_words: str
    digests: tuple[Fact, ...]
    said: tuple[Fact, ...]
    matches: tuple[Fact, ...]
    labels: ShownLabels
    indicative: tuple[Fact, ...] = ()
    values: tuple[Fact, ...] = ()
    held: bool = False
    listed: Listed | None = None
    stills: tuple[int, ...] = ()

    @property
    def may_reveal(self) -> bool:
        """A preview is shown: the next step. Of a film one frame after the other."""
        return bool(self.card.preview_url) and not (self.card.revealed and not self.stills)

    @property
    def frames(self) -> tuple[tuple[int, str], ...]:
        """The stills of a film: their milliseconds, and the time in words."""
        return tuple((at_ms, clock_words(at_ms)) for at_ms in self.stills)

    @property
    def reveal_reasons(self) -> tuple[tuple[str, Words], ...]:
        """Why somebody may have the picture revealed: code and words."""
        return tuple(REVEAL_REASONS.items())


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of all files of one report, asked once for all of them."""

    details: Mapping[int, Mapping[str, Any]]
    warnings: Mapping[int, Sequence[Mapping[str, Any]]]
    decisions: Mapping[int, GateDecision]
    said: Mapping[str, Standing]
    values: Mapping[str, Sequence[Value]]
    held: frozenset[str]
    earlier: frozenset[str]
    by_lists: frozenset[str]
    stands_in: Mapping[str, int]
    seen_earlier: Mapping[str, int]
    matches: Mapping[int, Sequence[FileMatch]]
    fingerprints: Fingerprints


def gate_of(
    actor: Actor,
    files: Sequence[EvidenceFile],
    labels: Mapping[str, frozenset[str]],
    earlier: frozenset[str],
) -> dict[int, GateDecision]:
    """The gate's word on each file, known material named as such: it opens nothing."""
    known = {digest for digest in earlier if KNOWN_MATERIAL in labels.get(digest, ())}
    return access.decisions(actor, files, frozenset(known))


def decision_for(actor: Actor, file: EvidenceFile) -> GateDecision:
    """The gate's word on one file."""
    return gate_of(actor, [file], labels_of([file.sha256]), known_digests([file]))[file.pk]


def shown_files(
    actor: Actor, files: Sequence[EvidenceFile], pictures: Mapping[str, Picture], walk: Walk
) -> list[ShownFile]:
    """Cards for files of one report. ``pictures``: those that were asked for, by file id."""
    known, on_lists = _known(actor, files), listed(actor, files)
    films = frame_times(file.sha256 for file in files) if pictures else {}
    shown = [_shown(file, known, pictures.get(file.file_id), walk) for file in files]
    return [
        _with_stills(replace(one, listed=on_lists[file.pk]), chosen(films.get(file.sha256, ())))
        for one, file in zip(shown, files, strict=True)
    ]


def _with_stills(one: ShownFile, stills: tuple[int, ...]) -> ShownFile:
    return replace(one, stills=stills, card=replace(one.card, stills=len(stills)))


def _known(actor: Actor, files: Sequence[EvidenceFile]) -> _Known:
    said = standings(file.sha256 for file in files)
    labels = {sha256: one.labels for sha256, one in said.items()}
    earlier, held = known_digests(files), held_by(actor)
    matches: dict[int, list[FileMatch]] = {}
    for match in matches_of(files):
        matches.setdefault(match.file_id, []).append(match)
    return _Known(
        details=details_of(files),
        warnings=details_warnings_of(files),
        decisions=gate_of(actor, files, labels, earlier),
        said={sha256: one for sha256, one in said.items() if sha256 not in held},
        values=values_of({file.sha256 for file in files} - held),
        held=held,
        earlier=earlier,
        by_lists=known_by_lists(files),
        stands_in=seen_before(files),
        seen_earlier=seen_earlier(files),
        matches=matches,
        fingerprints=fingerprints(files),
    )


def _shown(file: EvidenceFile, known: _Known, picture: Picture | None, walk: Walk) -> ShownFile:
    details = known.details.get(file.pk, {})
    decision = known.decisions[file.pk]
    said = known.said.get(file.sha256, Standing())
    stands_in = known.stands_in.get(file.sha256, 0)
    is_open = decision.open and file.destroyed_at is None
    shown = picture if is_open else None
    return ShownFile(
        number=file.report_id,
        file_id=file.file_id,
        card=FileCard(
            name=name_of(file, details),
            digest=file.sha256,
            media_type=file.content_type or _("type not given"),
            size=file.size,
            gate=_gate(file, decision),
            seen_before=known.seen_earlier.get(file.sha256, 0),
            esp_flags=_flags(details),
            labels=_tags(details, said),
            url=f"#file-{file.file_id}",
            preview_url=shown.url if shown else "",
            revealed=bool(shown and shown.revealed),
            badge=pgettext("file", "known")
            if file.sha256 in known.earlier or file.sha256 in known.by_lists
            else pgettext("file", "new"),
        ),
        open=is_open,
        stands_in=stands_in,
        copies_url=reverse("desk:copies", args=[file.sha256]),
        gate_words=_gate_words(file, decision),
        digests=(*_digests(file), *shown_fingerprints(file, known.fingerprints)),
        said=(*file_facts(details, walk), *warning_facts(known.warnings.get(file.pk, ()))),
        matches=tuple(_match(match) for match in known.matches.get(file.pk, ())),
        labels=shown_labels(file, said),
        indicative=indicative_facts(facts.file_facts(details).classification, said),
        values=value_facts(known.values.get(file.sha256, ())),
        held=file.sha256 in known.held,
    )


def name_of(file: EvidenceFile, details: Mapping[str, Any]) -> str:
    """The name under which the ESP knew the file, else the one it was sent with."""
    return str(details.get("originalFileName") or file.name or _("File without a name"))


def _gate(file: EvidenceFile, decision: GateDecision) -> GateState:
    """The gate's answer with its first word; all of them stand below the card."""
    words = _gate_words(file, decision, most=1)
    return GateState(decision.open, decision.rule, words, decision.policy)


def _gate_words(file: EvidenceFile, decision: GateDecision, most: int | None = None) -> str:
    if file.destroyed_at is not None:
        return _("The bytes have been destroyed; their digests stay.")
    return sentences(decision.reasons[:most])


def _flags(details: Mapping[str, Any]) -> tuple[EspFlag, ...]:
    said = facts.file_facts(details)
    return (
        EspFlag(_("Viewed by the ESP"), said.viewed),
        EspFlag(_("EXIF viewed by the ESP"), said.exif_viewed),
        EspFlag(_("Open to the public"), said.public),
    )


def _tags(details: Mapping[str, Any], ours: Standing) -> tuple[LabelTag, ...]:
    said = facts.file_facts(details)
    reported = [LabelTag(flag_words(flag), Source.REPORTER) for flag in sorted(said.annotations)]
    if said.classification in set(IndustryClassification):
        words = label(IndustryClassification(said.classification))
        reported.insert(0, LabelTag(words, Source.REPORTER))
    return (*own_tags(ours), *reported)


def _digests(file: EvidenceFile) -> tuple[Fact, ...]:
    rows = (("SHA-256", file.sha256), ("SHA-1", file.sha1), ("MD5", file.md5))
    return (
        Fact(_("File id"), file.file_id, Source.SYSTEM),
        *(Fact(name, digest, Source.SYSTEM) for name, digest in rows),
    )


def _match(match: FileMatch) -> Fact:
    other = match.other.report
    sender = other.sender.name if other.sender else _("the public")
    where = _("report %(number)s, sent by %(sender)s") % {
        "number": other.pk,
        "sender": sender,
    }
    if match.layer == "exact":
        return Fact(_("Same bytes"), where, Source.SYSTEM)
    return Fact(_("Looks alike"), where, Source.SYSTEM, how_near(match))
