"""Rules take values: no framework, no database, no settings, no clock, not even by a detour."""

from __future__ import annotations

import re

import grimp
import pytest

PURE = re.compile(r"(rules|facts|features)(_\w+)?|gate")
IMPURE = ["django", "psycopg", "sqlite3", "tipline.config", "tipline.ground.foundation.clock"]
GRAPH = grimp.build_graph("tipline", include_external_packages=True, cache_dir=None)
RULES = sorted(name for name in GRAPH.modules if PURE.fullmatch(name.rpartition(".")[2]))


def test_there_are_rules_to_look_at():
    assert RULES


@pytest.mark.parametrize("module", RULES)
@pytest.mark.parametrize("outside", IMPURE)
def test_rules_are_pure(module, outside):
    chain = GRAPH.find_shortest_chain(module, outside) if outside in GRAPH.modules else None

    assert chain is None, " -> ".join(chain)


def test_a_detour_would_be_found():
    """The graph knows chains: a service reaches Django by way of what it imports."""
    assert GRAPH.find_shortest_chain("tipline.ground.audit.services", "django")
