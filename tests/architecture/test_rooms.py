"""Every room says what it is, under a name of the field."""

from __future__ import annotations

import ast

import pytest
from tests.architecture.house import ROOT, SOURCE, ranks

FLOORS = {name.rpartition(".")[0] for name in ranks()}
ROOMS = [
    name for name in ranks() if name not in FLOORS and (SOURCE / name.replace(".", "/")).is_dir()
]
NO_NAMES = {"utils", "helpers", "manager", "managers", "common", "misc"}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_is(room):
    docstring = ast.get_docstring(
        ast.parse((SOURCE / room.replace(".", "/") / "__init__.py").read_text())
    )

    assert docstring
    assert len(docstring.splitlines()) <= 20


def test_no_file_is_named_after_nothing():
    files = [*SOURCE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]

    assert [str(path) for path in files if path.stem in NO_NAMES] == []
