"""What the studio's form sends: the labels of one content, and what of it was on the screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from tipline.insight.review.rules import How, Said

if TYPE_CHECKING:
    from django.http import QueryDict

_CHILD = re.compile(r"child-([1-9]\d?)(?:-[a-z_]+)?")
_NUMBER = re.compile(r"[1-9]\d?")


class SeenForm(forms.Form):
    """``seen``: the newest statement that the page showed."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ClosedForm(forms.Form):
    """What is said by its metadata of a file that the gate closes."""

    how = forms.ChoiceField(
        choices=[
            (str(How.ASK_OPENING), _("Ask for a paper that opens it")),
            (str(How.LEAVE_CLOSED), _("Leave it closed")),
        ]
    )


def said_in(data: QueryDict) -> Said:
    """What is chosen on the page: ``label`` of the content, ``child-N`` and ``child-N-GROUP``.

    ``there`` names children that are there already, ``gone`` those that are not to be; a new
    one counts once something is said of it. Whether the codes are any is asked by the service.
    """
    children: dict[int, set[str]] = {number: set() for number in _numbers(data, "there")}
    for name in data:
        if found := _CHILD.fullmatch(name):
            codes = {code for code in data.getlist(name) if code}
            if codes:
                children.setdefault(int(found[1]), set()).update(codes)
    gone = _numbers(data, "gone")
    kept = {n: frozenset(codes) for n, codes in children.items() if n not in gone}
    return Said(frozenset(data.getlist("label")), kept)


def _numbers(data: QueryDict, name: str) -> set[int]:
    return {int(text) for text in data.getlist(name) if _NUMBER.fullmatch(text)}
