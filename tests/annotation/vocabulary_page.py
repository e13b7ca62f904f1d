# ruff: noqa: E501 - a paragraph of the page is one line
"""The page of the vocabularies, written from the data; a test holds that it says the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tipline.insight.annotation import vocabulary
from tipline.insight.annotation.rules_vocabulary import LabelCode, Scheme

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "vocabularies.md"
HEAD = """# Vocabularies

The words in which files are described. Written from `src/tipline/insight/annotation/vocabularies/`; a test fails when this page says something else.

Each statement is kept with its code, the vocabulary's name and its version. Nothing is overwritten: a label that is withdrawn is a second statement. A label follows the bytes into every report that has them, and opens nothing.

![The labels of one file in the studio, and the list of all keys](../pictures/studio-keys.png)
"""


def render() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_labels(), *_schemes(), *_open(), *_crosswalk()]) + "\n"


def _labels() -> Iterator[str]:
    own = vocabulary.own()
    yield f"## Our analysts' labels: {own.stamp}\n"
    yield "One key each, after `l` on a report's page. A child is numbered from 1 and keeps its number. The sign is what triage reads; how much it weighs is its policy.\n"
    yield "| Label | Code | Key | Said of | Group | Age | Sign |"
    yield "|---|---|---|---|---|---|---|"
    for one in own.in_force:
        subject = "a child" if one.subject == vocabulary.CHILD else "the content"
        group = own.groups[one.group]
        only = ", one of them" if group.one_only else ""
        yield (
            f"| {one.words} | `{one.code}` | `{one.key}` | {subject} | {group.words}{only} "
            f"| {_years(one)} | {_code(one.sign)} |"
        )
    yield "\n### Retired\n"
    yield "Readable for ever, set no more.\n"
    yield "| Label | Code | Retired in version | Instead | Sign |"
    yield "|---|---|---|---|---|"
    for one in own.labels:
        if one.retired:
            instead = ", ".join(_code(code) for code in one.successors)
            sign = _code(one.sign)
            yield f"| {one.words} | `{one.code}` | {one.retired} | {instead} | {sign} |"
    yield f"\nSource: {own.source}. Earlier stamps: {', '.join(own.former)}.\n"


def _years(one: LabelCode) -> str:
    return f"{one.years[0]} to {one.years[1]}" if one.years else ""


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _schemes() -> Iterator[str]:
    for name in vocabulary.SCHEMES:
        scheme: Scheme = vocabulary.scheme(name)
        yield f"## {scheme.words}: {scheme.name}, version {scheme.version}\n"
        yield "| Code | Words |"
        yield "|---|---|"
        yield from (f"| `{code}` | {words} |" for code, words in scheme.codes.items())
        yield f"\nSource: {scheme.source}.\n"


def _open() -> Iterator[str]:
    ucs = vocabulary.ucs()
    yield f"## {ucs.words}, version {ucs.version}\n"
    blocks = ", ".join(f"{words} (`{code}`)" for code, words in ucs.blocks.items())
    yield f"Blocks: {blocks}. Its list of labels was not obtained, so keys and values are free and kept as they are typed: a key of at most {ucs.longest_key} characters, a value of at most {ucs.longest_value}, {ucs.most_pairs} keys on one content.\n"
    yield f"Source: {ucs.source}.\n"


def _crosswalk() -> Iterator[str]:
    yield "## What it would probably be elsewhere\n"
    yield "**Indicative, not legally exact.** Worked out when it is shown and never stored. The first rule of a scheme that holds gives its code: one of the provider's classes, if the rule names any, and one of our labels, if it names any.\n"
    yield "| Scheme | Code | Provider's class | Our labels | Rule |"
    yield "|---|---|---|---|---|"
    for rule in vocabulary.crosswalk():
        classes = ", ".join(_code(code) for code in sorted(rule.industry))
        labels = ", ".join(_code(code) for code in sorted(rule.labels))
        scheme = vocabulary.scheme(rule.scheme).words
        yield f"| {scheme} | `{rule.code}` | {classes} | {labels} | `{rule.name}` |"
    yield "\nSource: a design suggestion that follows the published definitions; a deployment's counsel decides."


if __name__ == "__main__":
    import django

    django.setup()
    PAGE.write_text(render(), encoding="utf-8")
