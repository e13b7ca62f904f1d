"""``bench triage`` on hand-made months, and small on simulated ones."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import etree

from benchmarks.command import main
from benchmarks.triage import compared, orders, picture
from benchmarks.triage.bench import RANDOM, result
from benchmarks.triage.compared import Compared, Plan, compare
from benchmarks.triage.desk import CAPACITY, first_looks, looks_a_day, morning_desk, running_desk
from benchmarks.triage.learned import learned
from benchmarks.triage.library import Library, digest_of
from benchmarks.triage.logistic import NoLibraryError
from benchmarks.triage.measures import Reached, late, middle, paired, reached
from benchmarks.triage.months import Month, Seen, features_of, month, read_as_told
from simulator.planning.plan import plan
from simulator.planning.population_plan import told_reports
from simulator.planning.telling_files import viral
from simulator.population.files import SHIPPED, shipped
from simulator.population.model import Model
from tipline.insight.triage.features import Features
from tipline.insight.triage.models import BAND_RANK
from tipline.insight.triage.policy import default_policy

SMALL = replace(shipped("small-hotline"), name="small")
NOW = datetime(2026, 10, 20, tzinfo=UTC)


def seen(at, **told):
    """A report that came at this hour; calm, without clocks, unless told otherwise."""
    values = {
        "case": "trader", "endangered": False, "circulating": False, "likely": 0.0,
        "features": Features(), "ends": (),
    } | told  # fmt: skip
    return Seen(at=at, **values)


def days(*reports, hours=48.0):
    return Month(1, hours, reports)


def hourly(count, hours=48.0, **at):
    """So many reports, evenly; ``at`` as ``n5={...}`` says more of the fifth."""
    step = hours / count
    told = (at.get(f"n{number}", {}) for number in range(count))
    return days(*(seen(step * n, **one) for n, one in enumerate(told)), hours=hours)


FIFO = orders.today()[orders.FIFO]


class TestDesks:
    def test_three_in_ten_are_looked_at(self):
        one = hourly(200)
        assert looks_a_day(one) == round(CAPACITY * 100) == 30
        assert first_looks(one) == 2
        assert sum(hour < math.inf for hour in running_desk(one, FIFO).at) == 60

    def test_first_in_first_out_looks_in_order_and_never_before_it_came(self):
        one = hourly(200)
        looks = running_desk(one, FIFO)
        times = [hour for hour in looks.at if hour < math.inf]
        assert times == sorted(times)
        assert all(hour >= report.at for hour, report in zip(looks.at, one.reports, strict=True))
        assert looks.at[-1] == math.inf

    def test_turn_counts_the_looks_since_the_report_came(self):
        """The best one is the very next look; the last came after the first was looked at."""
        one = hourly(200, n77={"likely": 0.9}, n78={"likely": 0.8}, n79={"likely": 0.7})
        looks = running_desk(one, orders.oracle)
        assert [looks.turn[number] for number in (77, 78, 79)] == [1, 2, 2]
        assert looks.at[77] - one.reports[77].at < 24 / looks_a_day(one)

    def test_a_deadline_that_has_passed_moves_a_report_back(self):
        """The first one's early clock ends at hour 1, before anybody is free."""
        one = days(seen(0.0, ends=(1.0, 40.0)), seen(0.1, ends=(30.0,)), *map(seen, range(2, 12)))
        order = orders.shipped(one, default_policy())[orders.OURS]
        looks = running_desk(one, order)
        assert looks.at[1] < looks.at[0]

    def test_the_morning_desk_waits_for_midnight_and_counts_only_the_first_list(self):
        one = hourly(200, n5={"likely": 0.9}, n6={"likely": 0.8}, n150={"likely": 1.0})
        looks = morning_desk(one, orders.oracle)
        assert looks.at[5] > 24
        assert (looks.turn[5], looks.turn[6]) == (1, 2)
        assert looks.at[150] == math.inf
        assert looks.turn[150] == 0


class TestMeasures:
    def test_everything_by_hand(self):
        """Two days, thirty looks each; the first two after a report came are the first."""
        one = hourly(
            200,
            n50={"endangered": True, "likely": 1.0},
            n60={"endangered": True, "likely": -1.0},
            n70={"circulating": True, "likely": 0.5, "ends": (17.5, 30.0, 999.0)},
            n199={"ends": (47.9,)},
        )
        found = reached(one, running_desk(one, orders.oracle), morning_desk(one, orders.oracle))
        assert found.first == 0.5
        assert found.on_list == 0.5
        assert found.never == 0.5
        assert found.wasted == pytest.approx(1 / 60)
        assert found.hours[1] == 48 - one.reports[60].at
        assert found.expired == pytest.approx(1 / 3)  # 17.5 and 30 after its look

    def test_pairs_by_students_t(self):
        found = paired([0.9, 0.8, 0.7], [0.5, 0.5, 0.5])
        assert found.mean == pytest.approx(0.3)
        half = 4.303 * 0.1 / math.sqrt(3)
        assert (found.low, found.high) == pytest.approx((0.3 - half, 0.3 + half))
        assert found.above_zero
        assert not paired([0.9, 0.1], [0.5, 0.5]).above_zero
        assert not paired([0.9], [0.1]).above_zero  # one seed says nothing of the spread

    def test_percentiles(self):
        assert late(range(1, 101)) == 95
        assert middle([3, 1, 2]) == 2
        assert math.isnan(late([]))


class TestOrders:
    def test_bands_rank_as_in_the_queue(self):
        assert orders.BAND_RANK == BAND_RANK

    def test_what_desks_do_today(self):
        flagged = seen(5.0, features=Features(escalated=True))
        named = seen(4.0, features=Features(incident_type="enticement", victim_present=True))
        grave = seen(3.0, features=Features(incident_type="trafficking"))
        copied = seen(2.0, features=Features(duplicates=9))
        plain = seen(1.0)
        wanted = {
            orders.FIFO: [plain, copied, grave, named, flagged],
            orders.FLAG: [flagged, plain, copied, grave, named],
            orders.LEVEL: [flagged, named, grave, plain, copied],
            orders.DUPLICATES: [copied, plain, grave, named, flagged],
        }
        for name, order in orders.today().items():
            found = sorted((plain, copied, grave, named, flagged), key=lambda one: order(one, 9))
            assert found == wanted[name], name


class TestLearnedPoints:
    """Where scipy is installed, as it is with the peers of the benches and in CI."""

    def few_and_many(self):
        chat = seen(1.0, endangered=True, features=Features(chat_content=True))
        calm = seen(2.0, features=Features(novel_viewed=True))
        return [chat, calm], [chat] * 150 + [calm] * 150

    def test_from_too_little_nothing_is_learned(self):
        pytest.importorskip("scipy")
        few, _many = self.few_and_many()
        assert learned(default_policy(), few) is default_policy()

    def test_a_sign_goes_where_the_findings_point_and_keeps_its_direction(self):
        pytest.importorskip("scipy")
        _few, many = self.few_and_many()
        before = default_policy().rules.danger.points
        after = learned(default_policy(), many).rules.danger.points
        assert after["chat"] > before["chat"]
        assert 0 < after["novel_viewed"] < before["novel_viewed"]
        rest = set(before) - {"chat", "novel_viewed"}
        assert {sign: after[sign] for sign in rest} == {sign: before[sign] for sign in rest}


class TestMonths:
    @pytest.mark.parametrize("name", [*SHIPPED, "random:1"])
    def test_our_reader_accepts_what_is_sent(self, name):
        population = shipped(name) if name in SHIPPED else replace(SMALL, name=name)
        for planned in plan(3, 25, population):
            told = read_as_told(planned, datetime(2026, 11, 2, tzinfo=UTC))
            assert told.document["incidentSummary"]["incidentType"] == planned.story.incident_type
            assert len(told.details) == len(planned.files)
            assert "unrecognised" not in told.document

    def test_features_are_those_that_were_sent(self):
        model, library = Model(SMALL), Library(4)
        for one in told_reports(4, 150, model):
            values = one.drawn.sent.values
            features = features_of(read_as_told(one.planned, one.arrival.at), library)
            assert features.escalated == bool(values["escalation"])
            assert bool(features.victim_present) == (values["victims"] != "none")
            assert ("sextortion" in features.annotations) == (values["sextortion"] == "yes")
            assert features.batched == (values["batched"] == "yes")
            assert features.files == len(one.drawn.sent.files)
            assert bool(features.prior_reports) == (values["prior"] == "yes")
            assert features.labels == frozenset()

    def test_the_library_learns_and_lists_after_three_days(self):
        library, key = Library(1), digest_of(viral(1, "b0").key)
        assert not library.is_known(key)
        library.take("Harborline", frozenset({key}), NOW, viral=True)
        assert library.is_known(key)
        assert library.sent_before("Harborline", frozenset({key})) == 1
        assert library.sent_before("Lumenroll", frozenset({key})) == 0
        assert not library.is_listed(key, NOW.replace(day=22))
        assert library.is_listed(key, NOW.replace(day=24))

    def test_a_month_is_the_same_again(self):
        assert month(SMALL, 2, 60) == month(SMALL, 2, 60)


@pytest.fixture(scope="module")
def small():
    """Two seeds of 150 reports, one to learn from where the library is installed."""
    plan_ = Plan(seeds=(1, 2), learning=(9,), reports=150, workers=1)
    return compare(SMALL, plan_, default_policy(), lambda _: None), plan_


class TestTheBenchmark:
    def test_every_order_is_measured(self, small):
        found, _ = small
        ours = {orders.OURS, orders.BANDS, orders.REFERRALS, orders.STEPS}
        by_library = {orders.LOOKED, orders.LOGISTIC, orders.LEARNED, orders.TAUGHT}
        wanted = ours | by_library | {orders.ORACLE, *orders.BASELINES}
        assert set(found.reached) | by_library == wanted
        assert all(len(ones) == 2 for ones in found.reached.values())
        for ones in found.reached.values():
            for one in ones:
                assert 0 <= one.first <= 1
                assert 0 <= one.never <= 1

    def test_the_answer_is_json_and_the_picture_is_svg(self, small):
        found, plan_ = small
        told = json.loads(json.dumps(result([found], plan_, default_policy()).as_json()))
        assert set(told) == {"name", "machine", "rows", "ratios", "met"}
        assert len(told["rows"]) == len(found.reached)
        assert told["met"]["small: above most duplicates first"] in (True, False)
        assert f"small: {compared.TO_REACH:.2f} of the oracle" in told["met"]
        root = etree.fromstring(picture.svg([found]).encode())
        assert root.tag.endswith("svg")
        assert "small" in "".join(root.itertext())

    def test_what_was_reached_is_judged_by_the_interval_and_the_ratio(self):
        def one(first):
            return Reached(first, first, (1.0,), 0.0, 0.0, 0.0)

        told = {orders.OURS: [one(0.8), one(0.82)], orders.ORACLE: [one(0.9), one(0.9)]}
        told |= {name: [one(0.1), one(0.12)] for name in orders.BASELINES}
        told |= {orders.LOGISTIC: [one(0.7), one(0.9)], orders.BANDS: told[orders.OURS]}
        met = Compared("p", 100, 5, told).met()
        assert met[f"p: above {orders.FIFO}"]
        assert not met[f"p: above {orders.LOGISTIC}"]
        assert met["p: 0.85 of the oracle"]

    def test_without_the_library_it_says_so(self, monkeypatch):
        def absent(_months):
            raise NoLibraryError("scikit-learn is not installed")

        said = []
        monkeypatch.setattr(compared, "Logistic", absent)
        plan_ = Plan(seeds=(1,), learning=(9,), reports=30, workers=1)
        found = compare(SMALL, plan_, default_policy(), said.append)
        assert orders.LOGISTIC not in found.reached
        assert "scikit-learn" in said[0]

    def test_the_command(self, capsys, tmp_path):
        file = tmp_path / "picture.svg"
        words = ["triage", "--profile", "small-hotline", "--seeds", "1", "--reports", "40"]
        assert main([*words, "--workers", "1", "--picture", str(file), "--json"]) == 0
        told = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert told["name"] == "triage"
        assert told["rows"][2]["ours_above"][1:] == [None, None]  # one month tells no spread
        assert file.read_text().startswith("<svg")

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ([], "usage"),
            (["chess"], "usage"),
            (["triage", "--profile", "demo"], "no latent truth"),
            (["triage", "--profile", "nowhere"], "no profile 'nowhere'"),
        ],
    )
    def test_what_it_cannot_do_it_says(self, words, sentence, capsys):
        assert main(words) == 2
        assert sentence in capsys.readouterr().err

    def test_reported_profiles_are_ten(self):
        assert len({*SHIPPED, *RANDOM}) == 10
