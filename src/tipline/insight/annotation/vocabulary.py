"""The labels that analysts give, versioned. Codes are stored; words are shown.

Source: what the field's analysts record of content (content type, estimated age, violence,
bestiality, infants), reference "domain", sections 1 and 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

VOCABULARY = "tipline-labels-1"


@dataclass(frozen=True, slots=True)
class LabelCode:
    """One label: its stored code, its words and the one key that sets it."""

    code: str
    words: Any
    key: str
    group: str


LABELS: tuple[LabelCode, ...] = (
    LabelCode("apparent_csam", _("Apparent CSAM"), "1", "content"),
    LabelCode("unconfirmed_age", _("Unconfirmed: age cannot be told"), "2", "content"),
    LabelCode("exploitative", _("Exploitative, not CSAM"), "3", "content"),
    LabelCode("generated", _("Generated or drawn"), "4", "content"),
    LabelCode("harmless", _("Harmless or not pertinent"), "5", "content"),
    LabelCode("viral", _("Widely spread"), "6", "content"),
    LabelCode("infant_toddler", _("Infant or toddler"), "i", "age"),
    LabelCode("prepubescent", _("Prepubescent"), "p", "age"),
    LabelCode("pubescent", _("Pubescent"), "b", "age"),
    LabelCode("violence", _("Violence"), "v", "act"),
    LabelCode("bestiality", _("Bestiality"), "a", "act"),
    LabelCode("production", _("Signs of production"), "d", "act"),
    LabelCode("live_streaming", _("Live streaming"), "t", "act"),
    LabelCode("self_production", _("Self-produced"), "f", "act"),
)
#: The label by which our own analysts say that bytes are known material.
KNOWN_MATERIAL = "apparent_csam"
#: Some labels put content on a list of ours, once enough people stand behind them (lists.own);
#: this one puts it on the viral list.
VIRAL = "viral"
CODES = frozenset(label.code for label in LABELS)
WORDS = {label.code: label.words for label in LABELS}
