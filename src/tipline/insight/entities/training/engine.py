"""Splink on DuckDB: what pairs of subjects say of each level. Needs the extra ``train``."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Final, Self

import duckdb
import pyarrow as pa
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from tipline.insight.entities.scoring.rules_levels import ELSE, LADDERS
from tipline.insight.entities.scoring.rules_model import Comparison
from tipline.insight.entities.scoring.rules_subject import Subject
from tipline.insight.entities.training.rules import Weighed, together
from tipline.insight.entities.training.rules_rows import PASSES, row
from tipline.insight.entities.training.rules_sql import (
    ABSENT,
    COLUMNS,
    RENDERED,
    condition,
    level_of,
    macros,
)

_PAIRS: Final = (
    "create or replace table drawn as select distinct least(a, b) as a, greatest(a, b) as b from"
    " (select cast(floor(random() * $subjects) as bigint) as a,"
    " cast(floor(random() * $subjects) as bigint) as b from range($pairs)) where a <> b"
)
Weights = Mapping[str, Comparison]
#: Pairs drawn at random, for u of values that are only alike.
SAMPLE: Final = 2_000_000
#: Pairs of a pass; more teach nothing more.
MOST_PAIRS: Final = 2_000_000
#: A key on more rows than this brings none of them together: it is many people's.
MOST_OF_KEY: Final = 50
_LEAST_PAIRS: Final = 20
#: Comparison and form of terms that too many share to bring two together by themselves.
_TOO_COMMON: Final = ("name word", "date_of_birth value", "trailing_number value")
_ROWS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Likely:
    """By level, how many pairs are likely one person's, and how many are not."""

    yes: Mapping[str, float]
    no: Mapping[str, float]


class Engine:
    """A table of subjects in a DuckDB file of its own, and the questions that are put to it.

    The file holds identifiers in plain words and is removed when the block ends.
    """

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory(prefix="tipline-train-")
        self._duck = duckdb.connect(str(Path(self._folder.name) / "subjects.duckdb"))
        self._duck.execute("set preserve_insertion_order = false")
        columns = {"unique_id": "BIGINT", **COLUMNS, **dict.fromkeys(PASSES, "VARCHAR")}
        told = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        self._duck.execute(f"create table subjects ({told}, terms VARCHAR[])")
        for statement in macros():
            self._duck.execute(statement)
        self.subjects = 0
        # Splink says of each level whether it was seen; here the file's sources say it.
        logging.getLogger("splink").setLevel(logging.ERROR)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._duck.close()
        self._folder.cleanup()

    def add(self, subjects: Iterable[Subject]) -> None:
        rows = [row(number, one) for number, one in enumerate(subjects, self.subjects)]
        for at in range(0, len(rows), _ROWS):
            page = pa.Table.from_pylist(rows[at : at + _ROWS])
            self._duck.register("page", page)
            self._duck.execute("insert into subjects by name select * from page")
            self._duck.unregister("page")
        self.subjects += len(rows)

    def sampled(self, seed: int) -> dict[str, dict[str, int]]:
        """By comparison, how many pairs drawn at random stand at each level."""
        self._duck.execute("select setseed(?)", [seed / 2**31])
        self._duck.execute(_PAIRS, {"subjects": self.subjects, "pairs": SAMPLE})
        self._duck.execute(
            f"create or replace table stood as select {_levels(LADDERS)} from drawn"  # noqa: S608
            " join subjects l on l.unique_id = a join subjects r on r.unique_id = b"
        )
        return {name: dict(self._by_level("stood", name, "count(*)")) for name in LADDERS}

    def _by_level(self, table: str, comparison: str, *what: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._duck.execute(
            f"select {comparison}, {', '.join(what)} from {table}"  # noqa: S608 - our own words
            f" where {comparison} is not null group by 1"
        ).fetchall()
        return found

    def learned(self, weights: Weights, tell: Callable[[str], None]) -> dict[str, Weighed]:
        """By comparison, m of each level by EM, over the passes that do not block on it."""
        found: dict[str, list[Weighed]] = {name: [] for name in LADDERS}
        for key, left_out in PASSES.items():
            pairs = self._begin(key)
            if pairs < _LEAST_PAIRS:
                continue
            tell(f"{key}: EM over {pairs:,} pairs")
            stand = self._standing(key)
            told = {
                name: one
                for name, one in weights.items()
                if name not in left_out and sum(stand[name].values()) >= _LEAST_PAIRS
            }
            share, trained = self._one_pass(key, told, pairs)
            for name, m in trained.items():
                # A level at which no pair stands comes back as it was given.
                seen = {level: value if level in stand[name] else 0.0 for level, value in m.items()}
                found[name].append(Weighed(seen, share * sum(stand[name].values())))
        return {name: together(each) for name, each in found.items() if each}

    def _begin(self, key: str) -> int:
        """The subjects that share a key with others, a table of its own; and how many pairs do."""
        self._duck.execute(
            f"create or replace table pass as select * from subjects where {key} in"  # noqa: S608
            f" (select {key} from subjects where {key} is not null group by {key}"
            f" having count(*) between 2 and {MOST_OF_KEY})"
        )
        return self._one_number(
            f"select coalesce(sum(n * (n - 1) // 2), 0) from"  # noqa: S608
            f" (select count(*) as n from pass group by {key})"
        )

    def _standing(self, key: str) -> dict[str, dict[str, int]]:
        """By comparison, how many pairs of the pass stand at each level."""
        self._duck.execute(
            f"create or replace table stood as select {_levels(LADDERS)} from pass l"  # noqa: S608
            f" join pass r on l.{key} = r.{key} and l.unique_id < r.unique_id limit {MOST_PAIRS}"
        )
        return {name: dict(self._by_level("stood", name, "count(*)")) for name in LADDERS}

    def _one_number(self, question: str) -> int:
        # To the last row: a connection with rows left is closed to Splink.
        ((found,),) = self._duck.execute(question).fetchall()
        return int(found)

    def _one_pass(
        self, key: str, weights: Weights, pairs: int
    ) -> tuple[float, dict[str, dict[str, float]]]:
        """Which share of the pass's pairs is one person's, and m by comparison and level."""
        linker = self._linker("pass", weights, [block_on(key)])
        session = linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(key),
            fix_u_probabilities=True,
            max_pairs=MOST_PAIRS if pairs > MOST_PAIRS else None,
        )
        share = session.core_model_settings.probability_two_random_records_match
        trained = {
            one["output_column_name"]: [
                level.get("m_probability")
                for level in one["comparison_levels"]
                if not level.get("is_null_level")
            ]
            for one in linker.misc.save_model_to_json()["comparisons"]
        }
        return share, {
            name: {level.name: value or 0.0 for level, value in zip(LADDERS[name], m, strict=True)}
            for name, m in trained.items()
            if any(m)
        }

    def likely(self, weights: Weights, share: float) -> tuple[dict[str, Likely], float]:
        """By comparison and level, how many pairs that share a key are likely one person's and how
        many are not; and how many are in all. ``share``: of all pairs, those of one person.
        """
        exploded = block_on("keys", arrays_to_explode=["keys"])
        linker = self._linker("meeting", weights, [exploded], share)
        found = linker.inference.predict().physical_name
        self._duck.execute(
            f"create or replace table judged as select match_probability as p, {_levels(weights)}"  # noqa: S608
            f" from {found} join subjects l on l.unique_id = unique_id_l"
            " join subjects r on r.unique_id = unique_id_r"
        )
        ((whole,),) = self._duck.execute("select coalesce(sum(p), 0) from judged").fetchall()
        return {name: self._judged(name) for name in weights}, float(whole)

    def _judged(self, comparison: str) -> Likely:
        rows = self._by_level("judged", comparison, "sum(p)", "sum(1 - p)")
        return Likely(
            {level: yes for level, yes, _no in rows}, {level: no for level, _yes, no in rows}
        )

    def meet(self) -> None:
        """The subjects with those of their terms that a few have, for :meth:`likely`."""
        common = ", ".join(f"'{one}'" for one in _TOO_COMMON)
        self._duck.execute(
            "create or replace table few as select term from"  # noqa: S608
            " (select unnest(terms) as term from subjects)"
            f" where split_part(term, ' ', 1) || ' ' || split_part(term, ' ', 2) not in ({common})"
            f" group by term having count(*) between 2 and {MOST_OF_KEY}"
        )
        self._duck.execute(
            "create or replace table meeting as select s.*, k.keys from subjects s"
            " join (select unique_id, list(term) as keys from"
            " (select unique_id, unnest(terms) as term from subjects) join few using (term)"
            " group by unique_id) k using (unique_id)"
        )

    def sharing(self) -> dict[str, dict[str, int]]:
        """By comparison and form, how many pairs have a term in common."""
        found: dict[str, dict[str, int]] = {name: {} for name in LADDERS}
        rows = self._duck.execute(
            "select split_part(term, ' ', 1), split_part(term, ' ', 2),"
            " cast(sum(n * (n - 1) // 2) as bigint) from (select term, count(*) as n from"
            " (select unnest(terms) as term from subjects) group by term) group by 1, 2"
        ).fetchall()
        for comparison, form, pairs in rows:
            found[comparison][form] = int(pairs)
        return found

    def with_values(self, comparison: str) -> int:
        """How many subjects have a value of a comparison."""
        column = RENDERED[comparison].column
        return self._one_number(f"select count({column}) from subjects")  # noqa: S608

    def _linker(
        self, table: str, weights: Weights, rules: Sequence[Any], share: float = 0.3
    ) -> Linker:
        settings = SettingsCreator(
            link_type="dedupe_only",
            comparisons=[_comparison(name, told) for name, told in weights.items()],
            blocking_rules_to_generate_predictions=list(rules),
            probability_two_random_records_match=share,
            retain_intermediate_calculation_columns=False,
            retain_matching_columns=False,
        )
        api = DuckDBAPI(connection=self._duck)
        return Linker(api.register(table), settings, log_level=None)


def _levels(names: Iterable[str]) -> str:
    return ", ".join(f"{level_of(name)} as {name}" for name in names)


def _comparison(name: str, told: Comparison) -> cl.CustomComparison:
    """The ladder as Splink takes it, with u as it is known and m to begin with."""
    levels: list[Any] = [
        cll.CustomLevel(condition(name, ABSENT), ABSENT).configure(is_null_level=True)
    ]
    for level in LADDERS[name][:-1]:
        weight = told.weights[level.name]
        made = cll.CustomLevel(condition(name, level.name), level.name)
        levels.append(made.configure(m_probability=weight.m, u_probability=weight.u))
    rest = told.weights[ELSE]
    levels.append(cll.ElseLevel().configure(m_probability=rest.m, u_probability=rest.u))
    return cl.CustomComparison(levels, output_column_name=name)
