"""Ids that services and makers give: accounts, devices, groups, displayed names. Pure."""

from __future__ import annotations

import re

from tipline.insight.entities.forms.rules_form import Form, folded, form

_SIGNS = re.compile(r"[\s:.-]")


def account_id(raw: str) -> Form:
    """The ESP's own: case and signs may matter, only outer spaces do not."""
    kept = "".join(c for c in raw if c != "\x00" and not "\ud800" <= c <= "\udfff")
    return form(kept.strip())


def device_id(raw: str) -> Form:
    """Letters and digits; the signs between them are a matter of taste."""
    plain = folded(_SIGNS.sub("", folded(raw)))
    return form(_SIGNS.sub("", plain))


def displayed(raw: str) -> Form:
    """Screen names, displayed names and names of groups, as people read them."""
    return form(folded(raw))
