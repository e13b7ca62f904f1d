"""One house for a whole file of tests: building it takes longer than asking at a door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from tests.access.house import House, build

from tipline.insight.matching.services import picture_child


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker) -> Iterator[House]:
    """Everybody and everything; taken back as a whole at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)
    picture_child().close()  # previews started it
