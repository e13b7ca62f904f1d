"""How many examples a property is tried on whose every example costs a story on the database.

Few in the suite, the same each time; ``./tipline prove properties`` tries :data:`LONGER` times
as many.
"""

from __future__ import annotations

from collections.abc import Collection

from hypothesis import HealthCheck, settings

LONGER = 40
PROOF = 1_000  # no profile of the suite has as many


def few(
    suite: int,
    suppress_health_check: Collection[HealthCheck] = (HealthCheck.function_scoped_fixture,),
) -> settings:
    """``suite`` examples, more under the profile ``prove``."""
    proof = settings.default is not None and settings.default.max_examples >= PROOF
    return settings(
        max_examples=suite * (LONGER if proof else 1),
        deadline=None,
        suppress_health_check=list({*suppress_health_check, HealthCheck.too_slow}),
    )
