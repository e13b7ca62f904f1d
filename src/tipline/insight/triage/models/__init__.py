"""Tables of triage: assessments, the queue, judgements, policy versions, bundles and draws."""

from tipline.insight.triage.models.assessments import Assessment
from tipline.insight.triage.models.bundles import Bundle, BundleMember, Draw, DrawnWeek
from tipline.insight.triage.models.judgements import Judgement
from tipline.insight.triage.models.policies import PolicyAct, PolicyVersion
from tipline.insight.triage.models.queue import (
    BAND_RANK,
    OPEN,
    TEST_LANE,
    BatchAct,
    HandOver,
    QueueEntry,
    SavedView,
    SummaryText,
)

__all__ = [
    "BAND_RANK",
    "OPEN",
    "TEST_LANE",
    "Assessment",
    "BatchAct",
    "Bundle",
    "BundleMember",
    "Draw",
    "DrawnWeek",
    "HandOver",
    "Judgement",
    "PolicyAct",
    "PolicyVersion",
    "QueueEntry",
    "SavedView",
    "SummaryText",
]
