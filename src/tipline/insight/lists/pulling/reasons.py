"""What a no may say over there: asked once a day, so that people can choose among words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from tipline.ground.foundation.transactions import write_tx
from tipline.insight.lists.models import Source
from tipline.insight.lists.pulling.answers import read_answer
from tipline.insight.lists.pulling.http import PullError, Wire
from tipline.insight.lists.pulling.rules_told import read_reasons
from tipline.insight.lists.votes import keep_reasons

_TYPES: Final = ("md5", "sha1", "pdq", "pdna")
_EVERY = timedelta(days=1)
#: A server without votes: its entries can be pulled all the same.
_NO_VOTES: Final = frozenset({"not_there", "not_allowed", "refused", "not_xml"})


def refresh_reasons(row: Source, wire: Wire, now: datetime) -> None:
    """Ask for the reasons of each type, unless that was done with a pull of the last day."""
    if row.good_at is not None and now - row.good_at < _EVERY and row.good_at.date() == now.date():
        return
    for kind in _TYPES:
        try:
            answer = wire.get(f"/v2/feedback/{kind.upper()}/reasons")
            names = dict(read_answer(answer, read_reasons))
        except PullError as error:
            if error.code not in _NO_VOTES:
                raise
            continue
        with write_tx():
            keep_reasons(row.hash_list, kind, names)
