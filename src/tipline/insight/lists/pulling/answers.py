"""From the bytes of an answer to what it tells; nothing of them is trusted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from tipline.ground.foundation.xml import Limits, Node, XmlError, read
from tipline.insight.lists.pulling.http import Answer, PullError
from tipline.insight.lists.pulling.rules_told import NotAPage

#: A thousand entries with PhotoDNA are 0.6 MB; with many votes a few times that.
LIMITS = Limits(bytes=16 * 1024 * 1024, depth=16, elements=300_000, attributes=300_000)
Shape = TypeVar("Shape")


def read_answer(answer: Answer, reader: Callable[[Node], Shape]) -> Shape:
    """What ``reader`` makes of the document; :class:`PullError` when it is none, or another."""
    try:
        return reader(read(answer.body, limits=LIMITS))
    except XmlError as error:
        raise PullError("not_xml", f"line {error.line}" if error.line else "") from error
    except NotAPage as error:
        raise PullError("not_a_page", str(error)) from error
