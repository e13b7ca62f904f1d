"""Populations: latent cases, what is sent of them, and the model turned round."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from dataclasses import fields, is_dataclass, replace

import pytest
from lxml import etree
from tests.simulator.fake_instance import ACCOUNT, FakeInstance
from tests.simulator.test_plan import ORACLE

from simulator.answers import agency_answer
from simulator.dice import dice
from simulator.planning.plan import plan
from simulator.planning.population_plan import told_reports
from simulator.population.cases import ENDANGERED, WORDS, Case
from simulator.population.files import SHIPPED, shipped
from simulator.population.model import FILE_SIGNS, REPORT_SIGNS, Model, Sent
from simulator.population.population import Burst, Flood, Population
from simulator.population.senders import senders
from simulator.population.signs_words import KINDS
from simulator.population.texts import LANGUAGES, texts
from simulator.wire.connections import Connections, Credential
from simulator.wire.driver import Accounts, drive

BUSY = replace(
    shipped("global-2023"), bursts=(Burst(day=10, extra=2.0),), floods=(Flood(day=20, extra=2.0),)
)
PRINT = """
import hashlib
from simulator.planning.plan import plan
from simulator.population.files import shipped
told = hashlib.sha256()
for report in plan(7, 60, shipped("enticement-2025")):
    told.update(report.xml().encode() + str(report.truth).encode())
print(told.hexdigest())
"""


def documents(reports):
    """All that goes over the wire, but for digests that would cost drawing pictures."""
    for report in reports:
        yield report.xml()
        for file in report.files:
            yield report.details_xml(replace(file, hashes=()), "1", "ab" * 16)


class TestDeterminism:
    def test_two_plans_are_equal(self):
        first, second = list(plan(3, 80, BUSY)), list(plan(3, 80, BUSY))
        assert first == second
        assert list(documents(first)) == list(documents(second))

    def test_another_process_with_other_hashes_makes_the_same(self):
        found = {
            subprocess.run(
                [sys.executable, "-c", PRINT],
                env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "src"},
                capture_output=True,
                check=True,
                text=True,
            ).stdout
            for seed in ("1", "2")
        }
        assert len(found) == 1
        assert len(found.pop().strip()) == 64

    def test_another_seed_gives_another_stream(self):
        assert list(plan(3, 30, BUSY)) != list(plan(4, 30, BUSY))


class TestTheWire:
    def test_no_latent_word_is_sent(self):
        latent = [case.value for case in Case] + ["endangered", "latent"]
        for text in documents(plan(5, 400, BUSY)):
            assert not [word for word in latent if word in text]

    def test_what_is_told_cannot_depend_on_the_case(self):
        """It is made of :class:`Sent`, in which no case stands, however deep one looks."""

        def inside(value):
            if is_dataclass(value) and not isinstance(value, type):
                for f in fields(value):
                    yield from inside(getattr(value, f.name))
            elif isinstance(value, dict):
                yield from (one for each in value.values() for one in inside(each))
            elif isinstance(value, tuple):
                yield from (one for each in value for one in inside(each))
            else:
                yield value

        for told in told_reports(5, 50, Model(BUSY)):
            assert isinstance(told.drawn.sent, Sent)
            assert not any(isinstance(value, Case) for value in inside(told.drawn.sent))

    @pytest.mark.parametrize("name", SHIPPED)
    def test_documents_are_valid(self, name):
        if not ORACLE.is_file():
            pytest.skip("the schema oracle ../shared/reference/cyber_tipline.xsd is not there")
        schema = etree.XMLSchema(etree.parse(str(ORACLE)))
        newer = ("informational",)  # documented in 2026, not yet in that schema
        for report in plan(9, 60, shipped(name)):
            if not set(report.story.annotations) & set(newer):
                schema.assertValid(etree.fromstring(report.xml().encode()))

    def test_a_population_can_be_driven_over_http(self):
        quiet = replace(BUSY, name="quiet")
        delivered = []
        with FakeInstance() as instance:
            summary = drive(
                plan(2, 6, quiet),
                Connections(instance.url),
                Accounts(for_all=Credential(*ACCOUNT)),
                delivered.append,
            )
        assert summary.outcomes == {"finished": 6}
        line = delivered[0].as_json()
        assert line["case"] in {case.value for case in Case}
        assert line["endangered"] is (Case(line["case"]) in ENDANGERED)

    def test_agencies_answer_such_a_truth(self):
        truths = [report.truth.as_json() for report in plan(2, 60, BUSY)]
        assert sum(agency_answer(truth, 1, 1.0) is not None for truth in truths) == 60


class TestShape:
    def test_all_cases_have_words_and_come(self):
        assert set(WORDS) == set(Case)
        drawn = Counter(told.drawn.case for told in told_reports(1, 3000, Model(BUSY)))
        assert set(drawn) == set(Case)
        assert drawn[Case.VIRAL] / 3000 == pytest.approx(0.47, abs=0.06)  # its share and a burst

    def test_a_burst_is_one_item_and_a_flood_one_sender(self):
        found = list(told_reports(1, BUSY.reports, Model(BUSY)))
        by_day = Counter(told.arrival.day for told in found)
        assert by_day[10] > 2 * by_day[8]
        burst = [
            file.content.key
            for told in found
            if told.arrival.day == 10
            for file in told.planned.files
            if "/b" in file.content.key
        ]
        assert Counter(burst).most_common(1)[0][1] > 100
        flooding = senders(BUSY)[BUSY.floods[0].sender].name
        sent = Counter(told.planned.esp.name for told in found if told.arrival.day == 20)
        assert sent[flooding] > 150
        assert sum(told.drawn.case is Case.GENERATED for told in found) > 300

    def test_drift_moves_the_shares(self):
        population = shipped("bundled-2024")
        assert population.share(Case.ENTICER, 0) == 0.005
        assert population.share(Case.ENTICER, 29) == pytest.approx(0.009)
        assert sum(population.share(case, 15) for case in Case) == pytest.approx(1)

    def test_times_lie_in_the_period_and_before_the_report(self):
        for told in told_reports(3, 200, Model(BUSY)):
            assert told.planned.story.happened < told.planned.story.noticed < told.arrival.at
            assert told.arrival.at < BUSY.until


class TestWords:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_kind_has_texts_that_can_be_filled_in(self, language):
        spoken, pick = texts(language), dice("texts")
        assert set(spoken.kinds) == set(KINDS)
        for kind in KINDS:
            told = [spoken.text(kind, pick) for _ in range(20)]
            assert all(told)
            assert not any("{" in text for text in told)

    def test_every_sign_that_speaks_names_kinds_that_exist(self):
        model = Model(BUSY)
        for sign in REPORT_SIGNS:
            if sign.name in ("talk", "note", "escalation"):
                for case in Case:
                    shares = model.shares(sign, case, senders(BUSY)[0])
                    assert set(shares) <= {"", *KINDS}

    def test_texts_are_marked_as_synthetic(self):
        for report in plan(4, 200, BUSY):
            story = report.story
            said = [*story.chat, story.note or "", story.escalation]
            assert all(text.startswith("[synthetic]") for text in said if text)


@pytest.fixture(scope="module")
def drawn():
    """Reports of every day, without the people and files that would carry them."""
    model = Model(shipped("enticement-2025"))
    return model, [
        model.draw(number, number % 30, dice("turned", number)) for number in range(6000)
    ]


class TestTheModelTurnedRound:
    def test_shares_sum_to_one(self, drawn):
        model, _ = drawn
        for sign in (*REPORT_SIGNS, *FILE_SIGNS):
            for case in Case:
                for sender in senders(model.population):
                    shares = model.shares(sign, case, sender)
                    assert sum(shares.values()) == pytest.approx(1)
                    assert min(shares.values()) >= 0
        for day in range(30):
            assert sum(model.prior(day).values()) == pytest.approx(1)

    def test_the_posterior_sums_to_one_and_allows_the_truth(self, drawn):
        model, reports = drawn
        for report in reports[:500]:
            found = model.posterior(report.sent)
            assert sum(found.values()) == pytest.approx(1)
            assert found[report.case] > 0

    def test_the_posterior_is_calibrated(self, drawn):
        """Of reports said to be dangerous with a likelihood, so many are: within four sigma."""
        model, reports = drawn
        told = [(model.danger(one.sent), one.case.endangered) for one in reports]
        for low, high in ((0, 0.02), (0.02, 0.2), (0.2, 0.8), (0.8, 1.01), (0, 1.01)):
            inside = [(likely, really) for likely, really in told if low <= likely < high]
            expected = sum(likely for likely, _ in inside)
            spread = sum(likely * (1 - likely) for likely, _ in inside) ** 0.5
            assert abs(sum(really for _, really in inside) - expected) <= 4 * spread + 0.5
            assert inside

    def test_every_case_is_calibrated(self, drawn):
        model, reports = drawn
        found = [model.posterior(one.sent) for one in reports]
        for case in Case:
            expected = sum(one[case] for one in found)
            spread = sum(one[case] * (1 - one[case]) for one in found) ** 0.5
            really = sum(one.case is case for one in reports)
            assert abs(really - expected) <= 4 * spread + 0.5

    def test_it_is_bayes_by_hand(self):
        """One report worked out from prior and shares, without logarithms."""
        population = Population("plain")
        model = Model(population)
        sent = model.draw(1, 3, dice("by hand")).sent
        weights = {}
        for case in Case:
            weight = model.prior(3).get((case, sent.sender), 0.0)
            for sign in REPORT_SIGNS:
                if sign.name in sent.values:
                    shares = model.shares(sign, case, sent.sender)
                    weight *= shares.get(sent.values[sign.name], 0.0)
            for file in sent.files:
                for sign in FILE_SIGNS:
                    weight *= model.shares(sign, case, sent.sender).get(file[sign.name], 0.0)
            weights[case] = weight
        found = model.posterior(sent)
        for case in Case:
            assert found[case] == pytest.approx(weights[case] / sum(weights.values()))


def test_the_plan_is_pinned():
    """A change of what a seed means is deliberate: months that were reported change with it."""
    told = hashlib.sha256()
    for text in documents(plan(1, 40, shipped("us-2023"))):
        told.update(text.encode())
    assert told.hexdigest()[:16] == "3ce9db928dad90fc"
