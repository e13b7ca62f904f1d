"""The pages of a policy that two people change: overview, proposal, version, trial, acts.

One set of pages for every room that has such a policy; a :class:`PolicyDesk` says what is
particular to one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.exports import csv_response
from tipline.doors.portals.desk.forms import add_refusal
from tipline.doors.portals.desk.forms_policy import ProposeForm, PublishForm, TakeBackForm
from tipline.doors.portals.desk.shell import Deed, done, show, wants_fragment
from tipline.doors.portals.desk.shown_policy import shown_acts, shown_versions
from tipline.doors.portals.frame import page
from tipline.doors.portals.look.parts import Words
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import Actor
from tipline.ground.foundation.errors import Invalid
from tipline.ground.foundation.policy import PolicyError
from tipline.ground.publication.services import Publication


@dataclass(frozen=True, slots=True)
class PolicyDesk:
    """One policy's pages.

    ``root``: where its addresses begin. ``name``: the route of the overview, and the beginning of
    all others. ``say``: the words that differ, by what they are for. ``again``: how far what the
    policy decides is under the one in force, None when it is. ``found``: the template of what a
    trial found, and ``version``: what else the page of a version needs. ``movers``: the file of
    what a trial moves, ``mover_cells`` its rows. ``news``: what else there is to say of the one in
    force.
    """

    root: str
    name: str
    publication: Publication[Any]
    say: Mapping[str, Words]
    found: str
    again: Callable[[Actor], Any]
    version: Callable[[Any, Any, Any], dict[str, Any]]
    movers: str
    mover_cells: Callable[[Any], Iterable[Sequence[object]]]
    news: Callable[[], Words] = str

    @property
    def current(self) -> str:
        """The name of the overview inside the desk's addresses."""
        return self.name.removeprefix("desk:")

    def context(self) -> dict[str, Any]:
        """Routes and words for the templates."""
        parts = ("propose", "version", "try", "publish", "take-back", "movers")
        names = {part.replace("-", "_"): f"{self.name}-{part}" for part in parts}
        return {
            "current": self.current,
            "names": {"overview": self.name, **names},
            "say": self.say,
            "found_template": self.found,
        }


def addresses(desk: PolicyDesk) -> list[URLPattern]:
    """All of the desk's addresses: who may propose or publish reads, each does their own part."""
    room, one, name = desk.publication.room, f"{desk.root}<int:version_id>/", desk.current
    reads = page(room.propose, room.publish)
    proposes = page(room.propose, methods=("POST",))
    publishes = page(room.publish, methods=("POST",))
    writes = page(room.propose, methods=("GET", "HEAD", "POST"))
    its: dict[str, Any] = {"desk": desk}
    return [
        path(desk.root, reads(overview), its, name=name),
        path(f"{desk.root}take-back", publishes(take_back), its, name=f"{name}-take-back"),
        path(f"{desk.root}propose/", writes(propose), its, name=f"{name}-propose"),
        path(one, reads(version), its, name=f"{name}-version"),
        path(f"{one}try", proposes(try_on_history), its, name=f"{name}-try"),
        path(f"{one}publish", publishes(publish), its, name=f"{name}-publish"),
        path(f"{one}{desk.movers}", reads(movers_csv), its, name=f"{name}-movers"),
    ]


def overview(
    request: HttpRequest, actor: Actor, desk: PolicyDesk, form: TakeBackForm | None = None
) -> HttpResponse:
    """What is in force, how far what follows from it is, versions and acts."""
    if form is None and wants_fragment(request):
        context = {**desk.context(), "again": desk.again(actor), "now": clock.now()}
        return render(request, "desk/policy_again.html", context)
    reading = desk.publication.reading
    standing = reading.standing(actor)
    shipped = desk.publication.room.shipped().stamp
    back = TakeBackForm(initial={"seen": standing.act_id}) if standing.back else None
    digest = standing.policy.digest
    context = {
        **desk.context(),
        "standing": standing,
        "shipped": shipped,
        "acts": shown_acts(reading.acts_for(actor), shipped),
        "again": desk.again(actor),
        "news": desk.news(),
        "versions": shown_versions(
            reading.versions_for(actor), digest, f"{desk.name}-version", str(desk.say["unit"])
        ),
        "back_form": form or back,
    }
    status = 422 if form is not None else 200
    return show(request, actor, "desk/policy.html", context, status=status)


def take_back(request: HttpRequest, actor: Actor, desk: PolicyDesk) -> HttpResponse:
    """Bring the policy before back."""
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        return overview(request, actor, desk, form)
    said = form.cleaned_data
    try:
        desk.publication.take_back(actor, said["reason"], seen=said["seen"])
    except Invalid as error:
        add_refusal(form, error)
        return overview(request, actor, desk, form)
    return done(request, Deed(str(desk.say["taken_back"])), reverse(desk.name))


def propose(request: HttpRequest, actor: Actor, desk: PolicyDesk) -> HttpResponse:
    """The file in force to begin with; all that is wrong with another one beside it."""
    if request.method != "POST":
        form = ProposeForm(initial={"content": desk.publication.reading.text_in_force()})
        return _propose_page(request, actor, desk, form)
    form = ProposeForm(request.POST, request.FILES)
    if form.is_valid() and (row := _proposed(actor, desk, form)) is not None:
        words = _("Proposed. Try it on history; another supervisor publishes it.")
        return done(request, Deed(words), reverse(f"{desk.name}-version", args=[row.pk]))
    return _propose_page(request, actor, desk, form)


def _propose_page(
    request: HttpRequest, actor: Actor, desk: PolicyDesk, form: ProposeForm
) -> HttpResponse:
    context = {**desk.context(), "form": form}
    status = 422 if form.errors else 200
    return show(request, actor, "desk/policy_propose.html", context, status=status)


def _proposed(actor: Actor, desk: PolicyDesk, form: ProposeForm) -> Any:
    try:
        return desk.publication.propose(actor, form.said(), form.cleaned_data["note"])
    except PolicyError as error:
        form.blame(error)
    except Invalid as error:
        add_refusal(form, error)
    return None


def version(request: HttpRequest, actor: Actor, desk: PolicyDesk, version_id: int) -> HttpResponse:
    """One version: what it changes, its trial, and the form that publishes it."""
    row = desk.publication.reading.version_for(actor, version_id)
    context = _version_context(actor, desk, row, PublishForm())
    if wants_fragment(request):
        return render(request, "desk/policy_trial.html", {**context, "now": clock.now()})
    return show(request, actor, "desk/policy_version.html", context)


def _version_context(actor: Actor, desk: PolicyDesk, row: Any, form: PublishForm) -> dict[str, Any]:
    reading, trials = desk.publication.reading, desk.publication.trials
    standing = reading.standing(actor)
    policy, problems = reading.policy_or_problems(row)
    return {
        **desk.context(),
        "row": row,
        "stamp": f"{row.name}@{row.version}",
        "standing": standing,
        "in_force": row.digest == standing.policy.digest,
        "problems": problems,
        "state": row.trial.get("state", ""),
        "stopped": trials.stopped(row),
        "holds": policy is not None and trials.holds(row),
        "own": row.proposed_by_id in {None, actor.person_id},
        "form": form,
        **desk.version(row, standing.policy, policy),
    }


def try_on_history(
    request: HttpRequest, actor: Actor, desk: PolicyDesk, version_id: int
) -> HttpResponse:
    row = desk.publication.trials.start(actor, version_id)
    words = _("It is being tried on history.")
    return done(request, Deed(words), reverse(f"{desk.name}-version", args=[row.pk]) + "#trial")


def publish(request: HttpRequest, actor: Actor, desk: PolicyDesk, version_id: int) -> HttpResponse:
    row = desk.publication.reading.version_for(actor, version_id)
    form = PublishForm(request.POST)
    if form.is_valid() and _published(actor, desk, row, form):
        return done(request, Deed(str(desk.say["published"])), reverse(desk.name))
    context = _version_context(actor, desk, row, form)
    return show(request, actor, "desk/policy_version.html", context, status=422)


def _published(actor: Actor, desk: PolicyDesk, row: Any, form: PublishForm) -> bool:
    try:
        desk.publication.publish(actor, row.pk, form.cleaned_data["reason"])
    except Invalid as error:
        add_refusal(form, error)
        return False
    return True


def movers_csv(
    request: HttpRequest,  # noqa: ARG001 - a view's signature
    actor: Actor,
    desk: PolicyDesk,
    version_id: int,
) -> HttpResponse:
    """What a version would move, as its trial found it."""
    row = desk.publication.reading.version_for(actor, version_id)
    name = f"{desk.current}-{row.pk}-{desk.movers}"
    return csv_response(name, desk.mover_cells(row.trial))
