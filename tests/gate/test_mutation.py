"""Do the tests of the gate notice when a rule is changed in one place? A score, by cosmic-ray.

Each change is made in a copy of the tree and the tests of ``tests/gate`` are run on it until one
fails. What survives is printed. It takes half an hour of a core, so it is a proof of its own:
``./tipline prove mutation``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests import parts

pytestmark = [pytest.mark.proof, pytest.mark.sqlite_only]
ROOT = Path(__file__).resolve().parents[2]
ROOM = "src/tipline/record/evidence"
RULES = ("gate.py", "gate_policy.py", "rules_closed.py", "rules_types.py", "papers/rules.py")
TESTS = ("tests/gate/test_gate_policy.py", "tests/gate/test_papers.py", "tests/gate/test_gate.py")
LEAST = 0.95
SECONDS = 120
#: Changes that say the same: ``X | None`` stands in annotations only, which nobody evaluates, and
#: what is compared by ``is`` are None, True, False and members of enumerations: there is one of
#: each, and their order is that of their spelling.
NO_CHANGE = [
    "core/ReplaceBinaryOperator_BitOr_.*",
    "core/ReplaceComparisonOperator_Is_(Eq|Lt|LtE|Gt|GtE)",
    "core/ReplaceComparisonOperator_IsNot_(NotEq|Lt|LtE|Gt|GtE)",
]
#: Lines of which a change says the same: how a value is laid out, given and printed, a length that
#: is the same on both sides by construction, a number that is written down and never decided on, a
#: count of what is there once at least.
SAME = ("slots=False", "kw_only=False", "strict=False", "paper: int =", "repr=True", "!= 1:")
_CONFIG = """\
[cosmic-ray]
module-path = {modules}
timeout = {seconds}.0
excluded-modules = []
test-command = {command}

[cosmic-ray.distributor]
name = "local"

[cosmic-ray.filters.operators-filter]
exclude-operators = {excluded}
"""


def copied(folder: Path) -> Path:
    """The tree without what is made from it; the changes are made there."""
    for name in ("src", "tests", "pyproject.toml"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.pyc"))
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


def configured(tree: Path) -> Path:
    options = "-x -q -p no:cacheprovider -p no:randomly"
    command = f"{sys.executable} -m pytest {options} {' '.join(TESTS)}"
    said = {
        "modules": json.dumps([f"{ROOM}/{name}" for name in RULES]),
        "seconds": SECONDS,
        "command": json.dumps(command),
        "excluded": json.dumps(NO_CHANGE),
    }
    path = tree / "mutation.toml"
    path.write_text(_CONFIG.format(**said))
    return path


def run(tree: Path, tool: Path, *words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": "src:.", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [tool, *words],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def results(dumped: str) -> list[tuple[str, str]]:
    """How each change ended, and what it was."""
    found = []
    for line in dumped.splitlines():
        item, result = json.loads(line)
        if result is None or result["worker_outcome"] == "skipped":
            continue
        outcome = result["test_outcome"] or result["worker_outcome"]
        changed = [line for line in (result["diff"] or "").splitlines() if line[:1] == "+"]
        if outcome == "survived" and any(same in line for line in changed for same in SAME):
            continue
        [change] = item["mutations"]
        where = f"{change['module_path']}:{change['start_pos'][0]} {change['operator_name']}"
        found.append((outcome, f"{where} {result.get('diff') or ''}"))
    return found


def test_the_rules_of_the_gate_are_held_by_their_tests(tmp_path):
    tool = parts.need(parts.COSMIC_RAY)
    tree = copied(tmp_path)
    config, session = configured(tree), tree / "mutation.sqlite"
    run(tree, tool, "baseline", str(config))
    run(tree, tool, "init", str(config), str(session))
    run(tree, tool.with_name("cr-filter-operators"), str(session), str(config))
    run(tree, tool, "exec", str(config), str(session))
    ended = results(run(tree, tool, "dump", str(session)))

    count = Counter(outcome for outcome, _what in ended)
    survived = [what for outcome, what in ended if outcome == "survived"]
    score = 1 - len(survived) / len(ended)
    told = {"changes": len(ended), "noticed": dict(count), "score": round(score, 4)}
    if path := os.environ.get("TIPLINE_TEST_FIGURES"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(told) + "\n")
    assert score >= LEAST, "\n".join(survived)
