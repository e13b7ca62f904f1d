"""The body of a vote, as the wire wants it."""

from __future__ import annotations

from collections.abc import Sequence

NAMESPACE = "https://hashsharing.ncmec.org/hashsharing/v2"


def ballot(*, affirmative: bool, reasons: Sequence[str] = ()) -> bytes:
    """``feedbackSubmission``: an empty ``affirmative``, or ``negative`` with its reasons' guids."""
    from tipline.ground.foundation.xml import element, to_bytes  # noqa: PLC0415 - for votes only

    def tag(name: str) -> str:
        return f"{{{NAMESPACE}}}{name}"

    if affirmative:
        said = element(tag("affirmative"))
    else:
        guids = (element(tag("guid"), text=guid) for guid in reasons)
        said = element(tag("negative"), element(tag("reasonIds"), *guids))
    root = element(tag("feedbackSubmission"), said)
    return to_bytes(root, declaration=False, prefixes={"": NAMESPACE})
