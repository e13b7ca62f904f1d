"""Writes ``febrl-3.toml`` and ``febrl-4.toml``: weights learned from FEBRL's records.

    pip install -r requirements/train.txt        # beside the dev set
    PYTHONPATH=src:. python tests/entities/golden/make_febrl_golden.py

By the program's own trainer, which is given subjects and never whose they are. It begins with the
model that ships, each comparison a group of its own: fields of a form are no screen name and
mailbox of one account, which say the same thing twice.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.entities import febrl

from tipline.insight.entities.scoring.rules_model import LinkModel, read_model, shipped
from tipline.insight.entities.training.rules_file import text_of
from tipline.insight.entities.training.services import learn

HERE = Path(__file__).parent
MOST_BITS = 40.0


def apart(model: LinkModel) -> LinkModel:
    """Every comparison a group of its own; a pair is told when it is as likely as not."""
    comparisons = {name: replace(one, group=name) for name, one in model.comparisons.items()}
    caps = dict.fromkeys(comparisons, MOST_BITS)
    return replace(model, comparisons=comparisons, caps=caps, least=0.0)


def _say(said: str) -> None:
    print(said, file=sys.stderr)  # noqa: T201


def main() -> None:
    now = shipped()
    text = text_of(apart(now.rules), "febrl", "start", "any", f"After {now.stamp}.")
    start = read_model(text.encode(), "start")
    for which in febrl.FILES:
        subjects = [one.subject for one in febrl.records(which)]
        today = datetime.now(UTC).date()
        learned = learn([subjects], start, str(which), today, _say)
        (HERE / f"febrl-{which}.toml").write_text(learned.text)


if __name__ == "__main__":
    main()
