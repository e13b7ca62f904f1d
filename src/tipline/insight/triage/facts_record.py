"""What agencies' answers say of a sender's reports. Pure; never danger, only usability."""

from __future__ import annotations

from tipline.insight.triage.policy import RecordRules


def sender_useful(useful: int, answered: int, rules: RecordRules) -> bool | None:
    """True: mostly of use; False: rarely; None: in between, or too few answers to say."""
    if answered < rules.answers:
        return None
    if useful * 100 >= answered * rules.useful_percent:
        return True
    return False if useful * 100 <= answered * rules.rarely_percent else None
