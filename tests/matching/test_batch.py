"""Some hashes in memory: what is near any of those asked, by looking at all or by lists."""

from __future__ import annotations

import pytest
from tests.matching.planted import clustered, distance

from tipline.insight.matching.index import batch
from tipline.insight.matching.index.batch import Batch


@pytest.mark.parametrize("worth", [1, 10_000], ids=["lists", "all"])
@pytest.mark.parametrize("radius", [0, 12, 31])
def test_it_finds_what_counting_bits_finds(monkeypatch, worth, radius):
    monkeypatch.setattr(batch, "_WORTH", worth)
    values, asked = clustered(900, 4), clustered(1_200, 4)[600:]
    found = Batch(b"".join(values)).near(asked, radius)
    assert found == {
        place
        for place, value in enumerate(values)
        if any(distance(value, one) <= radius for one in asked)
    }


def test_nothing_is_near_nothing():
    assert Batch(b"").near([bytes(32)]) == set()
    assert Batch(bytes(32)).near([]) == set()
