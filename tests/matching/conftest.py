from __future__ import annotations

import pytest
from tests.filing import filed, world

from tipline.insight.matching.pictures import PictureChild

__all__ = ["filed", "world"]


@pytest.fixture(scope="session")
def child():
    with PictureChild() as one:
        yield one
