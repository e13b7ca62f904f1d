"""Tables of lists, members, entries, votes, series and matches."""

from tipline.insight.lists.models.entries import (
    Entry,
    EntryFingerprint,
    FeedbackReason,
    Vote,
)
from tipline.insight.lists.models.hash_lists import (
    HashList,
    ImportRun,
    ListPolicy,
    Source,
)
from tipline.insight.lists.models.matches import (
    ListMatch,
    MatchVerdict,
    Quarantine,
    Sweep,
)
from tipline.insight.lists.models.members import ListAccess, Member, MemberCredential
from tipline.insight.lists.models.series import Series, SeriesAct, SeriesAlert

__all__ = [
    "Entry",
    "EntryFingerprint",
    "FeedbackReason",
    "HashList",
    "ImportRun",
    "ListAccess",
    "ListMatch",
    "ListPolicy",
    "MatchVerdict",
    "Member",
    "MemberCredential",
    "Quarantine",
    "Series",
    "SeriesAct",
    "SeriesAlert",
    "Source",
    "Sweep",
    "Vote",
]
