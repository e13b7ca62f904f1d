"""Whatever happens in whatever order, no door shows what the gate's table blocks for who asks.

Hypothesis makes up stories of reports, labels, twins, papers, profiles and published tables and
tells them to the real services; a plain model knows which rows are in force and what they say.
After any step anybody may knock at a door: the agency's hand-out, the desk's look, a pass of any
kind at the evidence origin. What comes back never has pixels of a closed file, nor EXIF data that
is closed.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run_stories
from tests.evidence.pictures import CANARY, jpeg
from tests.evidence.test_never_opened import AREAS, FLAGS, HOLDERS, HOUSES
from tests.evidence_origin import as_image, as_link, body_of, load
from tests.gate.tables import table
from tests.personas import DOCUMENT, World, file_report

from tipline.doors.portals.evidence.addresses import evidence_url
from tipline.ground.accounts import services as accounts
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM
from tipline.insight.annotation.queries import known_material
from tipline.insight.annotation.services import set_label
from tipline.insight.matching.services import picture_child
from tipline.pipeline import stages
from tipline.pipeline.gate_policies import PUBLICATION, TRIALS
from tipline.record.evidence.access import decisions
from tipline.record.evidence.papers.rules import NEXT, State
from tipline.record.evidence.papers.services import (
    Move,
    OpeningTerms,
    move_opening,
    record_opening,
)
from tipline.record.evidence.passes import make_pass
from tipline.record.evidence.queries import files_of
from tipline.record.evidence.rules_passes import Kind

DAY = timedelta(days=1)
ROWS = ("1", "6", "7", "8", "2", "4")
PEOPLE = ("ana", "sofia", "ines", "tomas")
PIXELS = {"image/jpeg", "application/octet-stream"}
CONTENTS = (jpeg(seed=11), jpeg(seed=12))
#: Somebody in Texas, and a child in California: both agencies get each report.
BOTH = {
    **DOCUMENT,
    "personOrUserReported": [
        {"personOrUserReportedPerson": {"address": [{"state": "TX", "country": "US"}]}}
    ],
    "victim": [{"victimPerson": {"address": [{"state": "CA", "country": "US"}]}}],
}


class Model:
    """What happened, as plain values, and what the rows in force say of it."""

    def __init__(self) -> None:
        self.rows = [set(ROWS)]
        self.files: list = []
        self.flags: dict = {}
        self.trusted: dict = {}
        self.labelled: dict = {}
        self.papers: list = []
        self.counsel: dict = {}

    def may(self, person: str, file) -> tuple[bool, bool]:
        """Pixels and EXIF, in words of its own: nothing here looks at a twin."""
        said, house, rows = self.flags[file.pk], HOUSES[person], self.rows[-1]
        viewed = said.get("fileViewedByEsp") is True and self.trusted[file.pk]
        kinds = {
            paper["kind"]
            for paper in self.papers
            if paper["file"] == file.pk and paper["house"] == house and self._holds(paper)
        }
        exif = (
            ("1" in rows and viewed and said.get("exifViewedByEsp") is True)
            or ("6" in rows and "warrant" in kinds)
            or ("7" in rows and "consent" in kinds)
        )
        confirms, public = self.counsel.get(house, (False, False))
        pixels = (
            exif
            or ("8" in rows and viewed)
            or ("2" in rows and said.get("publiclyAvailable") is True and public)
            or ("4" in rows and confirms and house == "Texas ICAC" and self._is_known(file))
        )
        return pixels, exif

    def _holds(self, paper) -> bool:
        return paper["state"] == "granted" and paper["in_time"]

    def _is_known(self, file) -> bool:
        earlier = [one for one in self.files if one.report_id < file.report_id]
        came_before = any(one.sha256 == file.sha256 for one in earlier)
        return came_before and self.labelled.get(file.sha256, False)


def machine(world: World) -> type[RuleBasedStateMachine]:  # noqa: C901 - a story's steps in one place
    """The steps of stories about this world; each story is taken back as a whole."""

    class Story(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.model, self.version = Model(), 0
            self.undone = transaction.atomic()
            self.undone.__enter__()

        def teardown(self) -> None:
            try:
                self._everybody_asks_for_everything()
            finally:
                transaction.set_rollback(True)
                self.undone.__exit__(None, None, None)
                PUBLICATION.reading.parsed.cache_clear()

        def _everybody_asks_for_everything(self) -> None:
            """At the end of a story: what a child paints for one person, the bytes for all."""
            for place in range(len(self.model.files)):
                for person in PEOPLE:
                    self._shows(person, place, Kind.ORIGINAL)
                for kind in (Kind.PREVIEW, Kind.REVEAL):
                    self._shows(PEOPLE[place % len(PEOPLE)], place, kind)

        @initialize(flags=st.lists(FLAGS, min_size=2, max_size=2))
        def first(self, flags) -> None:
            self._report("harborline", [0, 1], flags)

        @rule(
            esp=st.sampled_from(["harborline", "quillnet"]),
            content=st.integers(0, 1),
            flags=FLAGS,
        )
        def report(self, esp, content, flags) -> None:
            if len(self.model.files) < 5:
                self._report(esp, [content], [flags])

        def _report(self, esp, contents, flags) -> None:
            sent = [(CONTENTS[n], said) for n, said in zip(contents, flags, strict=True)]
            made = file_report(world, esp=esp, document=BOTH, files=sent)
            stages.run(made.pk)
            for file, said in zip(files_of(made.pk), flags, strict=True):
                self.model.files.append(file)
                self.model.flags[file.pk] = said
                self.model.trusted[file.pk] = esp == "harborline"

        def _file(self, place):
            return self.model.files[place % len(self.model.files)]

        @rule(place=st.integers(0, 5), present=st.booleans())
        def label(self, place, present) -> None:
            file = self._file(place)
            set_label(world.actor("ana"), file, "apparent_csam", present=present)
            self.model.labelled[file.sha256] = present

        @rule(
            holder=st.sampled_from(sorted(HOLDERS)),
            place=st.integers(0, 5),
            kind=st.sampled_from(["warrant", "consent"]),
            state=st.sampled_from(["granted", "applied"]),
            start=st.sampled_from([-2, 1]),
            length=st.sampled_from([1, 9]),
        )
        def paper(self, holder, place, kind, state, start, length) -> None:  # noqa: PLR0917 - what a paper says
            file, now = self._file(place), clock.now()
            end = now + (start + length) * DAY
            terms = OpeningTerms(kind, "1", "A court", now + start * DAY, end, state=state)
            made = record_opening(world.actor(holder), [file], terms)
            self.model.papers.append(
                {
                    "pk": made.pk,
                    "holder": holder,
                    "house": HOLDERS[holder],
                    "file": file.pk,
                    "report": file.report_id,
                    "kind": kind,
                    "state": state,
                    "in_time": start <= 0 < start + length,
                }
            )

        @rule(place=st.integers(0, 5), choice=st.integers(0, 2))
        def moved(self, place, choice) -> None:
            if not self.model.papers:
                return
            paper = self.model.papers[place % len(self.model.papers)]
            may = NEXT[State(paper["state"])]
            if may:
                to = may[choice % len(may)]
                actor = world.actor(paper["holder"])
                move_opening(actor, paper["report"], paper["pk"], Move(to, "It was so."))
                paper["state"] = to.value

        @rule(
            name=st.sampled_from(["California ICAC", "Texas ICAC"]),
            confirms=st.booleans(),
            public=st.booleans(),
        )
        def agency(self, name, confirms, public) -> None:
            said = {"areas": AREAS[name], "allow_hash_confirm": confirms, "public_opens": public}
            accounts.set_agency_profile(SYSTEM, world.organisations[name], said)
            self.model.counsel[name] = (confirms, public)

        @rule(without=st.sets(st.sampled_from(ROWS), max_size=3))
        def publish(self, without) -> None:
            self.version += 1
            content = table(str(self.version), without=tuple(without))
            row = PUBLICATION.propose(world.actor("sofia"), content)
            TRIALS.try_now(world.actor("sofia"), row.pk)
            PUBLICATION.publish(world.actor("silas"), row.pk, "A story.")
            self.model.rows.append(set(ROWS) - without)

        @rule()
        def take_back(self) -> None:
            if len(self.model.rows) > 1:
                seen = PUBLICATION.reading.newest_act_id()
                PUBLICATION.take_back(world.actor("silas"), "A story.", seen=seen)
                self.model.rows.pop()

        @rule(person=st.sampled_from(PEOPLE), place=st.integers(0, 5), kind=st.sampled_from(Kind))
        def shows_a_pass(self, person, place, kind) -> None:
            self._shows(person, place, kind)

        def _shows(self, person, place, kind) -> None:
            file = self._file(place)
            passed = make_pass(world.actor(person), file, kind)
            headers = as_link() if kind is Kind.ORIGINAL else as_image()
            self._nothing_closed(person, file, load(evidence_url(passed), headers), opens=True)

        @rule(person=st.sampled_from(PEOPLE), place=st.integers(0, 5))
        def knocks_at_a_desk(self, person, place) -> None:
            file, client = self._file(place), Client()
            client.force_login(world.people[person])
            at = f"reports/{file.report_id}/files/{file.file_id}/"
            if person in {"ines", "tomas"}:
                answer = client.post(f"/agency/{at}", {"reason": "to compare"})
                if answer.status_code == 303:
                    assert self.model.may(person, file)[0]
                    answer = load(answer["Location"], as_link())
            else:
                answer = client.post(f"/desk/{at}preview", {"reason": "to compare"})
                assert answer.status_code != 303 or self.model.may(person, file)[0]
            self._nothing_closed(person, file, answer)

        def _nothing_closed(self, person, file, answer, *, opens=False) -> None:
            pixels, exif = self.model.may(person, file)
            body, kind = body_of(answer), answer.get("Content-Type", "").partition(";")[0]
            assert pixels or answer.status_code in {403, 404}, answer.status_code
            assert pixels or kind not in PIXELS
            assert exif or CANARY not in body
            if opens:
                assert (kind in PIXELS) == pixels

        @invariant()
        def the_gate_says_what_the_table_says(self) -> None:
            for file in self.model.files:
                known = known_material([file])
                for person in PEOPLE:
                    one = decisions(world.actor(person), [file], known)[file.pk]
                    assert (one.open, one.exif == "allow") == self.model.may(person, file)

    return Story


@pytest.fixture
def child():
    yield
    picture_child().close()


def test_no_story_shows_what_the_table_blocks(world, child):
    """Small in the suite; ``./tipline prove gate`` tells longer stories, and many more."""
    proof = settings.default.max_examples > 1_000
    run_stories(
        machine(world),
        settings=settings(
            max_examples=100 if proof else 5,
            stateful_step_count=25 if proof else 10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
