"""Which listed videos a video is like: by its frames, which stand with the entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tipline.insight.lists.nearness import entries_near, live_rows
from tipline.insight.lists.policies import InForce
from tipline.insight.lists.rules_match import Found, near_films
from tipline.insight.matching.hashes import FRAME
from tipline.insight.matching.rules_probes import Print


def film_entries(frames: Sequence[Print], policies: Mapping[int, InForce]) -> Iterable[Found]:
    """Entries made of videos that this video is like, by each list's own distance and quality."""
    widest = max((policy.rules.radius for policy in policies.values()), default=-1)
    if not frames or widest < 0:
        return
    answers = entries_near([frame.value for frame in frames], widest)
    rows = live_rows(key for answer in answers for key, _distance in answer)
    known = {row.pk: row for row in rows.filter(variant=FRAME)}
    for list_id, policy in policies.items():
        floor = policy.rules.quality_floor
        good = [number for number, one in enumerate(frames) if one.quality >= floor]
        near: dict[int, dict[int, int]] = {}
        for number in good:
            for key, distance in answers[number]:
                row = known.get(key)
                if row is not None and row.entry.hash_list_id == list_id:
                    near.setdefault(row.entry_id, {}).setdefault(number, distance)
        yield from near_films(near, len(good), policy.rules)
