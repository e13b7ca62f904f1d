"""Reading vocabularies from TOML, each checked whole: every problem is told at once.

A file that cannot be used is a :class:`PolicyError` that names each key and its fix.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from django.utils.translation import gettext_lazy

from tipline.ground.foundation.policy import Policy, Table, load
from tipline.insight.annotation.rules_crosswalk import Mapped
from tipline.insight.annotation.rules_standing import CHILD_EVENT
from tipline.insight.annotation.rules_vocabulary import (
    CHILD,
    CONTENT,
    Group,
    LabelCode,
    OpenScheme,
    Scheme,
    Vocabulary,
)

_CODE: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")
_KEY: Final = re.compile(r"[A-Za-z0-9]")
_OLDEST = 120


def read_labels(file: Path) -> Vocabulary:
    """Our own labels; each key once, each successor in force, each group with one subject."""
    held: Policy[Vocabulary] = load(file, _labels)
    rules = held.rules
    return Vocabulary(
        f"{held.name}-{held.version}", rules.source, rules.former, rules.groups, rules.labels
    )


def _labels(table: Table) -> Vocabulary:
    groups = {code: _group(code, inner) for code, inner in _tables(table.table("groups"))}
    given = table.table("labels")
    labels = tuple(_label(code, inner, groups) for code, inner in _tables(given))
    for label in labels:
        if not _CODE.fullmatch(label.code) or label.code == CHILD_EVENT:
            given.problem(label.code, "is no code; use a-z, 0-9 and _, 2 to 40, a letter first")
    if not labels:
        table.problem("labels", "is empty; give at least one label")
    _one_key_each(given, labels)
    _successors(given, labels)
    former = table.texts("former") if table.has("former") else ()
    return Vocabulary("", table.text("source"), former, groups, labels)


def _tables(table: Table) -> list[tuple[str, Table]]:
    return [(key, table.table(key)) for key in table.keys()]  # noqa: SIM118 - not a mapping


def _group(code: str, table: Table) -> Group:
    return Group(
        code,
        gettext_lazy(table.text("words")),
        table.text("subject", one_of=(CONTENT, CHILD)),
        table.flag("one_only") if table.has("one_only") else False,
    )


def _label(code: str, table: Table, groups: Mapping[str, Group]) -> LabelCode:
    group = table.text("group", one_of=groups)
    retired = table.text("retired") if table.has("retired") else ""
    return LabelCode(
        code=code,
        words=gettext_lazy(table.text("words")),
        key=_key(table, retired=bool(retired)),
        group=group,
        subject=groups[group].subject if group in groups else CONTENT,
        years=_years(table),
        sign=table.text("sign") if table.has("sign") else "",
        retired=retired,
        successors=table.texts("successors") if retired else (),
    )


def _key(table: Table, *, retired: bool) -> str:
    if retired:
        return ""
    key = table.text("key")
    if key and not _KEY.fullmatch(key):
        table.problem("key", f"{key!r} is no key; give one letter or digit")
    return key


def _years(table: Table) -> tuple[int, ...]:
    if not table.has("years"):
        return ()
    years = table.integers("years")
    if len(years) != 2 or not 0 <= years[0] <= years[1] <= _OLDEST:
        table.problem("years", "give the youngest and the oldest age, for example [3, 6]")
    return years


def _one_key_each(given: Table, labels: tuple[LabelCode, ...]) -> None:
    taken: dict[str, str] = {}
    for label in labels:
        if label.key and taken.setdefault(label.key, label.code) != label.code:
            given.problem(f"{label.code}.key", f"{label.key!r} is the key of {taken[label.key]}")


def _successors(given: Table, labels: tuple[LabelCode, ...]) -> None:
    live = {label.code for label in labels if not label.retired}
    for label in labels:
        for code in label.successors:
            if code not in live:
                fix = f"{code!r} is no label in force; name what replaces this one"
                given.problem(f"{label.code}.successors", fix)


def read_scheme(file: Path) -> Scheme:
    """A closed scheme: codes and their words."""
    held: Policy[Scheme] = load(file, _closed)
    rules = held.rules
    return Scheme(held.name, held.version, rules.words, rules.source, rules.codes)


def _closed(table: Table) -> Scheme:
    codes = _words(table.table("codes"))
    if not codes:
        table.problem("codes", "is empty; give at least one code")
    return Scheme("", "", gettext_lazy(table.text("words")), table.text("source"), codes)


def _words(table: Table) -> dict[str, object]:
    return {code: gettext_lazy(table.text(code)) for code in table.keys()}  # noqa: SIM118


def read_open_scheme(file: Path) -> OpenScheme:
    """A scheme with free keys and values."""
    held: Policy[OpenScheme] = load(file, _open)
    r = held.rules
    bounds = (r.longest_key, r.longest_value, r.most_pairs)
    return OpenScheme(held.name, held.version, r.words, r.source, r.blocks, *bounds)


def _open(table: Table) -> OpenScheme:
    bounds = table.table("bounds")
    return OpenScheme(
        name="",
        version="",
        words=gettext_lazy(table.text("words")),
        source=table.text("source"),
        blocks=_words(table.table("blocks")),
        longest_key=bounds.integer("key", low=1, high=100),
        longest_value=bounds.integer("value", low=1, high=500),
        most_pairs=bounds.integer("pairs", low=1, high=1000),
    )


def read_crosswalk(
    file: Path, schemes: Mapping[str, Scheme], own: Vocabulary
) -> tuple[Mapped, ...]:
    """The rules of the crosswalk; every code and label that they name exists."""

    def validate(table: Table) -> tuple[Mapped, ...]:
        table.text("source")
        return tuple(_mapped(name, t, schemes, own) for name, t in _tables(table.table("rules")))

    held: Policy[tuple[Mapped, ...]] = load(file, validate)
    return held.rules


def _mapped(name: str, table: Table, schemes: Mapping[str, Scheme], own: Vocabulary) -> Mapped:
    scheme = table.text("scheme", one_of=schemes)
    codes = schemes[scheme].codes if scheme in schemes else ()
    industry = schemes["industry"].codes
    made = Mapped(
        name=name,
        scheme=scheme,
        code=table.text("code", one_of=codes),
        industry=frozenset(_some(table, "industry", tuple(industry))),
        labels=frozenset(_some(table, "labels", tuple(own.by_code))),
    )
    if not made.industry and not made.labels:
        table.problem("labels", "a rule without a condition would always hold; name one")
    return made


def _some(table: Table, key: str, one_of: tuple[str, ...]) -> tuple[str, ...]:
    return table.texts(key, one_of=one_of) if table.has(key) else ()
