"""The gate in words: rows and their questions, a decision explained, a table's trial."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tipline.doors.portals.desk.shown_policy import ShownChange
from tipline.doors.portals.desk.shown_reasons import sentences
from tipline.doors.portals.look.parts import Words
from tipline.ground.accounts.queries import organisation_names

if TYPE_CHECKING:
    from tipline.ground.publication.rules import Change
    from tipline.record.evidence.models import KeptDecision
    from tipline.record.evidence.rules_explained import Explanation, Question

QUESTIONS: Mapping[str, Words] = {
    "viewed_by_esp": gettext_lazy("A person at the ESP viewed it"),
    "viewed_means": gettext_lazy("What this ESP's word means"),
    "exif_viewed": gettext_lazy("Its EXIF data was viewed, too"),
    "publicly_available": gettext_lazy("It was open to the public"),
    "counsel_enabled_public": gettext_lazy("The asker's counsel lets that open it"),
    "match": gettext_lazy("It matches a known file"),
    "viewer": gettext_lazy("Who asks"),
    "circuit": gettext_lazy("Federal circuit of the agency"),
    "allow_hash_confirm": gettext_lazy("The agency's counsel lets it confirm a match"),
    "receives_and_assesses": gettext_lazy("The law makes the asker receive and assess"),
    "opening": gettext_lazy("A paper of the asker holds"),
}
ANSWERS: Mapping[str, Words] = {
    "yes": gettext_lazy("yes"),
    "no": gettext_lazy("no"),
    "unknown": gettext_lazy("not said"),
    "none": gettext_lazy("none"),
    "this_upload_by_person_before_reporting": gettext_lazy(
        "this upload, by a person, before reporting"
    ),
    "other": gettext_lazy("something else"),
    "exact": gettext_lazy("the same bytes"),
    "photodna": gettext_lazy("by PhotoDNA"),
    "perceptual": gettext_lazy("by appearance"),
    "clearinghouse": gettext_lazy("our own house"),
    "agency": gettext_lazy("an agency"),
    "warrant": gettext_lazy("a warrant"),
    "consent": gettext_lazy("a consent"),
    "exigency": gettext_lazy("an exigency"),
}


def answer_words(values: Iterable[str]) -> str:
    """Answers in words; those that are numbers or codes as they are."""
    return ", ".join(str(ANSWERS.get(value, value)) for value in values)


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    words: Words
    takes: str
    was: str
    holds: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row of the table. ``verdict``: what it came to, in a word or two."""

    rule: str
    verdict: str
    decides: bool
    exif: str
    questions: tuple[ShownQuestion, ...]


@dataclass(frozen=True, slots=True)
class ShownExplanation:
    """``outcome``: what may be seen; ``last_word``: no row held, so the program's word did."""

    open: bool
    outcome: str
    rule: str
    policy: str
    why: str
    rows: tuple[ShownRow, ...]
    last_word: bool
    at: datetime


def shown_explanation(found: Explanation, at: datetime) -> ShownExplanation:
    """A decision with every row of its table, in order."""
    decision = found.decision
    return ShownExplanation(
        open=decision.open,
        outcome=outcome_words(decision.open, decision.exif == "allow"),
        rule=decision.rule,
        policy=decision.policy,
        why=sentences(decision.reasons),
        rows=tuple(_rows(found)),
        last_word=not decision.open,
        at=at,
    )


def outcome_words(pixels: bool, exif: bool) -> str:
    """What may be seen."""
    if not pixels:
        return _("closed")
    return _("open, EXIF data too") if exif else _("open, EXIF data closed")


def _rows(found: Explanation) -> Iterator[ShownRow]:
    decided = False
    for one in found.rows:
        if one.decides:
            verdict = _("holds and decides")
        elif one.holds:
            verdict = _("holds, but a row above it decided")
        else:
            verdict = _("does not hold")
        yield ShownRow(
            one.row.rule,
            verdict if not decided or one.holds else _("not needed"),
            one.decides,
            _("opens EXIF data, too") if one.row.exif else _("keeps EXIF data closed"),
            tuple(map(_question, one.questions)),
        )
        decided = decided or one.decides


def _question(one: Question) -> ShownQuestion:
    words = QUESTIONS.get(one.name, one.name)
    return ShownQuestion(words, answer_words(one.takes), answer_words(one.was), one.holds)


_ACTS: Mapping[str, Words] = {
    "file.previewed": gettext_lazy("shown"),
    "file.revealed": gettext_lazy("revealed"),
    "file.exif-read": gettext_lazy("EXIF data read"),
    "file.opened": gettext_lazy("taken"),
    "file.blocked": gettext_lazy("refused"),
}


@dataclass(frozen=True, slots=True)
class ShownKept:
    """A decision that was kept: when, for whom, what was done, by which rule."""

    at: datetime
    asker: str
    act: Words
    outcome: str
    rule: str
    policy: str
    url: str
    current: bool


def shown_kept(rows: Sequence[KeptDecision], address: str, current: int) -> list[ShownKept]:
    """Kept decisions of one file; ``address``: the page that explains one, by ``?kept=``."""
    return [
        ShownKept(
            row.at,
            row.organisation.name if row.organisation else _("nobody's organisation"),
            _ACTS.get(row.act, row.act),
            outcome_words(row.pixels, row.exif),
            row.rule,
            row.policy,
            f"{address}?kept={row.pk}",
            row.pk == current,
        )
        for row in rows
    ]


def shown_changes(changes: Sequence[Change]) -> list[tuple[str, list[ShownChange]]]:
    """What a table changes, row by row."""
    found: dict[str, list[ShownChange]] = {}
    for change in changes:
        heading = _heading(change.key)
        words = str(QUESTIONS.get(change.name, ""))
        before, after = (_value(one) for one in (change.before, change.after))
        found.setdefault(heading, []).append(ShownChange(change.name, words, before, after))
    return list(found.items())


def _heading(key: str) -> str:
    parts = key.split(".", 1)
    if parts[0] != "rows":
        return _("Of the whole table")
    if key == "rows.order":
        return _("Order of the rows")
    return _("Row %s") % key.removeprefix("rows.").rpartition(".")[0]


def _value(value: Any) -> str:
    return "\N{EN DASH}" if value is None else answer_words(str(value).split(", "))


@dataclass(frozen=True, slots=True)
class ShownMover:
    """One file for one asker, under the table in force and under the new one."""

    number: int
    url: str
    file: str
    asker: str
    before: str
    after: str
    rules: tuple[str, str]


@dataclass(frozen=True, slots=True)
class ShownTrial:
    sentence: str
    facts: tuple[tuple[str, int], ...]
    askers: tuple[tuple[str, int, int], ...]
    movers: tuple[ShownMover, ...]


def shown_trial(trial: Mapping[str, Any]) -> ShownTrial | None:
    """None for a table that was never tried."""
    if "asked" not in trial:
        return None
    names = organisation_names({int(key) for key in trial["askers"]})
    return ShownTrial(
        sentence=_moved(trial),
        facts=tuple(_facts(trial)),
        askers=tuple(
            (names.get(int(key), key), opens, closes)
            for key, (opens, closes) in trial["askers"].items()
        ),
        movers=tuple(_mover(one, names) for one in trial["movers"]),
    )


def _moved(trial: Mapping[str, Any]) -> str:
    said = ngettext(
        "Of %(files)s file, %(opens)s would open and %(closes)s would close for somebody.",
        "Of %(files)s files, %(opens)s would open and %(closes)s would close for somebody.",
        trial["files"],
    )
    counts = {"opens": trial["files_open"], "closes": trial["files_close"]}
    return said % {"files": trial["files"], **counts}


def _facts(trial: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    yield _("Files tried"), trial["files"]
    yield _("Asked for: a file for one organisation"), trial["asked"]
    yield _("Would open"), trial["opens"]
    yield _("Would close"), trial["closes"]
    yield _("EXIF data would open"), trial["exif_opens"]
    yield _("EXIF data would close"), trial["exif_closes"]
    yield _("By another rule"), trial["other_rule"]


def _mover(one: Mapping[str, Any], names: Mapping[int, str]) -> ShownMover:
    before, after = (
        outcome_words(pixels, exif) for pixels, exif in zip(one["pixels"], one["exif"], strict=True)
    )
    return ShownMover(
        one["report"],
        reverse("desk:gate", args=[one["report"], one["file"]]) + f"?for={one['asker']}",
        one["file"],
        names.get(one["asker"], str(one["asker"])),
        before,
        after,
        tuple(one["rule"]),
    )


def mover_cells(trial: Mapping[str, Any]) -> Iterator[Sequence[object]]:
    """The same as rows of a table."""
    yield ("report", "file", "asker", "before", "after", "rule before", "rule after")
    names = organisation_names({one["asker"] for one in trial.get("movers", ())})
    for one in trial.get("movers", ()):
        shown = _mover(one, names)
        yield (shown.number, shown.file, shown.asker, shown.before, shown.after, *shown.rules)
