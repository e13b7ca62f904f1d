"""Where the elements of a document start: for people who must find them in their own file.

Only for bytes that :func:`tipline.ground.foundation.xml.read` has accepted: this second look
trusts that there is no document type and that sizes are bounded.
"""

from __future__ import annotations

import re
from collections import Counter
from xml.parsers import expat  # noqa: TID251 - lxml tells no columns; the bytes were read before

Positions = dict[str, tuple[int, int]]

_STEP = re.compile(r"/([^/\[\]]+)(\[\d+\])?")


def positions(data: bytes) -> Positions:
    """Line and column of each start tag, from 1, by its path; see :func:`position`.

    Empty for an encoding that is not known here.
    """
    found: Positions = {}
    paths, seen = [""], [Counter[str]()]
    parser = expat.ParserCreate()

    def start(tag: str, _attributes: object) -> None:
        seen[-1][tag] += 1
        paths.append(f"{paths[-1]}/{tag}[{seen[-1][tag]}]")
        seen.append(Counter())
        found[paths[-1]] = (parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)

    def end(_tag: str) -> None:
        paths.pop()
        seen.pop()

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError):
        return {}
    return found


def position(found: Positions, path: str) -> tuple[int, int] | None:
    """Where ``/report/victim[2]/age`` starts; of what is not there, where its parent does."""
    if path in found:
        return found[path]
    steps = [f"/{name}{number or '[1]'}" for name, number in _STEP.findall(path)]
    while steps:
        if known := found.get("".join(steps)):
            return known
        steps.pop()
    return None
