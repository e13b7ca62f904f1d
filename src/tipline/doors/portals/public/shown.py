"""The answers as the last page shows them, for a look before sending."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms

from tipline.doors.portals.look.parts import Fact, Words
from tipline.doors.portals.public.draft import Draft
from tipline.doors.portals.public.forms import PAGES


@dataclass(frozen=True, slots=True)
class Section:
    """One question with what was answered; ``page`` leads back to it."""

    page: str
    heading: Words
    facts: tuple[Fact, ...]
    words: Words = ""


def sections(draft: Draft) -> list[Section]:
    """Every page with its answers; a page without any has neither facts nor words."""
    return [_section(name, draft) for name in PAGES]


def _section(name: str, draft: Draft) -> Section:
    kind, said = PAGES[name], draft.said_on(name)
    given = {
        field_name: _in_words(field, said[field_name])
        for field_name, field in kind.base_fields.items()
        if said.get(field_name, "").strip()
    }
    if kind.single:
        return Section(name, kind.heading, (), next(iter(given.values()), ""))
    facts = tuple(Fact(kind.base_fields[key].label or key, words) for key, words in given.items())
    return Section(name, kind.heading, facts)


def _in_words(field: forms.Field, value: str) -> Words:
    """A choice by its words, anything else as typed."""
    if not isinstance(field, forms.ChoiceField):
        return value
    choices: dict[str, Words] = dict(field.widget.choices)
    return choices.get(value, value)
