"""Vocabularies are data: checked whole, never forgetting a code, and indicative elsewhere."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.annotation.vocabulary_page import PAGE, render
from tests.filing import SEEN, picture

from tipline.doors.portals.desk.shown_labels import shown_labels
from tipline.ground.foundation.policy import PolicyError
from tipline.ground.taxonomy.files import FileAnnotation, IndustryClassification
from tipline.insight.annotation import vocabulary, vocabulary_words
from tipline.insight.annotation.errors import RetiredLabel
from tipline.insight.annotation.models import LabelEvent
from tipline.insight.annotation.queries import labels_of, signs_on
from tipline.insight.annotation.rules_crosswalk import indicated
from tipline.insight.annotation.rules_standing import Standing
from tipline.insight.annotation.services import set_label
from tipline.insight.annotation.vocabulary import CHILD, CONTENT, FOLDER
from tipline.insight.annotation.vocabulary_files import read_crosswalk, read_labels, read_scheme
from tipline.insight.lists.own import LABELS as LISTED
from tipline.insight.triage.features import Label
from tipline.insight.triage.judgements.rules import labels_behind
from tipline.insight.triage.policy import default_policy
from tipline.record.evidence.queries import files_of

#: What events of the first vocabulary may say; none of these codes may ever be forgotten.
FIRST = {
    "apparent_csam", "unconfirmed_age", "exploitative", "generated", "harmless", "viral",
    "infant_toddler", "prepubescent", "pubescent", "violence", "bestiality", "production",
    "live_streaming", "self_production",
}  # fmt: skip
INDUSTRY = st.sets(st.sampled_from(list(IndustryClassification)), max_size=2)
LABELS = st.sets(st.sampled_from(sorted(vocabulary.own().by_code)), max_size=6)


def test_no_code_of_an_earlier_vocabulary_is_forgotten():
    own = vocabulary.own()
    assert own.stamp == "tipline-labels-2"
    assert own.former == ("tipline-labels-1",)
    assert set(own.by_code) >= FIRST
    assert {str(own.words(code)) for code in FIRST}.isdisjoint(FIRST)


def test_every_label_in_force_has_a_key_of_its_own_and_a_subject():
    labels = vocabulary.own().in_force
    keys = [label.key for label in labels]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    assert {label.subject for label in labels} == {CONTENT, CHILD}
    assert {"7", "c"}.isdisjoint(keys), "keys of the card itself"


def test_what_feeds_a_list_is_said_of_the_content():
    own = vocabulary.own().by_code
    assert {own[code].subject for code in LISTED} == {CONTENT}


def test_ages_cover_every_year_below_eighteen_once():
    years = [label.years for label in vocabulary.own().in_force if label.years]
    assert [year for low, high in years for year in range(low, high + 1)] == list(range(18))


def test_a_sign_is_one_that_triage_reads_and_that_has_points():
    points = default_policy().rules.danger.points
    for label in vocabulary.own().labels:
        if label.sign:
            assert label.sign in set(Label)
            assert any(label.sign in labels_behind(term) for term in points), label.code


def test_every_word_is_marked_for_translation():
    own, marked = vocabulary.own(), set(vocabulary_words.MARKED)
    words = [*(one.words for one in own.labels), *(one.words for one in own.groups.values())]
    for name in vocabulary.SCHEMES:
        scheme = vocabulary.scheme(name)
        words += [scheme.words, *scheme.codes.values()]
    words += [vocabulary.ucs().words, *vocabulary.ucs().blocks.values()]
    assert {str(word) for word in words} == marked


def test_the_schemes_of_others_have_the_codes_of_the_wire():
    assert set(vocabulary.scheme("industry").codes) == set(IndustryClassification)
    assert set(vocabulary.scheme("esp-annotations").codes) == set(FileAnnotation)
    assert list(vocabulary.scheme("uk-abc").codes) == ["A", "B", "C"]
    assert len(vocabulary.scheme("copine").codes) == 10
    assert set(vocabulary.ucs().blocks) == {"categorisation", "investigative", "demographic"}


def test_the_page_of_the_vocabularies_says_what_the_data_say():
    assert PAGE.read_text(encoding="utf-8") == render(), (
        "run: PYTHONPATH=src:. .venv/bin/python -m tests.annotation.vocabulary_page"
    )


# --- a label more: the recipe --------------------------------------------------------------

HAT = """
[labels.hat]
words = "Wears a hat"
key = "k"
group = "state"
sign = "violence"
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the vocabularies, which is in force."""
    made = tmp_path / "vocabularies"
    shutil.copytree(FOLDER, made)
    monkeypatch.setattr(vocabulary, "FOLDER", made)
    return made


def add(folder, text, file="tipline-labels.toml"):
    path = folder / file
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_a_label_more_is_a_few_lines_of_data(folder, world, filed):
    add(folder, HAT)
    [file] = files_of(filed(files=[(picture(1), SEEN)]).pk)

    [hat] = [one for one in vocabulary.own().in_force if one.code == "hat"]
    assert (str(hat.words), hat.key, hat.subject, hat.sign) == (
        "Wears a hat", "k", "child", "violence",
    )  # fmt: skip
    buttons = [
        one.hint
        for child in shown_labels(file, Standing()).children
        for group in child.groups
        for one in group.buttons
        if one.words == hat.words
    ]
    assert buttons == ["l k"]
    set_label(world.actor("ana"), file, "hat", present=True, child=1)
    assert labels_of([file.sha256]) == {file.sha256: {"hat"}}
    assert signs_on([file.sha256]) == {"violence"}


@pytest.mark.parametrize(
    ("lines", "key", "fix"),
    [
        (
            '[labels.hat]\nwords = "Hat"\nkey = "1"\ngroup = "act"',
            "labels.hat.key",
            "is the key of",
        ),
        ('[labels.hat]\nwords = "Hat"\nkey = "no"\ngroup = "act"', "labels.hat.key", "one letter"),
        ('[labels.hat]\nwords = "Hat"\nkey = "k"\ngroup = "head"', "labels.hat.group", "not one"),
        ('[labels.Hat]\nwords = "Hat"\nkey = "k"\ngroup = "act"', "labels.Hat", "is no code"),
        ('[labels.child]\nwords = "Hat"\nkey = "k"\ngroup = "act"', "labels.child", "is no code"),
        ('[labels.hat]\nwords = " "\nkey = "k"\ngroup = "act"', "labels.hat.words", "blank"),
        (
            '[labels.hat]\nwords = "Hat"\ngroup = "act"\nretired = "3"\nsuccessors = ["cap"]',
            "labels.hat.successors",
            "no label in force",
        ),
        (
            '[labels.hat]\nwords = "Hat"\nkey = "k"\ngroup = "age"\nyears = [9, 3]',
            "labels.hat.years",
            "youngest",
        ),
        (f"{HAT}\nsize = 3", "labels.hat.size", "unknown key"),
    ],
)
def test_a_file_that_is_wrong_names_the_key_and_the_fix(folder, lines, key, fix):
    add(folder, f"\n{lines}\n")
    with pytest.raises(PolicyError) as error:
        read_labels(folder / "tipline-labels.toml")
    assert [one.key for one in error.value.problems] == [key]
    assert fix in error.value.problems[0].fix


def test_a_scheme_and_a_crosswalk_are_checked_too(folder):
    (folder / "uk-abc.toml").write_text('name = "uk-abc"\n', encoding="utf-8")
    with pytest.raises(PolicyError) as error:
        read_scheme(folder / "uk-abc.toml")
    assert {"version", "words", "codes"} <= {one.key for one in error.value.problems}

    add(folder, '\n[rules.wrong]\nscheme = "copine"\ncode = "11"\n', "crosswalk.toml")
    schemes = {name: read_scheme(FOLDER / f"{name}.toml") for name in vocabulary.SCHEMES}
    with pytest.raises(PolicyError) as error:
        read_crosswalk(folder / "crosswalk.toml", schemes, vocabulary.own())
    assert {one.key for one in error.value.problems} == {"rules.wrong.code", "rules.wrong.labels"}


# --- retired labels ------------------------------------------------------------------------


def test_a_retired_label_stays_readable_and_says_what_replaced_it(world, filed):
    [file] = files_of(filed(files=[(picture(1), SEEN)]).pk)
    LabelEvent.objects.create(
        sha256=file.sha256, vocabulary="tipline-labels-1", code="infant_toddler", present=True,
        author=world.people["ana"], at=file.received_at,
    )  # fmt: skip
    assert labels_of([file.sha256]) == {file.sha256: {"infant_toddler"}}
    assert signs_on([file.sha256]) == {"infant_toddler"}
    shown = shown_labels(file, Standing(content=frozenset({"infant_toddler"})))
    words = [str(b.words) for group in shown.content for b in group.buttons if b.present]
    assert words == ["Infant or toddler (retired)"]

    with pytest.raises(RetiredLabel) as error:
        set_label(world.actor("ana"), file, "prepubescent", present=True)
    assert error.value.successors == ("age_3_6", "age_7_11")
    assert "Prepubescent, 3 to 6 years, Prepubescent, 7 to 11 years" in error.value.message
    assert LabelEvent.objects.count() == 1

    set_label(world.actor("ana"), file, "infant_toddler", present=False)
    assert labels_of([file.sha256]) == {}


# --- the crosswalk -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("industry", "labels", "expected"),
    [
        ("A1", set(), {"uk-abc": "B"}),
        ("A1", {"penetrative"}, {"uk-abc": "A"}),
        ("A2", {"penetrative"}, {"uk-abc": "C"}),
        ("B1", set(), {"uk-abc": "B"}),
        ("B1", {"penetrative"}, {"uk-abc": "A"}),
        ("B2", set(), {"uk-abc": "C"}),
        ("B2", {"bestiality"}, {"uk-abc": "A", "copine": "10"}),
        ("", {"sadism"}, {"uk-abc": "A", "copine": "10"}),
        ("", {"apparent_csam"}, {"project-vic": "1"}),
        ("", {"apparent_csam", "generated"}, {"project-vic": "3"}),
        ("", {"unconfirmed_age"}, {"project-vic": "2"}),
        ("", set(), {}),
    ],
)
def test_the_default_map(industry, labels, expected):
    found = indicated(vocabulary.crosswalk(), {industry} - {""}, labels)
    assert {one.scheme: one.code for one in found} == expected


@given(INDUSTRY, LABELS)
def test_at_most_one_known_code_of_a_scheme_and_the_gravest_signs_force_it(industry, labels):
    found = indicated(vocabulary.crosswalk(), industry, labels)
    codes = {one.scheme: one.code for one in found}
    assert len(codes) == len(found)
    assert all(code in vocabulary.scheme(name).codes for name, code in codes.items())
    if labels & {"bestiality", "sadism"}:
        assert (codes["uk-abc"], codes["copine"]) == ("A", "10")
