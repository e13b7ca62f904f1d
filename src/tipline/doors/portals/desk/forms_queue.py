"""The forms of the queue: what narrows it, saved views, batch acts, summaries, hand-overs."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tipline.doors.portals.look.signs import BANDS
from tipline.ground.taxonomy.incidents import IncidentType
from tipline.ground.taxonomy.levels import Disposition, Level
from tipline.ground.taxonomy.words import choices
from tipline.insight.triage.batches.services import MOST_REASON
from tipline.insight.triage.hand_overs import MOST_TEXT
from tipline.insight.triage.queue_filter import (
    ALARM,
    ANYBODY,
    DUE_DAYS,
    NO_TYPE,
    NOBODY,
    ORDER,
    QueueFilter,
)
from tipline.insight.triage.saved_views import MOST_NAME
from tipline.insight.triage.summaries import MOST_SUMMARY

SORTS = {
    "danger": ORDER,
    "-danger": tuple(f"-{column}" for column in ORDER),
    "deadline": ("deadline", "report_id"),
    "-deadline": ("-deadline", "-report_id"),
    "number": ("report_id",),
    "-number": ("-report_id",),
}
_ANY = ("", _("any"))
#: A report number as people type it.
NUMBER = re.compile(r"[0-9]{1,16}")
_DIGITS = RegexValidator(rf"^{NUMBER.pattern}\Z", _("A report number has up to 16 digits."))
_PLACE = RegexValidator(
    r"^[A-Za-z]{2}(-[A-Za-z0-9]{0,3})?\Z",
    _("A place is a country, or a country and a state: DE, US or US-CA."),
)
LANES = {
    "general": _("General"),
    "minor_suspect": _("A child is the reported person"),
    "test": _("Tests of a sender"),
}
URGENCIES = {
    "unconfirmed": _("Urgent, unconfirmed"),
    "confirmed": _("Urgent, confirmed"),
    "refuted": _("Judged not urgent"),
}
AGES = {
    "1h": _("within the last hour"),
    "8h": _("within the last 8 hours"),
    "24h": _("within the last 24 hours"),
    "3d": _("within the last 3 days"),
    "7d": _("within the last 7 days"),
    "over-1d": _("more than a day ago"),
    "over-3d": _("more than 3 days ago"),
    "over-7d": _("more than 7 days ago"),
    "over-30d": _("more than 30 days ago"),
}
_DUE = [
    (ALARM, _("an alarm is on")),
    *(
        (str(days), _("within a day") if days == 1 else format_lazy(_("within {n} days"), n=days))
        for days in DUE_DAYS
    ),
]


def _choice(words: Any, offered: Any, *, first: bool = False) -> forms.ChoiceField:
    """A field that may be left open; ``first``: a key that opens its box leads to it."""
    widget = forms.Select(attrs={"data-first-field": ""} if first else None)
    return forms.ChoiceField(label=words, required=False, choices=[_ANY, *offered], widget=widget)


class QueueForm(forms.Form):
    """What the queue shows. Empty fields do not narrow it. The names stand in addresses."""

    q = forms.CharField(
        label=_("Number"),
        required=False,
        validators=[_DIGITS],
        widget=forms.TextInput(attrs={"size": 12, "inputmode": "numeric"}),
    )
    band = _choice(_("Danger"), [(sign.code, sign.word) for sign in BANDS.values()])
    disposition = _choice(_("Disposition"), choices(Disposition))
    sender = forms.CharField(
        label=_("Sender"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"size": 10}),
    )
    mine = forms.BooleanField(label=_("Mine"), required=False)
    done = forms.BooleanField(label=_("Done"), required=False)
    level = _choice(_("Level"), choices(Level), first=True)
    lane = _choice(_("Lane"), LANES.items())
    urgency = _choice(_("Urgency"), URGENCIES.items())
    type = _choice(_("Incident"), [*choices(IncidentType), (NO_TYPE, _("Not given"))])
    place = forms.CharField(
        label=_("Place begins with"),
        required=False,
        validators=[_PLACE],
        widget=forms.TextInput(attrs={"size": 7}),
    )
    due = _choice(_("Runs out"), _DUE)
    claimed = _choice(_("Claimed by"), [(ANYBODY, _("anybody")), (NOBODY, _("nobody"))])
    age = _choice(_("Came"), AGES.items())
    new = forms.BooleanField(label=_("Has new files"), required=False)

    #: What stands in the first line; the rest is folded until it is wanted.
    FIRST = ("q", "band", "disposition", "sender", "mine", "done")

    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST]

    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.FIRST]

    @property
    def uses_more(self) -> bool:
        """Whether a folded field narrows the list or is wrong: then none is folded."""
        return any(field.errors or field.value() for field in self.more())

    def wanted(self) -> QueueFilter:
        """The filter of a form that is valid."""
        said = self.cleaned_data
        same = (
            "band", "disposition", "sender", "mine", "done", "level", "lane", "urgency",
            "place", "due", "claimed", "age",
        )  # fmt: skip
        return QueueFilter(
            **{name: said[name] for name in same},
            number=said["q"],
            incident_type=said["type"],
            new_files=said["new"],
        )


#: Everything that the address of a list may say, in one order.
WORDS = (*QueueForm.base_fields, "sort")


class ViewForm(forms.Form):
    """A name for a list, and whether the house sees it."""

    name = forms.CharField(
        label=_("Name of this view"),
        max_length=MOST_NAME,
        widget=forms.TextInput(attrs={"data-first-field": ""}),
    )
    shared = forms.BooleanField(label=_("Share it with the house"), required=False)


class BatchForm(forms.Form):
    """Why these reports belong together; asked where the act ends the work on them."""

    reason = forms.CharField(
        label=_("Why may all of them be closed?"),
        max_length=MOST_REASON,
        widget=forms.TextInput(attrs={"data-focus": ""}),
    )


class SummaryForm(forms.Form):
    """The one-line summary in a person's words; empty brings the draft back."""

    summary = forms.CharField(
        label=_("Summary"),
        help_text=_("One or two plain sentences. Leave it empty to go back to the draft."),
        required=False,
        max_length=MOST_SUMMARY,
        widget=forms.Textarea(attrs={"rows": 2, "data-first-field": ""}),
    )
    # The page has another form with a field of this name.
    seen = forms.IntegerField(
        widget=forms.HiddenInput(attrs={"id": "id_summary_seen"}), min_value=0, initial=0
    )


class HandOverForm(forms.Form):
    """What the figures do not say."""

    text = forms.CharField(
        label=_("What the next shift should know"),
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)


def has_seen(form: forms.Form, row_id: int) -> None:
    """Let a refused form say that its writer now sees this row: sent once more, it is meant."""
    kept = {name: form.data.get(name) for name in form.fields}
    form.data = {**kept, "seen": str(row_id)}
