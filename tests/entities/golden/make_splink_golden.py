"""Writes ``splink.json``: weights of one model by Splink, which the scorer must give, too.

    pip install -r requirements/train.txt        # beside the runtime set
    PYTHONPATH=src:. python tests/entities/golden/make_splink_golden.py

Splink takes the model's own m and u, and columns with the forms that the scorer compares; the
levels are written once more, in SQL. Frequencies are those of the records, as Splink counts them.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from itertools import count
from pathlib import Path
from random import Random

import duckdb
import pyarrow as pa
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator
from tests.entities.golden.worth import worth_digest

from tipline.insight.entities.scoring.rules_levels import LADDERS
from tipline.insight.entities.scoring.rules_model import shipped
from tipline.insight.entities.scoring.rules_subject import handle, mail, phone

HERE = Path(__file__).parent
RECORDS = 240
#: Splink's column and condition for each level; the scorer's own code is not asked.
NEAR = (
    "length({0}_l) >= 6 and length({0}_r) >= 6 and levenshtein({0}_l, {0}_r) <= "
    "case when length({0}_l) >= 10 and length({0}_r) >= 10 then 2 else 1 end"
)
WITHIN = (
    "(least(length(skeleton_l), length(skeleton_r)) >= 7 and (contains(skeleton_l, skeleton_r)"
    " or contains(skeleton_r, skeleton_l)))"
)
LEVELS = {
    "screen_name": {
        "same_at_service": ("name_l = name_r and service_l = service_r", "name"),
        "same_name": ("name_l = name_r", "name"),
        "same_skeleton": ("skeleton_l = skeleton_r", "skeleton"),
        "same_stem": ("stem_l = stem_r", "stem"),
        "same_words": (f"(words_l = words_r and contains(words_l, ' ')) or {WITHIN}", ""),
        "near": (NEAR.format("skeleton"), ""),
    },
    "email": {
        "same_mailbox": ("mailbox_l = mailbox_r", "mailbox"),
        "same_user": ("mailuser_l = mailuser_r", "mailuser"),
        "near_user": (
            (
                "least(length(mailuser_l), length(mailuser_r)) >= 6"
                " and levenshtein(mailuser_l, mailuser_r) <= 1"
            ),
            "",
        ),
    },
    "phone": {
        "same": ("phone_l = phone_r", "phone"),
        "same_national": (
            "national_l = national_r and not (phone_l like '+%' and phone_r like '+%')",
            "",
        ),
        "one_digit": (
            (
                "length(phone_l) = length(phone_r) and length(phone_l) >= 8"
                " and levenshtein(phone_l, phone_r) = 1"
            ),
            "",
        ),
    },
    "date_of_birth": {
        "same": ("birth_l = birth_r", ""),
        "swapped": (
            (
                "birth_l[1:4] = birth_r[1:4] and birth_l[6:7] = birth_r[9:10]"
                " and birth_l[9:10] = birth_r[6:7]"
            ),
            "",
        ),
        "one_digit": ("levenshtein(birth_l, birth_r) = 1", ""),
        "same_year": ("birth_l[1:4] = birth_r[1:4]", ""),
    },
}
COLUMNS = {"screen_name": "name", "email": "mailbox", "phone": "phone", "date_of_birth": "birth"}
WORDS = ["blue", "kite", "shadow", "river", "lamp", "otter", "maple", "stone"]


def records(dice: Random) -> list[dict[str, str | None]]:
    """Made-up subjects, many of them near another; nobody."""
    made: list[dict[str, str | None]] = []
    for _number in range(RECORDS):
        if made and dice.random() < 0.5:
            made.append(_variant(dict(dice.choice(made)), dice))
            continue
        two = dice.sample(WORDS, 2)
        between, number = dice.choice([".", "_", ""]), dice.choice(["", "7", "4711"])
        domain = dice.choice(["gmail.com", "example.org"])
        year, month, day = dice.randrange(80, 99), dice.randrange(1, 13), dice.randrange(1, 29)
        made.append(
            {
                "name": f"{two[0]}{between}{two[1]}{number}",
                "service": dice.choice(["chat", "mail"]),
                "mail": f"{two[0]}.{two[1]}{dice.randrange(40)}@{domain}",
                "phone": f"+1415555{dice.randrange(10_000):04}",
                "birth": f"19{year}-{month:02}-{day:02}",
            }
        )
    for one in made:
        for key in ("name", "mail", "phone", "birth"):
            if dice.random() < 0.15:
                one[key] = None
    return made


def _variant(one: dict[str, str | None], dice: Random) -> dict[str, str | None]:
    name, mail_, phone_, birth = one["name"], one["mail"], one["phone"], one["birth"]
    if name:
        edits = [name, f"xx_{name}_xx", name.replace("e", "3"), f"{name}9", f"{name[:-1]}q",
                 "_".join(reversed(name.replace(".", "_").split("_"))), f"my{name}"]  # fmt: skip
        one["name"] = dice.choice(edits)
    if mail_:
        user, _at, domain = mail_.partition("@")
        mails = [mail_, f"{user}+x@{domain}", f"{user}@example.net", f"{user}q@{domain}"]
        one["mail"] = dice.choice(mails)
    if phone_:
        one["phone"] = dice.choice([phone_, phone_.removeprefix("+1"), f"{phone_[:-1]}0"])
    if birth:
        year, month, day = birth.split("-")
        swapped = f"{year}-{day}-{month}" if int(day) <= 12 else birth
        one["birth"] = dice.choice([birth, swapped, f"{year}-{month}-2{day[1]}", f"{year}-06-15"])
    one["service"] = dice.choice(["chat", "mail"])
    return one


def row(number: int, one: dict[str, str | None]) -> dict[str, object]:
    """A record with the forms that its values are compared by."""
    name = handle(one["name"], one["service"] or "") if one["name"] else None
    address = mail(one["mail"]) if one["mail"] else None
    told = phone(one["phone"]) if one["phone"] else None
    return {
        "unique_id": number,
        "name": name.name if name else None,
        "service": one["service"],
        "skeleton": (name.skeleton or None) if name else None,
        "stem": (name.stem or None) if name else None,
        "words": " ".join(sorted(name.words)) if name else None,
        "mailbox": address.mailbox if address else None,
        "mailuser": (address.user or None) if address else None,
        "phone": told.number if told else None,
        "national": (told.national or None) if told else None,
        "birth": one["birth"],
    }


def comparisons() -> list[cl.CustomComparison]:
    made = []
    for name, ladder in LADDERS.items():
        if name not in LEVELS:
            continue
        weights = shipped().rules.comparisons[name].weights
        levels = [cll.NullLevel(COLUMNS[name])]
        for level in ladder[:-1]:
            sql, term = LEVELS[name][level.name]
            weight = weights[level.name]
            told = {"m_probability": weight.m, "u_probability": weight.u}
            if weight.form:
                told |= {"tf_adjustment_column": term, "disable_tf_exact_match_detection": True}
            levels.append(cll.CustomLevel(sql, level.name).configure(**told))
        rest = weights["else"]
        levels.append(cll.ElseLevel().configure(m_probability=rest.m, u_probability=rest.u))
        made.append(cl.CustomComparison(levels, output_column_name=name))
    return made


def main() -> None:
    told = records(Random(20261129))
    table = pa.Table.from_pylist([row(number, one) for number, one in zip(count(), told)])
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons(),
        blocking_rules_to_generate_predictions=["1=1"],
        probability_two_random_records_match=0.5,
        retain_intermediate_calculation_columns=True,
        retain_matching_columns=True,
    )
    api = DuckDBAPI(connection=duckdb.connect())
    linker = Linker(api.register(table) if hasattr(api, "register") else table, settings)
    found = linker.inference.predict().as_record_list()
    pairs = sorted((one["unique_id_l"], one["unique_id_r"], one["match_weight"]) for one in found)
    kept = [pair for place, pair in enumerate(pairs) if pair[2] > 0 or place % 40 == 0]
    golden = {
        "model": shipped().stamp,
        "worth": worth_digest(shipped().rules),
        "by": {name: version(name) for name in ("splink", "duckdb")},
        "records": told,
        "above_zero": sum(pair[2] > 0 for pair in pairs),
        "pairs": kept,
    }
    (HERE / "splink.json").write_text(json.dumps(golden, indent=0) + "\n")
    print(len(pairs), "pairs compared,", len(kept), "kept")  # noqa: T201


if __name__ == "__main__":
    main()
