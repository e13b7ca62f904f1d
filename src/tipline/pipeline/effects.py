"""How useful a person's answer to each proposed link of a report would be: their order of work.

Links lie below triage and agencies above it, so the three meet here.
"""

from __future__ import annotations

from typing import Final

from tipline.delivery.routing.queries import agencies_with
from tipline.insight.entities.proposals.queries import proposals_with
from tipline.insight.entities.proposals.services import set_effects
from tipline.insight.triage.effects import effects_with

VERSION: Final = "effects-1"


def keep_effects(number: int) -> None:
    """Bring the order of a report's proposals up to date: one read where there are none.

    Either of the two reports does it for both whenever it is looked at again.
    """
    proposals = proposals_with(number)
    if not proposals:
        return
    others = [one.other for one in proposals]
    found = effects_with(number, others, agencies_with([number, *others]))
    set_effects(
        {
            one.link: found[one.other]
            for one in proposals
            if found.get(one.other, one.effect) != one.effect
        }
    )
