from __future__ import annotations

import pytest
from tests.exchange.made import Ours, make_ours


@pytest.fixture
def ours(db: None, tipline_home: object) -> Ours:
    return make_ours()
