"""What a person says of a content without knowing what another said, and how two are settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.look.parts import Words
from tipline.insight.annotation import vocabulary
from tipline.insight.annotation.looks.rules import Answer
from tipline.insight.annotation.looks.services import LEAST_REASON, MOST_REASON
from tipline.insight.annotation.services import MOST_CHILDREN
from tipline.insight.annotation.vocabulary import CHILD, CONTENT


@dataclass(frozen=True, slots=True)
class Tick:
    """One label of a form: its box, and the key that ticks it where one does."""

    name: str
    code: str
    words: Words
    key: str
    ticked: bool

    @property
    def hint(self) -> str:
        return f"l {self.key}"


@dataclass(frozen=True, slots=True)
class Ticks:
    """Labels that stand together."""

    words: Words
    ticks: tuple[Tick, ...]


class AnswerForm(forms.Form):
    """Labels of the content and of each child in it; a child without any is none.

    ``children``: for how many the form has rows, which :meth:`rows` shows.
    """

    children = forms.IntegerField(
        min_value=1, max_value=MOST_CHILDREN, required=False, widget=forms.HiddenInput
    )

    def __init__(
        self, data: Any = None, *, said: Answer | None = None, more: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self._said = said or Answer()
        self.number = min(self._number() + more, MOST_CHILDREN)
        self.fields["content"] = _labels(CONTENT)
        for number in range(1, self.number + 1):
            self.fields[f"child_{number}"] = _labels(CHILD)

    def _number(self) -> int:
        if not self.is_bound:
            return max(1, len(self._said.children))
        text = str(self.data.get("children", ""))
        return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 4 else 1

    @classmethod
    def with_one_more(cls, data: Any) -> Self:
        """The form as it was sent, judged not yet, with a row for another child."""
        rows = range(1, cls(data).number + 1)
        ticked = tuple(frozenset(data.getlist(f"child_{n}")) for n in rows)
        said = Answer(frozenset(data.getlist("content")), ticked)
        return cls(said=said, more=1, initial={"reason": data.get("reason", "")})

    def said(self) -> Answer:
        """What a valid form says."""
        told = self.cleaned_data
        children = (told.get(f"child_{n}", []) for n in range(1, self.number + 1))
        return Answer(frozenset(told["content"]), tuple(frozenset(c) for c in children if c))

    def rows(self) -> Iterator[tuple[int, tuple[Ticks, ...]]]:
        """(number of the child, 0 for the content; its boxes)."""
        yield 0, self._ticks("content", CONTENT, self._said.content, keys=True)
        for n in range(1, self.number + 1):
            before = self._said.children[n - 1] if n <= len(self._said.children) else frozenset()
            yield n, self._ticks(f"child_{n}", CHILD, before, keys=n == self.number)

    def _ticks(
        self, name: str, subject: str, before: frozenset[str], *, keys: bool
    ) -> tuple[Ticks, ...]:
        own = vocabulary.own()
        sent: Any = self.data
        ticked = set(sent.getlist(name)) if self.is_bound else before
        groups: dict[str, list[Tick]] = {}
        for one in own.about(subject):
            tick = Tick(name, one.code, one.words, one.key if keys else "", one.code in ticked)
            groups.setdefault(one.group, []).append(tick)
        return tuple(Ticks(own.groups[g].words, tuple(ticks)) for g, ticks in groups.items())


def _labels(subject: str) -> forms.MultipleChoiceField:
    choices = [(label.code, label.words) for label in vocabulary.own().about(subject)]
    return forms.MultipleChoiceField(choices=choices, required=False)


class SettleForm(AnswerForm):
    """What holds, and why."""

    reason = forms.CharField(
        label=_("Why"),
        min_length=LEAST_REASON,
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands beside both answers. No names of people in the picture."),
    )
