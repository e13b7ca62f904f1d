"""The rules of triage, in one place for callers. Pure: values in, values out.

``urgency``, ``disposition``, ``danger``, ``actionability``, ``decay``, ``what_would_help``.
Danger, actionability and decay are three scores and never one: order by danger band and
step, then by the stored deadline.
"""

from __future__ import annotations

from tipline.insight.triage.rules_decay import decay, nearness
from tipline.insight.triage.rules_disposition import disposition
from tipline.insight.triage.rules_help import what_would_help
from tipline.insight.triage.rules_score import actionability, danger
from tipline.insight.triage.rules_urgency import urgency

__all__ = [
    "actionability",
    "danger",
    "decay",
    "disposition",
    "nearness",
    "urgency",
    "what_would_help",
]
