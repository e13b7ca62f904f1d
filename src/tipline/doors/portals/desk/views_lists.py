"""Lists: all of them, one, a new one, its policy, and what is set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.desk.forms import add_refusal
from tipline.doors.portals.desk.forms_lists import AddListForm, ListPolicyForm, policy_initial
from tipline.doors.portals.desk.shell import Deed, done, show
from tipline.doors.portals.desk.shown_list_entries import entry_rows
from tipline.doors.portals.desk.shown_listed import list_name
from tipline.doors.portals.desk.shown_lists import (
    list_facts,
    list_rows,
    others_wait,
    policy_facts,
    policy_rows,
    set_aside_rows,
    waiting_rows,
)
from tipline.doors.portals.frame import page
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import Conflict, Invalid, NotVisible
from tipline.insight.annotation.services import set_label
from tipline.insight.lists import quarantine, services
from tipline.insight.lists.files.services import imports_into
from tipline.insight.lists.policies import policy_of
from tipline.insight.lists.pulling.queries import standing_of
from tipline.insight.lists.queries import entries_page, entries_with, list_for, lists_for
from tipline.record.evidence.queries import copies_for

if TYPE_CHECKING:
    from tipline.insight.lists.models import HashList
    from tipline.record.evidence.models import EvidenceFile

PER_PAGE = 50
_LONGEST_NUMBER = 18


@page(Permission.LISTS_READ)
def lists_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every list, what is set aside, and entries with a fingerprint that is looked for."""
    text = request.GET.get("q", "").strip()
    context = {
        "current": "lists",
        "rows": list_rows(list(lists_for(actor))),
        "aside": set_aside_rows(quarantine.waiting_for(actor)),
        "may_manage": actor.may(Permission.LISTS_MANAGE),
        "q": text,
        "found": entry_rows(entries_with(actor, text)) if text else None,
    }
    return show(request, actor, "desk/lists.html", context)


@page(Permission.LISTS_READ)
def list_page(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """One list: how far its word goes, who is still needed, and its entries, newest first."""
    hash_list = list_for(actor, slug)
    entries = entries_page(hash_list, _number(request.GET.get("before", "")), PER_PAGE)
    version, rules = policy_of(hash_list)
    context = {
        "current": "lists",
        "list": hash_list,
        "name": list_name(hash_list),
        "facts": list_facts(hash_list),
        "policy": policy_facts(version, rules),
        "waiting": waiting_rows(actor, hash_list),
        "others_wait": others_wait(actor, hash_list),
        "entries": entry_rows(entries),
        "older": entries[-1].position if len(entries) == PER_PAGE else 0,
        "imports": imports_into(hash_list),
        "standing": standing_of(actor, hash_list),
        "may_manage": actor.may(Permission.LISTS_MANAGE),
    }
    return show(request, actor, "desk/list.html", context)


def _number(text: str) -> int:
    plain = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER
    return int(text) if plain else 0


@page(Permission.LISTS_MANAGE, methods=("GET", "HEAD", "POST"))
def add(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A foreign list, empty."""
    form = AddListForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            row = services.add_list(actor, said["slug"], said["name"], said["content"])
        except (Invalid, Conflict) as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            words = _("The list is there, and empty. It knows nothing until you say so.")
            return done(request, Deed(words), reverse("desk:list", args=[row.slug]))
    context = {"current": "lists", "form": form}
    status = 422 if form.errors else 200
    return show(request, actor, "desk/list_add.html", context, status=status)


@page(Permission.LISTS_MANAGE, methods=("GET", "HEAD", "POST"))
def policy(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """Change how far a list's word goes; what it matches is looked at again."""
    hash_list = list_for(actor, slug)
    version, rules = policy_of(hash_list)
    if request.method != "POST":
        form = ListPolicyForm(initial=policy_initial(rules, version))
        return _policy_page(request, actor, hash_list, form)
    form = ListPolicyForm(request.POST)
    if form.is_valid() and _published(actor, hash_list, form, version):
        words = _("The policy holds. What the list matches is being looked at again.")
        return done(request, Deed(words), reverse("desk:list", args=[slug]))
    return _policy_page(request, actor, hash_list, form)


def _published(actor: Actor, hash_list: HashList, form: ListPolicyForm, version: int) -> bool:
    if form.cleaned_data["seen"] != version:
        raise Conflict(_("Somebody has changed this policy meanwhile. Look at it again."))
    try:
        services.set_policy(actor, hash_list, form.content())
    except Invalid as error:
        add_refusal(form, error)
        return False
    return True


def _policy_page(
    request: HttpRequest, actor: Actor, hash_list: HashList, form: ListPolicyForm
) -> HttpResponse:
    context: dict[str, Any] = {
        "current": "lists",
        "list": hash_list,
        "name": list_name(hash_list),
        "form": form,
        "versions": policy_rows(hash_list),
    }
    status = 422 if form.errors else 200
    return show(request, actor, "desk/list_policy.html", context, status=status)


@page(Permission.LABELS_WRITE, methods=("POST",))
def withdraw(request: HttpRequest, actor: Actor, slug: str, sha256: str) -> HttpResponse:
    """Take back the label of bytes that wait for our own list; others stand behind it blindly."""
    hash_list = list_for(actor, slug)
    file = _copy(actor, hash_list, sha256)
    set_label(actor, file, hash_list.label, present=False)
    words = _("The label is withdrawn, and with it all who stood behind it.")
    return done(request, Deed(words), reverse("desk:list", args=[slug]))


def _copy(actor: Actor, hash_list: HashList, sha256: str) -> EvidenceFile:
    file = copies_for(actor, sha256).first() if hash_list.label else None
    if file is None:
        raise NotVisible("There is no such list.")
    return file


@page(Permission.LISTS_MANAGE, methods=("POST",))
def release(
    request: HttpRequest, actor: Actor, quarantine_id: int, *, remove: bool
) -> HttpResponse:
    """A supervisor has looked at what was set aside."""
    quarantine.release(actor, quarantine_id, remove=remove)
    words = _("The entry is off the list.") if remove else _("It speaks again.")
    return done(request, Deed(words), reverse("desk:lists"))
