"""The library that finds where a bounded curve is lowest; loaded when it is needed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from tipline.ground.foundation.errors import Unavailable
from tipline.insight.triage.learning.rules_fit import Minimise, Numbers

_THREADS = "OPENBLAS_NUM_THREADS"
_OPTIONS = {"maxiter": 5000, "maxfun": 100_000, "ftol": 1e-12, "gtol": 1e-7}


def minimise_with_scipy() -> Minimise:
    """L-BFGS-B of scipy. Raises Unavailable, with what to install, where it is absent."""
    try:
        with _one_thread():
            from scipy.optimize import minimize  # noqa: PLC0415 - an extra: 35 MB that others need not
    except ImportError as error:
        raise Unavailable(
            "Learning needs scipy, which is not installed. From the checkout: "
            ".venv/bin/python -m pip install --no-deps --require-hashes -r requirements/learn.txt"
        ) from error

    def run(
        curve: Callable[[Numbers], tuple[float, Numbers]],
        start: Numbers,
        bounds: Sequence[tuple[float, float]],
    ) -> Numbers:
        found = minimize(curve, start, jac=True, method="L-BFGS-B", bounds=bounds, options=_OPTIONS)
        lowest: Numbers = found.x
        return lowest

    return run


@contextmanager
def _one_thread() -> Iterator[None]:
    """Its linear algebra reads this once, when it is loaded.

    There are fifty unknowns: waking threads for them took fifteen times as long as the work,
    measured on a busy machine of two cores.
    """
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_THREADS]
        else:
            os.environ[_THREADS] = before
