from __future__ import annotations

import pytest

from tipline.insight.matching.pictures import PictureChild


@pytest.fixture(scope="session")
def child():
    with PictureChild() as one:
        yield one
