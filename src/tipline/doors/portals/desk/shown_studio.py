"""One content in the studio: all that is known of it before a pixel is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.passes import Picture, pictures_asked_for
from tipline.doors.portals.desk.shown_document import Walk
from tipline.doors.portals.desk.shown_files import (
    ShownFile,
    name_of,
    shown_files,
)
from tipline.doors.portals.desk.shown_fingerprints import how_near
from tipline.doors.portals.desk.shown_labels import label_words, statement_words
from tipline.doors.portals.look.parts import Fact, FileCard, Words
from tipline.ground.foundation.actor import Actor
from tipline.ground.foundation.reasons import Source
from tipline.insight.annotation import vocabulary
from tipline.insight.annotation.looks.queries import held_by
from tipline.insight.annotation.queries import label_history, labels_of, standings
from tipline.insight.annotation.rules_standing import Standing
from tipline.insight.annotation.services import MOST_CHILDREN
from tipline.insight.annotation.vocabulary import CHILD, CONTENT
from tipline.insight.care.showing import stills_of
from tipline.insight.matching.queries import matches_of
from tipline.insight.review.queries import band_of, beside, last_review, reviewed_among
from tipline.insight.review.rules import Ending, How, Said
from tipline.record.evidence.access import decisions
from tipline.record.evidence.gate import Access
from tipline.record.evidence.metadata.rules_exif import Tag
from tipline.record.evidence.queries import details_of

#: So many more children may be told apart on one page.
MOST_NEW = 4

if TYPE_CHECKING:
    from tipline.insight.matching.models import FileMatch
    from tipline.insight.review.models import Content, Review
    from tipline.record.evidence.models import EvidenceFile


@dataclass(frozen=True, slots=True)
class Choice:
    """One label of the form and its key."""

    code: str
    words: Words
    key: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """``one_only``: at most one of them holds; then none of them may be chosen, too."""

    code: str
    words: Words
    one_only: bool
    choices: tuple[Choice, ...]

    @property
    def none_chosen(self) -> bool:
        return not any(choice.chosen for choice in self.choices)


@dataclass(frozen=True, slots=True)
class ShownChild:
    """One depicted child; ``there``: it was said before; ``unfolded``: its labels are on view."""

    number: int
    there: bool
    unfolded: bool
    groups: tuple[ChoiceGroup, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A label that somebody set or withdrew."""

    words: Words
    present: bool
    who: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Beside:
    """A content that looks like this one; ``url`` is empty where this person does not hold it.

    ``labels``: what this person said of it. What others said is not told here: it would lead
    the eye, and whoever reads it cannot look at that content blindly any more.
    """

    sha256: str
    name: str
    url: str
    state: Words
    labels: tuple[Words, ...]
    near: str
    open: bool
    preview_url: str


@dataclass(frozen=True, slots=True)
class ShownContent:
    """``novelty_words`` say why it stands where it stands; ``seen`` goes with the form."""

    sha256: str
    file: ShownFile
    open: bool
    exif_open: bool
    band: str
    novelty_words: Words
    waits: bool
    received: datetime
    groups: tuple[ChoiceGroup, ...]
    children: tuple[ShownChild, ...]
    statements: tuple[Statement, ...]
    seen: int
    beside: tuple[Beside, ...]
    previous_url: str

    @property
    def known(self) -> FileCard:
        """The file's card with the gate's word in the place of a picture."""
        return replace(self.file.card, preview_url="", url="")

    @property
    def may_compare(self) -> bool:
        """Whether something beside it may be shown, too."""
        return any(one.open for one in self.beside)

    @property
    def revealed(self) -> bool:
        """Whether that is the picture as it is."""
        return self.file.card.revealed

    @property
    def shows(self) -> bool:
        """Whether a picture is on the page."""
        return bool(self.file.card.preview_url)


def shown_content(
    actor: Actor, row: Content, draft: Said | None, passes: Sequence[str]
) -> ShownContent:
    """``draft``: what the person had chosen; None: what holds."""
    file = row.file
    [shown] = shown_files(actor, [file], _pictures(passes, actor, [file]), Walk())
    told = {row.sha256} - held_by(actor)  # nothing of what the person looks at blindly
    holds = standings(told).get(row.sha256, Standing())
    said = Said(holds.content, _children_of(holds)) if draft is None else draft
    history = label_history(told)
    return ShownContent(
        sha256=row.sha256,
        file=replace(shown, stills=stills_of(file) if shown.open else ()),
        open=shown.open,
        exif_open=shown.open and decisions(actor, [file])[file.pk].exif is Access.ALLOW,
        band=band_of(row),
        novelty_words=_novelty_words(row),
        waits=row.ended == Ending.WAITING,
        received=row.received_at,
        groups=_groups(CONTENT, said.content),
        children=_children(holds, said),
        statements=tuple(
            Statement(statement_words(e), e.present, e.author.name, e.at) for e in history
        ),
        seen=holds.position,
        beside=_beside(actor, row, passes),
        previous_url=_previous_url(actor, row),
    )


def _children_of(holds: Standing) -> dict[int, frozenset[str]]:
    return {child.number: child.labels for child in holds.children}


def _children(holds: Standing, said: Said) -> tuple[ShownChild, ...]:
    """Those that are there, those that are chosen, and room for more; the first is unfolded."""
    numbers = {*_children_of(holds), *said.children}
    first = max(holds.next_child, max(numbers, default=0) + 1)
    numbers |= set(range(first, min(first + MOST_NEW, MOST_CHILDREN + 1)))
    return tuple(
        ShownChild(
            number,
            holds.has(number),
            number in said.children or number == 1,
            _groups(CHILD, said.children.get(number, frozenset())),
        )
        for number in sorted(numbers)
    )


def _pictures(
    passes: Sequence[str], actor: Actor, files: Sequence[EvidenceFile]
) -> dict[str, Picture]:
    """Pictures of these files that were asked for and not loaded yet, by the files' ids."""
    found: dict[str, Picture] = {}
    for number in {file.report_id for file in files}:
        found |= pictures_asked_for(passes, actor, number)
    return found


def _novelty_words(row: Content) -> Words:
    if row.near:
        return _("Looks like something that came before")
    if row.again:
        return _("Came more than once, never labelled")
    return _("Never seen before")


def _groups(subject: str, chosen: frozenset[str]) -> tuple[ChoiceGroup, ...]:
    own = vocabulary.own()
    by_group: dict[str, list[Choice]] = {}
    for one in own.about(subject):
        choice = Choice(one.code, one.words, one.key, one.code in chosen)
        by_group.setdefault(one.group, []).append(choice)
    return tuple(
        ChoiceGroup(code, own.groups[code].words, own.groups[code].one_only, tuple(found))
        for code, found in by_group.items()
    )


def _beside(actor: Actor, row: Content, passes: Sequence[str]) -> tuple[Beside, ...]:
    others = beside(row)
    if not others:
        return ()
    files = [other.file for other in others]
    gate = decisions(actor, files)
    details, mine = details_of(files), reviewed_among(actor, others)
    labels = labels_of(other.sha256 for other in others if other.pk in mine)
    near = _near_words(row, matches_of([row.file, *files]))
    pictures = _pictures(passes, actor, files)
    return tuple(
        _one_beside(actor, other, details, labels, near, pictures, is_open=gate[other.file_id].open)
        for other in others
    )


def _one_beside(  # noqa: PLR0917 - what was read once for all of them
    actor: Actor,
    other: Content,
    details: Mapping[int, Mapping[str, Any]],
    labels: Mapping[str, frozenset[str]],
    near: Mapping[str, str],
    pictures: Mapping[str, Picture],
    *,
    is_open: bool,
) -> Beside:
    picture = pictures.get(other.file.file_id)
    held = other.held_by_id == actor.person_id and other.ended == Ending.WAITING
    is_open = is_open and other.file.destroyed_at is None
    return Beside(
        sha256=other.sha256,
        name=name_of(other.file, details.get(other.file_id, {})),
        url=reverse("desk:studio-content", args=[other.sha256]) if held else "",
        state=_state_words(other),
        labels=tuple(label_words(code) for code in sorted(labels.get(other.sha256, ()))),
        near=near.get(other.sha256, ""),
        open=is_open,
        preview_url=picture.url if picture and is_open else "",
    )


def _near_words(row: Content, matches: Iterable[FileMatch]) -> dict[str, str]:
    """How near the others are, by their digests, where they were compared with this one."""
    found: dict[str, str] = {}
    for match in matches:
        pair = {match.file.sha256, match.other.sha256}
        if row.sha256 in pair and len(pair) > 1:
            found.setdefault((pair - {row.sha256}).pop(), how_near(match))
    return found


def _state_words(other: Content) -> Words:
    known = {
        Ending.WAITING: _("waits for its own look"),
        Ending.LABELLED: _("labelled"),
        Ending.KNOWN: _("known by a list"),
        Ending.JUDGED_CLOSED: _("judged by its metadata"),
        Ending.GONE: _("no longer here"),
    }
    return known[Ending(other.ended)]


def _previous_url(actor: Actor, row: Content) -> str:
    """The content that this person reviewed before this one, or before the last."""
    last = last_review(actor)
    if last is not None and last.content_id == row.pk:
        last = last_review(actor, before=last.pk)
    return reverse("desk:studio-content", args=[last.content.sha256]) if last else ""


def exif_facts(tags: Sequence[Tag]) -> tuple[Fact, ...]:
    """What the camera wrote, as it was written; a word where there is nothing to read."""
    found = tuple(Fact(tag.name, tag.value, Source.SYSTEM) for tag in tags)
    return found or (Fact(_("EXIF data"), _("none that can be read"), Source.SYSTEM),)


def review_words(review: Review) -> str:
    """What was just done, for the message on the next page."""
    if review.how == How.SKIPPED:
        return _("Left to others.")
    if review.how == How.ASK_OPENING:
        return _("A paper is asked for.")
    if review.how == How.LEAVE_CLOSED:
        return _("Left closed.")
    said = Said.from_json(review.said)
    words = [label_words(one.code) for one in vocabulary.own().labels if one.code in said.labels]
    return _("Labelled: %(labels)s.") % {"labels": ", ".join(words)}
