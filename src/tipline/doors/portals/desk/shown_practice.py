"""A practice picture with its form, its legend, and what was right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tipline.doors.portals.desk.shown_studio import Choice, ChoiceGroup
from tipline.doors.portals.look.parts import Fact, Words
from tipline.doors.portals.look.pictures.practice import Drawn, practice
from tipline.insight.annotation import vocabulary
from tipline.insight.annotation.vocabulary import CHILD, CONTENT
from tipline.insight.care.rules_practice import (
    AGE_OF,
    CONTENT_OF,
    SIGN_OF,
    Exercise,
    Feedback,
    Form,
    Frame,
)

#: Of what is said of a child only the estimated age is practised.
_AGE = "age"
_FORMS = {
    Form.CIRCLE: gettext_lazy("A circle"),
    Form.SQUARE: gettext_lazy("A square"),
    Form.TRIANGLE: gettext_lazy("A triangle"),
    Form.HEXAGON: gettext_lazy("A hexagon"),
    Form.STAR: gettext_lazy("A star"),
}
_FRAMES = {
    Frame.ZIGZAG: gettext_lazy("A zigzag above and below"),
    Frame.DASHED: gettext_lazy("A dashed frame"),
    Frame.DOUBLE: gettext_lazy("A double frame"),
}


@dataclass(frozen=True, slots=True)
class Marked:
    """What was said, in words: right, missed, not there."""

    perfect: bool
    right: tuple[Words, ...]
    missed: tuple[Words, ...]
    extra: tuple[Words, ...]


def picture(shown: Exercise, *, revealed: bool) -> SafeString:
    """The picture, veiled as a preview is until it is revealed."""
    title = _("Practice picture %(n)s") % {"n": shown.number}
    said = _("Generated shapes, no evidence.") if revealed else _("Generated shapes, blurred.")
    drawn = Drawn(shown.form, shown.frame, shown.dots, shown.turn, shown.hue)
    return practice(title, said, drawn, veiled=not revealed, word=_("PRACTICE"))


def legend() -> tuple[Fact, ...]:
    """What stands for what."""
    words = vocabulary.own().words
    return (
        *(Fact(_FORMS[form], words(code)) for form, code in CONTENT_OF.items()),
        *(Fact(_FRAMES[frame], words(code)) for frame, code in SIGN_OF.items()),
        *(
            Fact(ngettext("%(n)s dot", "%(n)s dots", dots) % {"n": dots}, words(code))
            for dots, code in AGE_OF.items()
        ),
    )


def choices(given: Iterable[str]) -> tuple[ChoiceGroup, ...]:
    """The labels with their keys, as in the studio; of a child its age alone."""
    own, said = vocabulary.own(), frozenset(given)
    labels = [*own.about(CONTENT), *(one for one in own.about(CHILD) if one.group == _AGE)]
    by_group: dict[str, list[Choice]] = {}
    for one in labels:
        by_group.setdefault(one.group, []).append(
            Choice(one.code, one.words, one.key, one.code in said)
        )
    return tuple(
        ChoiceGroup(code, own.groups[code].words, own.groups[code].one_only, tuple(found))
        for code, found in by_group.items()
    )


def marked(found: Feedback) -> Marked:
    """Feedback in words."""
    return Marked(
        found.perfect, *(_words(codes) for codes in (found.right, found.missed, found.extra))
    )


def _words(codes: frozenset[str]) -> tuple[Words, ...]:
    own = vocabulary.own()
    return tuple(one.words for one in own.labels if one.code in codes)
