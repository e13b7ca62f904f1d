"""Values that are a suspect's here and a victim's or an intended recipient's there."""

from __future__ import annotations

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.entities.linked import some_reports
from tests.filing import document, suspect
from tests.personas import file_report

from tipline.ground.accounts import services as accounts
from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation.actor import SYSTEM, OrganisationKind
from tipline.ground.foundation.errors import Conflict, Invalid, NotAllowed, NotVisible
from tipline.insight.entities.models import (
    Identifier,
    Link,
    RoleAnswer,
    RoleConflict,
    VictimValue,
)
from tipline.insight.entities.queries import identifiers_of
from tipline.insight.entities.roles import services
from tipline.insight.entities.roles.queries import (
    conflicts_for,
    conflicts_of,
    told,
)
from tipline.insight.entities.roles.rules import Side, key_of, side_of
from tipline.pipeline import stages
from tipline.record.evidence.contents import Contents
from tipline.record.reports.facts import IdentifierKind, Role

MAIL = "kite@example.org"


def person(mail: str = MAIL) -> dict:
    return {"email": [{"value": mail}]}


def about(name: str, mail: str = "") -> dict:
    wanted = {
        "personOrUserReportedPerson": person(mail or f"{name}@example.org"),
        "espIdentifier": f"id-{name}",
        "screenName": name,
        "ipCaptureEvent": None,
    }
    return document(personOrUserReported=suspect(**wanted))


def with_victim(name: str, mail: str = MAIL) -> dict:
    return {**about(name), "victim": [{"victimPerson": person(mail)}]}


def with_recipient(name: str, mail: str = MAIL) -> dict:
    return {
        **about(name),
        "intendedRecipient": [{"intendedRecipientPerson": person(mail)}],
    }


def read(report) -> None:
    stages._link(Contents(report))


@pytest.fixture
def both(filed):
    """One report with the value as a suspect's, and a later one with it as a victim's."""
    return filed(document=about("one", MAIL)), filed(document=with_victim("two"))


class TestRules:
    @pytest.mark.parametrize(
        ("kind", "scope", "role", "side"),
        [
            ("email", "", "suspect", Side.SUSPECT),
            ("email", "", "associated", Side.SUSPECT),
            ("phone", "", "victim", Side.VICTIM),
            ("esp_user_id", "chat", "recipient", Side.VICTIM),
            ("screen_name", "chat", "victim", Side.VICTIM),
            ("screen_name", "", "victim", None),
            ("ip", "", "victim", None),
            ("name", "", "suspect", None),
            ("email", "", "reporter", None),
        ],
    )
    def test_the_side_of_a_value(self, kind, scope, role, side):
        assert side_of(IdentifierKind(kind), scope, Role(role)) is side

    @given(st.text(), st.text(), st.text(), st.booleans())
    def test_a_key_is_of_any_text_and_parts_never_run_together(self, kind, scope, value, test):
        key = key_of(kind, scope, value, is_test=test)
        assert len(key) == 64
        assert key != key_of(kind, scope, value, is_test=not test)
        assert key != key_of(kind, scope + "x", value, is_test=test)


class TestTelling:
    @pytest.mark.parametrize("made", [with_victim, with_recipient])
    @pytest.mark.parametrize("suspect_first", [True, False])
    def test_a_value_on_both_sides_is_told_whichever_came_first(self, filed, made, suspect_first):
        documents = [about("one", MAIL), made("two")]
        first, second = (filed(document=one) for one in documents[:: 1 if suspect_first else -1])
        suspect, victim = (first, second) if suspect_first else (second, first)
        [conflict] = RoleConflict.objects.all()
        assert (conflict.suspect_id, conflict.victim_id) == (suspect.pk, victim.pk)
        for report in (first, second):
            assert conflicts_of(report, identifiers_of(report.pk)) == [conflict]

    def test_it_links_nothing_and_merges_no_roles(self, both):
        assert not Link.objects.exists()
        roles = Identifier.objects.filter(normal=MAIL).values_list("role", flat=True)
        assert sorted(roles) == ["suspect", "victim"]

    def test_within_one_report_too(self, filed):
        report = filed(document={**about("one", MAIL), "victim": [{"victimPerson": person()}]})
        [conflict] = RoleConflict.objects.all()
        assert (conflict.suspect_id, conflict.victim_id) == (report.pk, report.pk)

    def test_victims_of_two_reports_are_no_conflict_and_nor_are_suspects(self, filed):
        for name in ("one", "two"):
            filed(document=with_victim(name))
            filed(document=about(f"{name}x", "other@example.org"))
        assert not RoleConflict.objects.exists()
        assert VictimValue.objects.count() == 2

    def test_once_for_a_value_however_often_it_is_read(self, filed, both):
        for report in both:
            read(report)
        filed(document=about("three", MAIL))
        filed(document=with_victim("four"))
        assert RoleConflict.objects.count() == 1

    @pytest.mark.parametrize("seed", range(3))
    def test_the_order_of_reading_makes_no_difference(self, world, seed):
        documents = [about("a", MAIL), with_victim("b"), with_recipient("c"), about("d")]
        reports = [file_report(world, document=one) for one in documents]
        for report in Random(seed).sample(reports, len(reports)):
            read(report)
        [conflict] = RoleConflict.objects.all()
        seen = told(conflict)
        assert seen.suspects == (reports[0].pk,)
        assert seen.victims == (reports[1].pk, reports[2].pk)

    def test_what_a_text_mentions_is_nobodys(self, filed):
        filed(document=about("one", MAIL))
        text = {"additionalInfo": f"the victim wrote from {MAIL}"}
        filed(document={**about("two"), **text, "victim": [{"victimPerson": {"age": 12}, **text}]})
        assert not RoleConflict.objects.exists()

    def test_tests_meet_tests_only(self, world, filed, both):
        trial = accounts.add_organisation(SYSTEM, OrganisationKind.ESP, "Trial", test_only=True)
        accounts.issue_credential(SYSTEM, trial, "trial", "a-long-generated-secret")
        world.credentials["trial"] = accounts.EspCredential.objects.select_related(
            "organisation"
        ).get(username="trial")
        test = filed(document=with_victim("test"), esp="trial")
        assert RoleConflict.objects.count() == 1
        assert conflicts_of(test, identifiers_of(test.pk)) == []

    def test_a_value_that_is_gone_is_told_no_more(self, both):
        [conflict] = RoleConflict.objects.all()
        assert told(conflict) is not None
        Identifier.objects.filter(report=both[1], role="victim").delete()
        assert told(RoleConflict.objects.get()) is None

    def test_a_poisoned_value_costs_no_more(self, world, filed):
        """As many statements, and few rows, when hundreds of victims have the value."""
        first = filed(document=with_victim("one"))
        numbers = some_reports(world, 150)
        template = Identifier.objects.get(report=first, role="victim")
        Identifier.objects.bulk_create(
            Identifier(
                report_id=number, kind=template.kind, scope=template.scope, role="victim",
                normal=template.normal, path=template.path,
            )
            for number in numbers
        )  # fmt: skip
        key = VictimValue.objects.get().key
        VictimValue.objects.bulk_create(VictimValue(report_id=n, key=key) for n in numbers[:24])
        told_of = {}
        for name, mail in (("rare", "rare@example.org"), ("many", MAIL)):
            late = file_report(world, document=with_victim(name, mail))
            with CaptureQueriesContext(connection) as queries:
                read(late)
            told_of[name] = len(queries)
        assert told_of["many"] <= told_of["rare"]
        assert VictimValue.objects.filter(key=key).count() == services.MOST_PER_VALUE


class TestAnswers:
    @pytest.fixture
    def conflict(self, both):
        return RoleConflict.objects.get()

    def test_a_senior_answers_with_a_note_and_the_newest_holds(self, world, conflict):
        sofia, silas = world.actor("sofia"), world.actor("silas")
        assert list(conflicts_for(sofia)) == [conflict]
        first = services.answer_conflict(sofia, conflict.pk, "unsure", "a shared mailbox?", seen=0)
        services.answer_conflict(silas, conflict.pk, "same_person", "was a victim", seen=first.pk)
        assert [one.answer for one in told(conflict).answers] == ["unsure", "same_person"]
        assert list(conflicts_for(sofia)) == []
        assert list(conflicts_for(sofia, answered=True)) == [conflict]

    def test_the_ledger_has_ids_and_no_note(self, world, conflict):
        services.answer_conflict(world.actor("sofia"), conflict.pk, "same_person", "secret words")
        entries = LedgerEntry.objects.filter(verb="role-conflict.answered")
        assert {one.subject for one in entries} == {
            f"report:{conflict.suspect_id}",
            f"report:{conflict.victim_id}",
        }
        assert "secret" not in str(list(entries.values("purpose", "detail")))
        assert MAIL not in str(list(entries.values("purpose", "detail")))

    @pytest.mark.parametrize(
        ("answer", "note", "field"),
        [("perhaps", "a note", "answer"), ("unsure", " ", "note"), ("unsure", "x" * 1001, "note")],
    )
    def test_what_is_no_answer_is_refused(self, world, conflict, answer, note, field):
        with pytest.raises(Invalid) as refused:
            services.answer_conflict(world.actor("sofia"), conflict.pk, answer, note)
        assert refused.value.field == field
        assert not RoleAnswer.objects.exists()

    def test_analysts_do_not_answer_and_are_shown_no_list(self, world, conflict):
        with pytest.raises(NotAllowed):
            services.answer_conflict(world.actor("ana"), conflict.pk, "unsure", "a note")
        assert list(conflicts_for(world.actor("ana"))) == []
        with pytest.raises(NotVisible):
            services.answer_conflict(world.actor("sofia"), 10**9, "unsure", "a note")

    def test_twice_has_one_effect_and_what_was_not_seen_is_told(self, world, conflict):
        sofia = world.actor("sofia")
        args = (conflict.pk, "different_people", "two mailboxes")
        assert services.answer_conflict(sofia, *args) == services.answer_conflict(sofia, *args)
        with pytest.raises(Conflict):
            services.answer_conflict(world.actor("silas"), *args, seen=0)
        assert RoleAnswer.objects.count() == 1
