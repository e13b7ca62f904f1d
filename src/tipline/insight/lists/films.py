"""Which listed videos a video is like: by its frames, which stand with the entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tipline.insight.lists.nearness import NearEntries
from tipline.insight.lists.policies import InForce
from tipline.insight.lists.rules_match import Found, near_films
from tipline.insight.matching.hashes import FRAME
from tipline.insight.matching.rules_probes import Print


def film_entries(
    frames: Sequence[Print], near: NearEntries, policies: Mapping[int, InForce]
) -> Iterable[Found]:
    """Entries made of videos that this video is like, by each list's own distance and quality.

    ``near``: what is near to each of the frames, nearest first.
    """
    if not frames:
        return
    for list_id, policy in policies.items():
        good = [frame for frame in frames if frame.quality >= policy.rules.quality_floor]
        of_entry: dict[int, dict[int, int]] = {}
        for number, frame in enumerate(good):
            for listed, row, distance in near.get(frame.value, ()):
                if listed == list_id and row.variant == FRAME:
                    of_entry.setdefault(row.entry_id, {}).setdefault(number, distance)
        yield from near_films(of_entry, len(good), policy.rules)
