"""Labels on a file's card: of the content and of each child in it, with the keys that set them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.look.parts import Fact, LabelTag, Words
from tipline.ground.foundation.reasons import Source
from tipline.insight.annotation import vocabulary
from tipline.insight.annotation.rules_crosswalk import indicated
from tipline.insight.annotation.rules_standing import CHILD_EVENT, WHOLE, Standing
from tipline.insight.annotation.vocabulary import CHILD, CONTENT, LabelCode

if TYPE_CHECKING:
    from tipline.insight.annotation.models import LabelEvent
    from tipline.insight.annotation.values import Value
    from tipline.record.evidence.models import EvidenceFile


@dataclass(frozen=True, slots=True)
class LabelButton:
    """One label: pressing it sets or withdraws it on these bytes, wherever they stand.

    ``key``: empty on a child that is not the newest one, which the keys mean.
    """

    words: Words
    key: str
    present: bool
    url: str

    @property
    def hint(self) -> str:
        return f"l {self.key}"


@dataclass(frozen=True, slots=True)
class LabelGroup:
    words: Words
    buttons: tuple[LabelButton, ...]


@dataclass(frozen=True, slots=True)
class ChildLabels:
    """One depicted child; ``there`` is false on the one that a first label would add."""

    number: int
    there: bool
    groups: tuple[LabelGroup, ...]
    remove_url: str


@dataclass(frozen=True, slots=True)
class ShownLabels:
    """All forms of one file. ``position``: what they have seen, sent back with each press."""

    position: int
    content: tuple[LabelGroup, ...]
    children: tuple[ChildLabels, ...]
    add_url: str
    value_url: str
    blocks: tuple[tuple[str, Words], ...]


def shown_labels(file: EvidenceFile, said: Standing) -> ShownLabels:
    """The forms; of a content without children one empty child stands there to be named."""
    numbers = [child.number for child in said.children] or [said.next_child]
    children = tuple(_child(file, said, number, numbers[-1]) for number in numbers)
    place = [file.report_id, file.file_id, said.next_child]
    add_url = reverse("desk:child-add", args=place) if said.children else ""
    return ShownLabels(
        position=said.position,
        content=_groups(file, said, WHOLE),
        children=children,
        add_url=add_url,
        value_url=reverse("desk:value", args=place[:2]),
        blocks=tuple(vocabulary.ucs().blocks.items()),
    )


def _child(file: EvidenceFile, said: Standing, number: int, newest: int) -> ChildLabels:
    groups = _groups(file, said, number, keys=number == newest)
    place = [file.report_id, file.file_id, number]
    return ChildLabels(number, said.has(number), groups, reverse("desk:child-remove", args=place))


def _groups(
    file: EvidenceFile, said: Standing, child: int, *, keys: bool = True
) -> tuple[LabelGroup, ...]:
    own, present = vocabulary.own(), said.of(child)
    by_group: dict[str, list[LabelButton]] = {}
    for one in own.labels:
        if one.subject == (CHILD if child else CONTENT) and (
            not one.retired or one.code in present
        ):
            button = _button(file, one, child, present=one.code in present, keys=keys)
            by_group.setdefault(one.group, []).append(button)
    return tuple(
        LabelGroup(own.groups[group].words, tuple(buttons)) for group, buttons in by_group.items()
    )


def _button(
    file: EvidenceFile, one: LabelCode, child: int, *, present: bool, keys: bool
) -> LabelButton:
    words = _("%s (retired)") % one.words if one.retired else one.words
    url = label_url(file, one.code, not present, child)
    return LabelButton(words, one.key if keys else "", present, url)


def label_url(file: EvidenceFile, code: str, wanted: bool, child: int = WHOLE) -> str:
    """Where a POST sets the label on the file's bytes or a child in them, or withdraws it."""
    if child:
        name = "desk:child-label-set" if wanted else "desk:child-label-withdraw"
        return reverse(name, args=[file.report_id, file.file_id, child, code])
    name = "desk:label-set" if wanted else "desk:label-withdraw"
    return reverse(name, args=[file.report_id, file.file_id, code])


def label_words(code: str) -> str:
    """A label in words."""
    return str(vocabulary.own().words(code))


def statement_words(event: LabelEvent) -> str:
    """What an event speaks of: a label, a label of a child, or the child itself."""
    if event.code == CHILD_EVENT:
        return _("Child %(n)d") % {"n": event.child}
    if event.child:
        return _("Child %(n)d: %(label)s") % {"n": event.child, "label": label_words(event.code)}
    return label_words(event.code)


def changes_words(events: Iterable[LabelEvent]) -> str:
    """What others have changed, and who they are."""
    return " ".join(_change_words(one) for one in events)


def _change_words(event: LabelEvent) -> str:
    if event.code == CHILD_EVENT:
        words = (
            _("%(who)s added child %(n)d.") if event.present else _("%(who)s took out child %(n)d.")
        )
        return words % {"who": event.author.name, "n": event.child}
    words = _("%(who)s set: %(what)s.") if event.present else _("%(who)s withdrew: %(what)s.")
    return words % {"who": event.author.name, "what": statement_words(event)}


def own_tags(said: Standing) -> list[LabelTag]:
    """Our labels in the vocabulary's order, then those of each child."""
    labels = vocabulary.own().labels
    tags = [LabelTag(one.words) for one in labels if one.code in said.content]
    for child in said.children:
        words = ", ".join(str(one.words) for one in labels if one.code in child.labels)
        named = _("Child %(n)d: %(label)s") if words else _("Child %(n)d")
        tags.append(LabelTag(named % {"n": child.number, "label": words}))
    return tags


def indicative_facts(industry: str, said: Standing) -> tuple[Fact, ...]:
    """What the content would probably be called elsewhere. Not legally exact, and it says so."""
    found = indicated(vocabulary.crosswalk(), {industry} - {""}, said.labels)
    schemes = [(one, vocabulary.scheme(one.scheme)) for one in found]
    return tuple(
        Fact(scheme.words, f"{one.code}: {scheme.codes[one.code]}", Source.SYSTEM, _("indicative"))
        for one, scheme in schemes
    )


def value_facts(values: Sequence[Value]) -> tuple[Fact, ...]:
    """Open classification as it was typed, with its block."""
    blocks: Mapping[str, Words] = vocabulary.ucs().blocks
    return tuple(
        Fact(one.key, one.value, Source.ANALYST, str(blocks.get(one.block, one.block)))
        for one in values
    )
