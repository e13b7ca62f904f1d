"""Which of a report's free texts are read for cues, and how much of each. Pure.

The choice depends on the texts and never on their order. What is long is read from both ends,
as a conversation's last words matter as much as its first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tipline.record.reports.facts import Narrative, Role

#: Characters read of one text, of all together, and at least of each while any are left.
OF_ONE, OF_ALL, OF_EACH = 64 * 1024, 256 * 1024, 1024
#: What reading a text costs at least, so that a flood of tiny ones ends too.
_COSTS = 64

#: Names of things, not sentences.
_NOT_READ = ("fileNames", "vehicleDescription")
_CUT = "\n\n"


def readings(narratives: Sequence[Narrative]) -> Iterator[tuple[Narrative, str]]:
    """Each text with what is read of it, the likeliest to tell of danger first."""
    texts = sorted(_distinct(narratives), key=_order)
    share = _share([len(one.text) for one in texts])
    left = OF_ALL
    for narrative in texts:
        if left <= 0:
            return
        most = min(share, left)
        yield narrative, _ends(narrative.text, most)
        left -= max(_COSTS, min(len(narrative.text), most))


def _distinct(narratives: Sequence[Narrative]) -> list[Narrative]:
    """One narrative for each text; what is repeated, is said once."""
    found: dict[str, Narrative] = {}
    for one in sorted(narratives, key=_order, reverse=True):
        if not _tail(one.path).startswith(_NOT_READ):
            found[one.text] = one
    return list(found.values())


def _order(narrative: Narrative) -> tuple[int, int, str, str, str]:
    """Escalations first, then conversations and remarks, then people, then files."""
    if _tail(narrative.path) == "escalateToHighPriority":
        rank = 0
    elif narrative.role in (Role.INCIDENT, Role.VICTIM):
        rank = 1
    else:
        rank = 3 if narrative.role is Role.FILE else 2
    return rank, len(narrative.path), narrative.path, narrative.text, narrative.role.value


def _tail(path: str) -> str:
    return path.rpartition("/")[2]


def _share(lengths: Sequence[int]) -> int:
    """How much of each text may be read so that all of them together stay within bounds."""
    left = OF_ALL
    for done, length in enumerate(lengths := sorted(lengths)):
        fair = left // (len(lengths) - done)
        if length > fair:
            return min(OF_ONE, max(OF_EACH, fair))
        left -= length
    return OF_ONE


def _ends(text: str, most: int) -> str:
    """The text, or as much of its beginning as of its end, a paragraph apart."""
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]}{_CUT}{text[len(text) - half :]}"
