# ruff: noqa: T201 - this command speaks to a terminal
"""``./tipline test``: static checks, then the tests on SQLite and on PostgreSQL.

Its last line adds both runs up in the form of pytest's own closing line. A static check that
fails counts there as an error, so that the line is never green when the command is not.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from tests import migrated, postgres, static

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".pytest_cache" / "bytecode"
NOTHING_COLLECTED = 5
USAGE = """\
usage: ./tipline test [--static] [pytest words]

Without words: lint, form, types, import rules, migrations, start-up checks, then every test on
SQLite and those that touch a database once more on PostgreSQL, on all cores.
With pytest's words (./tipline test tests/triage -k danger): just those tests on both databases,
in one process each, without the static checks.

  --static   the static checks only
  --help     this text (pytest's own: .venv/bin/python -m pytest --help)

PostgreSQL is a private one in a temporary folder. TIPLINE_TEST_DATABASE_URL names another one
(its user must be allowed to make databases); PG_BIN names the folder of other binaries.
With CI=true, or TIPLINE_TEST_SKIP_NOTHING=1, a part that is missing fails the run.
"""


#: Gives the URL of a PostgreSQL and the name of a migrated database on it.
Server = Callable[[], tuple[str, str]]


@dataclass
class Outcome:
    """What one pytest run or the whole command came to. ``on_both``: files for PostgreSQL, too."""

    counts: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    on_both: tuple[str, ...] = ()
    nothing_ran: bool = False

    def add(self, other: Outcome) -> None:
        self.counts += other.counts
        self.skipped += other.skipped
        self.nothing_ran = other.nothing_ran

    @property
    def failed(self) -> bool:
        return bool(self.counts["failed"] + self.counts["error"])


def closing_line(counts: Mapping[str, int], seconds: float) -> str:
    """``== 2 failed, 810 passed, 3 skipped in 300.12s (0:05:00) ==``, as pytest writes it."""
    order = ("failed", "passed", "skipped", "xfailed", "xpassed", "error")
    named = [(count, name) for name in order if (count := counts.get(name, 0))]
    words = [f"{n} errors" if name == "error" and n > 1 else f"{n} {name}" for n, name in named]
    minutes = f" ({int(seconds) // 3600}:{int(seconds) // 60 % 60:02}:{int(seconds) % 60:02})"
    took = f"{seconds:.2f}s" + (minutes if seconds >= 60 else "")
    return f"== {', '.join(words) or 'no tests ran'} in {took} =="


def clean_environment(scratch: Path) -> dict[str, str]:
    """The environment without this deployment's settings: tests never touch its data."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name != "DJANGO_SETTINGS_MODULE"
        and (not name.startswith("TIPLINE_") or name.startswith("TIPLINE_TEST_"))
    }
    kept["TIPLINE_HOME"] = str(scratch / "home")
    share_bytecode(kept, scratch)
    if os.environ.get("CI") in {"true", "1"}:
        kept["TIPLINE_TEST_SKIP_NOTHING"] = "1"
    return kept


def share_bytecode(environment: MutableMapping[str, str], scratch: Path) -> None:
    """Have the processes that get this environment write their byte code, and read each other's.

    The tests start hundreds: where none may write it, each would compile all of it again, which
    takes longer than anything else it does. It is kept for the next run, where it may be.
    """
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    place = KEPT if os.access(ROOT, os.W_OK) else scratch / "bytecode"
    environment.setdefault("PYTHONPYCACHEPREFIX", str(place))


def pytest_words(words: Sequence[str]) -> list[str]:
    if words:
        return list(words)
    workers = str(max(2, os.cpu_count() or 2))
    spread = ["-n", workers, "--dist", "loadgroup", "--no-loadscope-reorder"]
    return [*spread, "--durations=10", "--durations-min=2"]


def run_pytest(words: Sequence[str], environment: Mapping[str, str], scratch: Path) -> Outcome:
    """One pytest process, its words straight to the terminal."""
    result = scratch / "result.json"
    result.unlink(missing_ok=True)
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=ROOT,
        env={**environment, "TIPLINE_TEST_RESULT": str(result)},
        check=False,
    ).returncode
    if ended == NOTHING_COLLECTED:
        return Outcome(nothing_ran=True)
    if not result.exists():  # it stopped before its summary
        return Outcome(Counter(error=1) if ended else Counter(), nothing_ran=not ended)
    told = json.loads(result.read_text(encoding="utf-8"))
    outcome = Outcome(Counter(told["counts"]), Counter(told["skipped"]), tuple(told["on_both"]))
    if ended and not outcome.failed:  # interrupted, or broken outside any test
        outcome.counts["error"] += 1
    return outcome


@contextlib.contextmanager
def postgres_url() -> Iterator[str]:
    if url := os.environ.get("TIPLINE_TEST_DATABASE_URL"):
        yield url
    else:
        with postgres.running() as url:
            yield url


@contextlib.contextmanager
def migrated_postgres() -> Iterator[tuple[str, str]]:
    """A server's URL, and the name of a migrated database on it."""
    with postgres_url() as url, migrated.on_server(url) as template:
        yield url, template


def run_on_postgres(
    words: Sequence[str], environment: dict[str, str], scratch: Path, server: Server
) -> Outcome:
    try:
        url, template = server()
        say("PostgreSQL")
        environment = {
            **environment,
            "TIPLINE_DATABASE_URL": url,
            "TIPLINE_TEST_DATABASE": "postgresql",
            migrated.DATABASE: template,
        }
        return run_pytest(words, environment, scratch)
    except postgres.NoPostgresError as error:
        print(error, flush=True)
        if environment.get("TIPLINE_TEST_SKIP_NOTHING") == "1":
            return Outcome(Counter(error=1))
        return Outcome(skipped=Counter({f"no PostgreSQL run: {error}": 1}))


def run_tests(
    words: Sequence[str], environment: dict[str, str], scratch: Path, server: Server
) -> Outcome:
    """``server``: called when its turn has come; raises NoPostgresError where there is none."""
    say("SQLite")
    whole = run_pytest(pytest_words(words), environment, scratch)
    if whole.on_both:
        # To import a file takes as long as many a test: those without any for it are left out.
        asked = list(words) or [*pytest_words(()), *whole.on_both]
        whole.add(run_on_postgres(asked, environment, scratch, server))
    return whole


def say(title: str) -> None:
    print(f"\n-- {title}", flush=True)


def run_suite(words: Sequence[str], scratch: Path, *, static_only: bool) -> Outcome:
    environment = clean_environment(scratch)
    if static_only:
        say("static checks")
        broken = static.run_all(ROOT, environment)
        return Outcome(Counter(error=len(broken), passed=len(static.STEPS) - len(broken)))
    if words:
        with contextlib.ExitStack() as kept:
            made = migrated_postgres()
            return run_tests(words, environment, scratch, lambda: kept.enter_context(made))
    return run_whole(environment, scratch)


def run_whole(environment: dict[str, str], scratch: Path) -> Outcome:
    """Everything. The types, which take longest and one core, are looked at beside the tests.

    Both databases are made beside the first checks. The thread that started PostgreSQL must
    outlive it, which ends with that thread: so the server is stopped before the pool.
    """
    with ThreadPoolExecutor(max_workers=3) as beside, contextlib.ExitStack() as kept:
        server = beside.submit(kept.enter_context, migrated_postgres())
        kept.callback(wait, [server])  # when somebody presses Ctrl-C while it starts
        types = beside.submit(static.run, static.LONGEST, ROOT, environment)
        template = beside.submit(make_template, scratch)
        say("static checks")
        broken = static.run_all(ROOT, environment, static.STEPS.keys() - {static.LONGEST})
        environment[migrated.FILE] = str(template.result())
        whole = run_tests((), environment, scratch, server.result)
        say("static checks")
        broken += static.tell(types.result())
    whole.counts["error"] += len(broken)
    return whole


def make_template(scratch: Path) -> Path:
    """The migrated database that the SQLite run copies."""
    file = scratch / "templates" / "migrated.sqlite3"
    migrated.make_file(file)
    return file


def main(words: list[str]) -> int:
    if "--help" in words or "-h" in words:
        print(USAGE, end="")
        return 0
    static_only = "--static" in words
    words = [word for word in words if word != "--static"]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that PostgreSQL is stopped
    started = time.monotonic()
    scratch = Path(tempfile.mkdtemp(prefix="tipline-test-"))
    share_bytecode(os.environ, scratch)  # for the processes that migrate
    try:
        whole = run_suite(words, scratch, static_only=static_only)
    except KeyboardInterrupt:
        return 130
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if whole.skipped:
        say("not run")
        for sentence, times in whole.skipped.most_common():
            print(f"{times:>5} x {sentence}", flush=True)
    print(f"\n{closing_line(whole.counts, time.monotonic() - started)}", flush=True)
    if whole.failed:
        return 1
    return NOTHING_COLLECTED if whole.nothing_ran else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
