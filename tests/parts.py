"""Parts of the machine that some tests need and that may be absent.

An absent part skips its tests with a sentence, which the end of the run repeats. Where nothing
may be skipped (CI), it fails them instead, unless the part cannot be installed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Part:
    """``find`` gives its path or None; ``mend`` is what to do when it is absent."""

    name: str
    find: Callable[[], str | None]
    mend: str
    installable: bool = True


def _chromium() -> str | None:
    # The shell first: the same engine without windows, at half the cost of a page.
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def _oracle_schema() -> str | None:
    path = os.environ.get("TIPLINE_TEST_ORACLE_XSD")
    return path if path and Path(path).is_file() else None


CHROMIUM = Part(
    "chromium", _chromium, "on Debian, as root: apt-get install -y chromium-headless-shell"
)
ORACLE_SCHEMA = Part(
    "oracle schema",
    _oracle_schema,
    "name a copy of the published ESP schema in TIPLINE_TEST_ORACLE_XSD; it is not ours to ship",
    installable=False,
)


def _scipy() -> str | None:
    found = find_spec("scipy")
    return found.origin if found else None


def _numba() -> str | None:
    found = find_spec("numba")
    return found.origin if found else None


NUMBA = Part("numba", _numba, "it is in requirements/dev.txt; on its own: requirements/fast.txt")


def _av() -> str | None:
    found = find_spec("av")
    return found.origin if found else None


VIDEO = Part("PyAV", _av, "it is in requirements/dev.txt; on its own: requirements/video.txt")
SCIPY = Part("scipy", _scipy, "install requirements/learn.txt into .venv, as its command says")


def _threatexchange() -> str | None:
    found = find_spec("threatexchange")
    return found.origin if found else None


THREATEXCHANGE = Part("threatexchange", _threatexchange, "./tipline test installs it")


def _recordlinkage() -> str | None:
    found = find_spec("recordlinkage")
    return found.origin if found else None


RECORDLINKAGE = Part("recordlinkage", _recordlinkage, "./tipline test installs it")


def _splink() -> str | None:
    found = [find_spec(name) for name in ("splink", "duckdb", "pyarrow")]
    return found[0].origin if found[0] and all(found) else None


SPLINK = Part(
    "splink",
    _splink,
    ".venv/bin/python -m pip install --no-deps --require-hashes -r requirements/train.txt",
)


def _cosmic_ray() -> str | None:
    beside = Path(__file__).resolve().parents[1] / ".venv-mutation" / "bin" / "cosmic-ray"
    return str(beside) if beside.is_file() else shutil.which("cosmic-ray")


COSMIC_RAY = Part(
    "cosmic-ray",
    _cosmic_ray,
    "python3 -m venv .venv-mutation && .venv-mutation/bin/python -m pip install --no-deps "
    "--require-hashes -r requirements/mutation.txt",
    installable=False,
)


def _spark() -> str | None:
    """Where pyspark is, if Java is there to run it."""
    found = find_spec("pyspark")
    java = os.environ.get("JAVA_HOME") or shutil.which("java")
    return found.origin if found and java else None


SPARK = Part(
    "Spark",
    _spark,
    "apt-get install openjdk-17-jre-headless, and .venv/bin/python -m pip install --no-deps "
    "--require-hashes -r requirements/spark.txt",
)


def need(part: Part) -> Path:
    """The part's path; skips the test, or fails it where nothing may be skipped."""
    if found := part.find():
        return Path(found)
    sentence = f"no {part.name} ({part.mend})"
    if part.installable and os.environ.get("TIPLINE_TEST_SKIP_NOTHING") == "1":
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)
