"""A list of the queue: its rows as the address asks for them, its address, its saved views."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.forms import BooleanField, ChoiceField, Field
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.forms_queue import SORTS, WORDS, QueueForm
from tipline.doors.portals.look.parts import NavItem
from tipline.ground.foundation.actor import Actor
from tipline.insight.triage.queue import queue_for
from tipline.insight.triage.queue_filter import QueueFilter
from tipline.insight.triage.saved_views import views_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tipline.insight.triage.models import QueueEntry

#: Nobody turns 200 pages: counting stops here, so that a million open reports cost nothing.
MOST_LISTED = 10_000
_NOTHING = QueueFilter(number="0")


class Pages(Paginator):  # type: ignore[type-arg] # generic for the type checker only
    """Pages of the queue; ``found`` goes one beyond what is listed when there is more."""

    @cached_property
    def found(self) -> int:
        entries: QuerySet[QueueEntry] = self.object_list  # type: ignore[assignment] # as given below
        return entries.order_by()[: MOST_LISTED + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self.found, MOST_LISTED)

    @property
    def counted(self) -> str:
        """The count for people: exact, or "10000+"."""
        return f"{self.count}+" if self.found > self.count else str(self.count)


def entries_of(actor: Actor, form: QueueForm, query: QueryDict) -> QuerySet[QueueEntry]:
    """The rows of a list in its order; none when the form is wrong."""
    if not form.is_valid():
        return queue_for(actor, _NOTHING)
    entries = queue_for(actor, form.wanted()).select_related("done_by")
    order = SORTS.get(query.get("sort", ""))
    return entries.order_by(*order) if order else entries


def filters_of(query: QueryDict, keep: tuple[str, ...] = ()) -> QueryDict:
    """What of an address says which list it is, in one order, nothing else."""
    kept = QueryDict(mutable=True)
    for word in (*WORDS, *keep):
        if query.get(word):
            kept[word] = query.get(word, "")
    return kept


def address(name: str, query: QueryDict, keep: tuple[str, ...] = ()) -> str:
    """The address of this list under the page ``name``."""
    kept = filters_of(query, keep)
    return f"{reverse(name)}?{kept.urlencode()}" if kept else reverse(name)


def views_of(actor: Actor, query: QueryDict) -> list[NavItem]:
    """The views that stand by themselves, one's own, and those of the house; one is marked."""
    standing: tuple[tuple[str, dict[str, str]], ...] = (
        (_("All open"), {}),
        (_("Urgent"), {"band": "urgent"}),
        (_("Mine"), {"mine": "on"}),
        (_("Referrals"), {"disposition": "referral"}),
        (_("Informational"), {"disposition": "informational"}),
        (_("Done"), {"done": "on"}),
    )
    here = filters_of(query)
    narrowed = {word: value for word, value in here.items() if word != "sort"}
    made = [
        NavItem(
            name, address("desk:queue", QueryDict(urlencode(wanted))), current=narrowed == wanted
        )
        for name, wanted in standing
    ]
    me = actor.person_id
    return made + [
        NavItem(
            row.name if row.person_id == me else f"{row.name} ({row.person.name})",
            view_url(row.query),
            current=bool(here) and row.query == here.urlencode(),
        )
        for row in views_for(actor)
    ]


def view_url(query: str) -> str:
    """The address of a kept list."""
    return address("desk:queue", QueryDict(query))


def described(query: QueryDict) -> str:
    """What narrows a list, in words: "Danger: High, Runs out: within 3 days"."""
    form = QueueForm(query)
    said = (
        f"{field.label}: {_in_words(form.fields[field.name], field.value())}"
        for field in form
        if field.value()
    )
    return ", ".join(said) or _("All open reports")


def _in_words(field: Field, value: object) -> str:
    if isinstance(field, BooleanField):
        return _("yes")
    choices: Any = field.choices if isinstance(field, ChoiceField) else ()
    return str(dict(choices).get(value, value))
