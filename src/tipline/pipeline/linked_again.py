"""What a linking of all history spares the link stage."""

from __future__ import annotations

from typing import Final

from tipline.ground.foundation.transactions import derived_tx
from tipline.insight.entities.forms import rules as forms
from tipline.pipeline.models import StageRun
from tipline.pipeline.stages import link_version

_TOGETHER: Final = 1_000


def note_linked(upto: int) -> int:
    """Note that reports up to this number are linked by what is in force; how many were not before.

    They need not be read again for it. Those whose identifiers older forms have read do.
    """
    version = link_version()
    behind = StageRun.objects.filter(
        stage="link", report__lte=upto, version__startswith=f"{forms.VERSION} "
    ).exclude(version=version)
    noted = 0
    while keys := list(behind.order_by("pk").values_list("pk", flat=True)[:_TOGETHER]):
        with derived_tx():
            noted += StageRun.objects.filter(pk__in=keys).update(version=version)
    return noted
