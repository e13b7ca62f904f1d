"""Work spread over processes of this machine, its answers in the order in which it was asked."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import Final, TypeVar

from tipline.ground.foundation.parents import end_with_parent

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

#: Answers of each process that may wait to be taken: memory stays bounded.
_AHEAD: Final = 2


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def begin() -> None:
    """What a child does first: it loads the rooms, and ends when its parent does."""
    end_with_parent()
    import django  # noqa: PLC0415 - a child is started without it

    django.setup()


def spread(
    work: Callable[[Asked], Answer], asked: Iterable[Asked], processes: int
) -> Iterator[Answer]:
    """The answer to each, in order; in this very process when ``processes`` is 1.

    ``work`` is a function of a module. Children have connections of their own, so they see what
    is committed only.
    """
    if processes == 1:
        yield from map(work, asked)
        return
    fresh = multiprocessing.get_context("spawn")  # a fork would share open connections
    rest, waiting = iter(asked), deque[Future[Answer]]()
    with ProcessPoolExecutor(processes, fresh, begin) as pool:
        waiting.extend(pool.submit(work, one) for one in islice(rest, processes * _AHEAD))
        while waiting:
            answer = waiting.popleft().result()
            waiting.extend(pool.submit(work, one) for one in islice(rest, 1))
            yield answer
