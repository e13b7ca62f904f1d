"""What may stand in no file of the project, and what the requirement files must be."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from tests.architecture.house import ROOT

# Put together here, so that this file does not hold what it forbids.
REGISTRIES = ["pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org", "/simple" + "/"]
MACHINE_PATHS = ["/" + folder + "/" for folder in ("root", "work", "home", "Users")]
#: Each set with the least number of packages that it must hold.
LOCKS = {"runtime": 20, "dev": 20, "bench": 4, "learn": 2}
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[\w,-]+\])?==(\S+)", re.MULTILINE)


def _files():
    """Every text file that is tracked or would be; the folders of a run are left out."""
    if shutil.which("git") and (ROOT / ".git").exists():
        words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(words, cwd=ROOT, capture_output=True, check=True).stdout
        paths = [ROOT / name for name in listed.decode().split("\0") if name]
    else:
        folders = ["src", "tests", "tools", "docs", "requirements", "benchmarks", ".ci"]
        paths = [path for name in folders for path in (ROOT / name).rglob("*")]
        paths += [path for path in ROOT.iterdir() if path.is_file()]
    return [path for path in paths if path.is_file() and "__pycache__" not in path.parts]


def _mentions(words):
    pattern = re.compile(
        rb"(?<![\w.-])(?:" + b"|".join(re.escape(w.encode()) for w in words) + rb")"
    )
    return [str(path.relative_to(ROOT)) for path in _files() if pattern.search(path.read_bytes())]


def _pins(name):
    """``{(package, version)}``; a package may be pinned once for each kind of Python."""
    return set(PIN.findall((ROOT / "requirements" / f"{name}.txt").read_text()))


def test_no_registry_is_named():
    assert _mentions(REGISTRIES) == []


def test_no_path_of_a_machine_is_named():
    assert _mentions(MACHINE_PATHS) == []


@pytest.mark.parametrize("name", LOCKS)
def test_requirements_name_no_address(name):
    assert "://" not in (ROOT / "requirements" / f"{name}.txt").read_text()


@pytest.mark.parametrize(("name", "least"), LOCKS.items())
def test_every_requirement_is_pinned_and_hashed(name, least):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    entries = re.split(r"\n(?=[a-z0-9])", text)[1:]

    assert len(entries) == len(_pins(name)) >= least
    assert [entry.split(" ")[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_dev_set_contains_the_runtime_set():
    """The launcher starts anything from an environment that holds the dev set."""
    assert _pins("runtime") <= _pins("dev")


def test_the_bench_set_changes_nothing_of_the_dev_set():
    """It is laid over the dev set, so what both name must be the same."""
    named = {name for name, _ in _pins("dev")}

    assert {pin for pin in _pins("bench") if pin[0] in named} <= _pins("dev")


def test_the_extra_set_fits_beside_the_runtime_set():
    """It is installed into the same environment, without anything that is there already moved."""
    runtime = _pins("runtime")
    names = {name for name, _version in runtime}
    assert {pin for pin in _pins("learn") if pin[0] in names} <= runtime


def test_the_licence_is_apache_2():
    text = (ROOT / "LICENSE").read_text()

    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
