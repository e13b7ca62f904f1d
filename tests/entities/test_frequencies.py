"""How often terms are seen: counted once over everybody, frozen, and looked up by digest."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.entities.test_scoring import SUBJECTS

from tipline.ground.foundation.errors import Conflict
from tipline.insight.entities.frequencies import counting as counting_module
from tipline.insight.entities.frequencies import services
from tipline.insight.entities.frequencies.counting import Counting
from tipline.insight.entities.frequencies.queries import (
    NOTHING_FROZEN,
    in_force,
    known,
    subjects_of,
)
from tipline.insight.entities.models import FrequencySnapshot, TermCount
from tipline.insight.entities.proposals.evidence import waterfall_of
from tipline.insight.entities.scoring.rules import Frequencies, score
from tipline.insight.entities.scoring.rules_levels import LADDERS, hits
from tipline.insight.entities.scoring.rules_model import shipped
from tipline.insight.entities.scoring.rules_subject import Subject, handle, mail, phone
from tipline.insight.entities.scoring.rules_terms import digest, terms

KEY = b"k" * 32
ANNA = Subject(handles=(handle("bluekite"),), phones=(phone("+14155550100"),))
OTTO = Subject(handles=(handle("xx_bluekite_xx"),), mails=(mail("bluekite@example.org"),))
NOBODY = Subject(handles=(handle("someoneelse"),))
FORMS = {name: {one.name: one.form for one in ladder} for name, ladder in LADDERS.items()}


def silent(_what: str, _count: int) -> None:
    """Nobody listens."""


def freeze(*subjects: Subject) -> FrequencySnapshot:
    return services.freeze([subjects], shipped().stamp, silent)


class TestTerms:
    @given(SUBJECTS, SUBJECTS)
    def test_what_two_have_in_common_is_a_term_of_either(self, a, b):
        """So a report's own terms are all that comparing it takes."""
        shared = terms(a) & terms(b)
        for comparison, found in hits(a, b):
            for hit in found:
                if (form := FORMS[comparison][hit.level]) and hit.term:
                    assert (comparison, form, hit.term) in shared

    @given(SUBJECTS)
    def test_every_term_is_of_a_form_that_some_level_has(self, a):
        told = {(name, form) for name, levels in FORMS.items() for form in levels.values() if form}
        assert {(comparison, form) for comparison, form, _term in terms(a)} <= told
        assert all(term for _comparison, _form, term in terms(a) if term != "")

    def test_a_digest_says_nothing_without_its_key_and_parts_do_not_run_together(self):
        one = ("phone", "value", "+14155550100")
        assert digest(one, KEY) == digest(one, KEY) != digest(one, b"o" * 32)
        assert digest(("a", "bc", "d"), KEY) != digest(("ab", "c", "d"), KEY)
        assert -(2**63) <= digest(one, KEY) < 2**63


class TestCounting:
    @settings(deadline=None)
    @given(st.lists(SUBJECTS, max_size=12))
    def test_it_counts_as_a_plain_counter_does_and_keeps_what_two_have(self, subjects):
        plain = Counter(digest(term, KEY) for one in subjects for term in terms(one))
        with Counting(KEY) as counting:
            counting.add(subjects)
            found = dict(pair for part in counting.shared() for pair in part)
        assert found == {number: count for number, count in plain.items() if count > 1}
        assert counting.subjects == len(subjects)

    def test_what_does_not_fit_into_memory_is_spooled_and_the_files_are_gone(self, monkeypatch):
        monkeypatch.setattr(counting_module, "_TOGETHER", 2)
        with Counting(KEY) as counting:
            counting.add([ANNA, OTTO, ANNA] * 30)
            files = list(counting._file(0).parent.iterdir())
            found = dict(pair for part in counting.shared() for pair in part)
        assert files
        assert not counting._file(0).parent.exists()
        assert found[digest(("screen_name", "skeleton", "bluekite"), KEY)] == 90
        assert counting.known["email", "user"] == 30


@pytest.mark.django_db
class TestSnapshots:
    def test_nothing_is_known_before_anything_was_frozen(self, tipline_home):
        assert in_force() == NOTHING_FROZEN
        assert known(in_force(), [ANNA]) == Frequencies()
        assert in_force().stamp == ""

    def test_a_subjects_terms_are_looked_up_in_one_statement(self, tipline_home):
        made = freeze(ANNA, OTTO, NOBODY)
        assert (in_force().number, in_force().subjects) == (made.pk, 3)
        assert in_force().stamp == f"f{made.pk}"
        known(in_force(), [ANNA])  # opens the key, once in a process
        with CaptureQueriesContext(connection) as asked:
            found = known(in_force(), [ANNA])
        assert len(asked) == 2
        assert found.counts == {
            ("screen_name", "skeleton", "bluekite"): 2,
            ("screen_name", "stem", "bluekite"): 2,
            ("alias", "skeleton", "bluekite"): 2,
        }
        assert found.subjects["screen_name", "skeleton"] == 3
        assert found.subjects["phone", "value"] == 1

    def test_a_score_is_the_same_from_one_sides_terms_as_from_both(self, tipline_home):
        freeze(ANNA, OTTO, NOBODY)
        told = score(ANNA, OTTO, shipped(), known(in_force(), [ANNA]))
        assert told == score(ANNA, OTTO, shipped(), known(in_force(), [ANNA, OTTO]))
        assert "bits.screen_name.same_skeleton.seen" in {one.code for one in told.reasons}

    def test_a_snapshot_stays_as_it_was_and_the_newest_is_in_force(self, tipline_home):
        first = freeze(ANNA, OTTO)
        before = known(in_force(), [ANNA])
        old = in_force()
        freeze(ANNA, OTTO, OTTO)
        assert in_force().number > first.pk
        assert known(old, [ANNA]) == before != known(in_force(), [ANNA])

    def test_no_value_can_be_read_in_the_tables_and_single_ones_are_not_there(self, tipline_home):
        made = freeze(ANNA, OTTO, NOBODY)
        assert TermCount.objects.filter(snapshot=made).count() == 3
        assert set(TermCount.objects.values_list("count", flat=True)) == {2}
        plain = {digest(term, b"tipline" * 4) for one in (ANNA, OTTO) for term in terms(one)}
        assert not TermCount.objects.filter(digest__in=plain).exists()
        assert set(FrequencySnapshot.objects.get().known) <= set(LADDERS)

    def test_an_interrupted_freezing_is_not_in_force_and_is_cleared(self, tipline_home):
        def stop(what: str, _count: int) -> None:
            if what == "written":
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            services.freeze([[ANNA, OTTO]], shipped().stamp, stop)
        assert in_force() == NOTHING_FROZEN
        done = freeze(ANNA, OTTO)
        assert list(FrequencySnapshot.objects.values_list("pk", flat=True)) == [done.pk]

    def test_of_two_at_once_the_later_one_holds(self, tipline_home):
        def another(what: str, _count: int) -> None:
            if what == "counted":
                freeze(ANNA, OTTO)

        with pytest.raises(Conflict):
            services.freeze([[ANNA, OTTO]], shipped().stamp, another)
        assert FrequencySnapshot.objects.filter(finished_at__isnull=False).count() == 1

    def test_the_prior_of_a_link_stands_for_the_subjects_that_its_snapshot_counted(
        self, tipline_home
    ):
        subjects_of.cache_clear()
        reasons = score(ANNA, OTTO, shipped(), Frequencies()).reasons
        own = shipped().rules
        before = waterfall_of(reasons, shipped().stamp)
        assert before.subjects == own.subjects
        made = freeze(ANNA, OTTO, NOBODY)
        after = waterfall_of(reasons, f"{shipped().stamp} f{made.pk}")
        assert after.subjects == 3
        assert after.waterfall.points - before.waterfall.points == own.enough - own.needed(3)
        assert waterfall_of(reasons, "link@1999 f1").subjects == own.subjects
        subjects_of.cache_clear()

    def test_frequencies_for_all_pairs_of_a_batch_are_those_of_each(self, tipline_home):
        freeze(ANNA, OTTO, NOBODY)
        everybody = [ANNA, OTTO, NOBODY]
        whole = known(in_force(), everybody)
        for a, b in combinations(everybody, 2):
            assert score(a, b, shipped(), whole) == score(a, b, shipped(), known(in_force(), [a]))
