"""Some hashes in memory, searched for a while and forgotten: what a pass over a table needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tipline.insight.matching.index.bands import bands_of
from tipline.insight.matching.index.kernels import CHOICE
from tipline.insight.matching.index.kernels_numpy import Found, Kernel, Questions
from tipline.insight.matching.index.layout import FARTHEST, shuffled

#: For fewer questions lists are not worth their making: all hashes are looked at.
_WORTH = 500
#: So many questions at once: what numpy makes on the way stays small.
_AT_ONCE = 256

_Search = Callable[[Questions, int], Found]


class Batch:
    """``values``: hashes of 32 bytes, one behind the other; their places are counted from 0."""

    def __init__(self, values: bytes) -> None:
        self._words = shuffled(values)

    def near(self, asked: Sequence[bytes], radius: int = FARTHEST) -> set[int]:
        """Places of all hashes within ``radius``, at most 31, of any of those asked."""
        if not len(self._words) or not asked:
            return set()
        kernel, found = CHOICE.kernel, set[int]()
        search = self._scanning(kernel) if len(asked) < _WORTH else self._listing(kernel)
        for start in range(0, len(asked), _AT_ONCE):
            wanted = kernel.questions(b"".join(asked[start : start + _AT_ONCE]))
            found.update(search(wanted, radius).places.tolist())
        return found

    def _scanning(self, kernel: Kernel) -> _Search:
        columns = np.ascontiguousarray(self._words.T)
        return lambda wanted, radius: kernel.scan(columns, columns.shape[1], wanted, radius)

    def _listing(self, kernel: Kernel) -> _Search:
        bands = bands_of(self._words)
        return lambda wanted, radius: kernel.ring(bands, wanted, radius)
