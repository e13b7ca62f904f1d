"""Whatever happens to a file's twins, it opens to nobody whom the gate's own table keeps out.

A plain model says, for each person and file, what the table of the gate says; random stories
of labels, twins, matches, openings, endings and profiles are told to the real rows.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import few
from tests.personas import VIEWED, World, file_report

from tipline.ground.accounts import services as accounts
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM
from tipline.insight.annotation.queries import known_material
from tipline.insight.annotation.services import set_label
from tipline.insight.matching.services import match
from tipline.record.evidence.access import decisions
from tipline.record.evidence.queries import files_of
from tipline.record.evidence.services import OpeningTerms, end_opening, record_opening

DAY = timedelta(days=1)
CONTENTS = (b"one", b"two")
FLAGS = st.fixed_dictionaries(
    {},
    optional={
        "fileViewedByEsp": st.booleans(),
        "exifViewedByEsp": st.booleans(),
        "publiclyAvailable": st.booleans(),
    },
)
PEOPLE = ("ana", "sofia", "ines", "tomas", "fay")
HOLDERS = {"sofia": "Clearinghouse", "ines": "California ICAC", "tomas": "Texas ICAC"}
HOUSES = {
    "ana": "Clearinghouse",
    "sofia": "Clearinghouse",
    "ines": "California ICAC",
    "tomas": "Texas ICAC",
    "fay": "Federal queue",
}
AREAS = {
    "California ICAC": ["US-CA"],
    "Texas ICAC": ["US-TX"],
    "Federal queue": ["US-FEDERAL"],
}


@dataclass
class Story:
    """What happened, as plain values, told to the real rows at the same time."""

    world: World
    files: list = field(default_factory=list)
    flags: dict = field(default_factory=dict)
    trusted: dict = field(default_factory=dict)
    labelled: dict = field(default_factory=dict)
    openings: list = field(default_factory=list)
    counsel: dict = field(default_factory=dict)

    def report(self, esp: str, contents: list[int], flags: list[dict]) -> None:
        sent = [(CONTENTS[n], said) for n, said in zip(contents, flags, strict=False)]
        report = file_report(self.world, esp=esp, files=sent)
        added = files_of(report.pk)
        match(added)
        for file, (_content, said) in zip(added, sent, strict=True):
            self.files.append(file)
            self.flags[file.pk] = said
            self.trusted[file.pk] = esp == "harborline"

    def label(self, place: int, present: bool) -> None:
        file = self.files[place % len(self.files)]
        set_label(self.world.actor("ana"), file, "apparent_csam", present=present)
        self.labelled[file.sha256] = present

    def opening(self, holder: str, place: int, start: int, end: int | None) -> None:
        file = self.files[place % len(self.files)]
        now = clock.now()
        wanted = OpeningTerms(
            "warrant", "1", "A court", now + start * DAY, None if end is None else now + end * DAY
        )
        made = record_opening(self.world.actor(holder), [file], wanted)
        self.openings.append([made.pk, holder, file, start <= 0 and (end is None or end > 0)])

    def ending(self, place: int) -> None:
        running = [one for one in self.openings if one[0] is not None]
        if running:
            one = running[place % len(running)]
            end_opening(self.world.actor(one[1]), one[2].report_id, one[0])
            one[0], one[3] = None, False

    def agency(self, name: str, confirms: bool, public: bool) -> None:
        content = {"areas": AREAS[name], "allow_hash_confirm": confirms, "public_opens": public}
        accounts.set_agency_profile(SYSTEM, self.world.organisations[name], content)
        self.counsel[name] = (confirms, public)

    def may_open(self, person: str, file) -> bool:
        """The table, in words of its own: nothing here looks at a twin's flags or openings."""
        said, house = self.flags[file.pk], HOUSES[person]
        if said.get("fileViewedByEsp") is True and self.trusted[file.pk]:
            return True
        if any(
            named.pk == file.pk and HOLDERS[holder] == house and holds
            for _pk, holder, named, holds in self.openings
        ):
            return True
        confirms, public = self.counsel.get(house, (False, False))
        if said.get("publiclyAvailable") is True and public:
            return True
        return confirms and house == "Texas ICAC" and self._is_known(file)

    def _is_known(self, file) -> bool:
        earlier = [one for one in self.files if one.report_id < file.report_id]
        came_before = any(one.sha256 == file.sha256 for one in earlier)
        return came_before and self.labelled.get(file.sha256, False)


STEPS = st.one_of(
    st.tuples(
        st.just("report"),
        st.sampled_from(["harborline", "quillnet"]),
        st.lists(st.integers(0, 1), min_size=2, max_size=2),
        st.lists(FLAGS, min_size=2, max_size=2),
    ),
    st.tuples(st.just("label"), st.integers(0, 5), st.booleans()),
    st.tuples(
        st.just("opening"),
        st.sampled_from(sorted(HOLDERS)),
        st.integers(0, 5),
        st.sampled_from([-2, 1]),
        st.sampled_from([None, 2]),
    ),
    st.tuples(st.just("ending"), st.integers(0, 5)),
    st.tuples(st.just("agency"), st.sampled_from(sorted(AREAS)), st.booleans(), st.booleans()),
)


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@few(6)
@given(st.lists(FLAGS, min_size=2, max_size=2), st.lists(STEPS, max_size=8))
def test_a_file_opens_to_exactly_those_of_the_table(world, first, steps):
    with undone():
        story = Story(world)
        story.report("harborline", [0, 1], first)
        for name, *told in steps:
            getattr(story, name)(*told)

        found, expected = {}, {}
        for person in PEOPLE:
            for file in story.files:
                said = decisions(world.actor(person), [file], known_material([file]))
                found[person, file.pk] = said[file.pk].open
                expected[person, file.pk] = story.may_open(person, file)
    assert found == expected


@pytest.mark.parametrize("name", PEOPLE)
def test_every_way_of_a_twin_at_once_opens_nothing(world, name):
    """Its twin was viewed, is public, labelled, matched and opened by warrant to everybody."""
    story = Story(world)
    accounts.set_esp_profile(SYSTEM, world.organisations["Quillnet"], VIEWED)
    everything = {"fileViewedByEsp": True, "exifViewedByEsp": True, "publiclyAvailable": True}
    for esp in ("harborline", "quillnet"):
        story.report(esp, [0], [everything])
    story.label(0, present=True)
    for holder in HOLDERS:
        story.opening(holder, 0, -2, None)
        story.opening(holder, 1, -2, None)
    story.report("harborline", [0], [{}])

    file = story.files[-1]
    assert match([file]) == 0  # it has been matched: the same bytes came before
    assert known_material([file]) == {file.sha256}
    decision = decisions(world.actor(name), [file], known_material([file]))[file.pk]
    assert not decision.open
    assert decision.rule == "3"
