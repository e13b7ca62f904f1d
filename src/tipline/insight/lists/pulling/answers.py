"""From the bytes of an answer to what it tells; nothing of them is trusted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from tipline.insight.lists.pulling.http import Answer, PullError
from tipline.insight.lists.pulling.rules_told import NotAPage

if TYPE_CHECKING:
    from tipline.ground.foundation.xml import Node

#: A thousand entries with PhotoDNA are 0.6 MB; with many votes a few times that.
MOST_BYTES = 16 * 1024 * 1024
MOST_ELEMENTS = 300_000
Shape = TypeVar("Shape")


def read_answer(answer: Answer, reader: Callable[[Node], Shape]) -> Shape:
    """What ``reader`` makes of the document; :class:`PullError` when it is none, or another.

    XML is loaded with the first answer: a worker that pulls nothing does without.
    """
    from tipline.ground.foundation.xml import Limits, XmlError, read  # noqa: PLC0415

    limits = Limits(bytes=MOST_BYTES, depth=16, elements=MOST_ELEMENTS, attributes=MOST_ELEMENTS)
    try:
        return reader(read(answer.body, limits=limits))
    except XmlError as error:
        raise PullError("not_xml", f"line {error.line}" if error.line else "") from error
    except NotAPage as error:
        raise PullError("not_a_page", str(error)) from error
