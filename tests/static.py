# ruff: noqa: T201 - a part of the test command, which speaks to a terminal
"""The checks that run nothing of a test: lint, form, types, import rules, migrations, start-up."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"

# By module, not by the scripts in .venv/bin: those break when the checkout is moved.
LONGEST = "types (mypy)"
#: The longest first, so that the others run beside it.
STEPS: Mapping[str, tuple[str, ...]] = {
    LONGEST: ("-m", "mypy"),
    "start-up checks": ("-m", "django", "check", "--fail-level", "WARNING"),
    "migrations": ("-m", "django", "makemigrations", "--check", "--dry-run"),
    "import rules": ("-c", IMPORTS, "--no-logo"),
    "lint (ruff)": ("-m", "ruff", "check", "--output-format", "concise", "."),
    "form (ruff)": ("-m", "ruff", "format", "--check", "."),
}


@dataclass(frozen=True)
class Finding:
    """How one step ended; ``output`` is what it said when it failed."""

    name: str
    seconds: float
    output: str = ""


def run(name: str, root: Path, environment: Mapping[str, str]) -> Finding:
    """Run one step, and say nothing yet."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, *STEPS[name]],
        cwd=root,
        env={**environment, "DJANGO_SETTINGS_MODULE": "tipline.config.settings"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    said = done.stdout.strip() or f"ended with {done.returncode}"
    return Finding(name, time.monotonic() - started, said if done.returncode else "")


def run_all(
    root: Path, environment: Mapping[str, str], names: Iterable[str] = tuple(STEPS)
) -> list[str]:
    """Run these steps, as many at a time as there are cores; the names of those that failed."""
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        found = [pool.submit(run, name, root, environment) for name in names]
        return [name for future in as_completed(found) for name in tell(future.result())]


def tell(finding: Finding) -> list[str]:
    """Print how a step ended; its name where it failed."""
    state = "FAILED" if finding.output else "ok"
    print(f"{finding.name:<16} {state:<7} {finding.seconds:5.1f} s", flush=True)
    if finding.output:
        print(finding.output, flush=True)
    return [finding.name] if finding.output else []
