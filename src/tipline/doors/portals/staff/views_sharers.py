"""Members of the hash exchange: their accounts, and which lists of ours each may read."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tipline.doors.portals.staff.forms_exchange import AccountForm, GrantForm, SharerForm
from tipline.doors.portals.staff.shell import blame, done, show, staff_page
from tipline.doors.portals.staff.views_exchange import CURRENT
from tipline.ground.foundation.actor import Actor, Permission
from tipline.ground.foundation.errors import TiplineError
from tipline.insight.lists import members, sharers


@staff_page(Permission.MEMBERS_MANAGE, methods=("GET", "HEAD", "POST"))
def add(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A new member; its own page comes next."""
    form = SharerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            row = members.add_member(actor, form.cleaned_data["name"])
        except TiplineError as error:
            blame(form, error)
        else:
            return done(request, _("%s is added.") % row.name, _page(row.pk))
    context = {"current": CURRENT, "form": form}
    status = 422 if form.errors else 200
    return show(request, "staff/exchange_member_add.html", context, status=status)


@staff_page(Permission.MEMBERS_MANAGE)
def member(request: HttpRequest, actor: Actor, member_id: int) -> HttpResponse:
    """One member: what it may read, and its accounts."""
    return _show(request, actor, member_id)


@staff_page(Permission.MEMBERS_MANAGE, methods=("POST",))
def grant(request: HttpRequest, actor: Actor, member_id: int) -> HttpResponse:
    """Let the member read a list of ours."""
    row = sharers.member_for(actor, member_id)
    form = GrantForm(sharers.own_lists_for(actor), request.POST)
    if not form.is_valid():
        return _show(request, actor, member_id, grant=form)
    slug, may_vote = form.cleaned_data["slug"], form.cleaned_data["may_vote"]
    members.grant(actor, row, sharers.own_list_for(actor, slug), may_vote=may_vote)
    undo = reverse("staff:sharer-withdraw", args=[member_id, slug])
    words = _("%(name)s may read %(list)s.") % {"name": row.name, "list": slug}
    return done(request, words, _page(member_id), undo)


@staff_page(Permission.MEMBERS_MANAGE, methods=("POST",))
def withdraw(request: HttpRequest, actor: Actor, member_id: int, slug: str) -> HttpResponse:
    """The list is not there any more for the member, from the next request on."""
    row, hash_list = sharers.member_for(actor, member_id), sharers.own_list_for(actor, slug)
    votes = sharers.may_vote_on(row, hash_list)
    members.withdraw_access(actor, row, hash_list)
    words = _("%(name)s does not see %(list)s any more.") % {"name": row.name, "list": slug}
    undo = "" if votes is None else _back(member_id, slug, votes=votes)
    return done(request, words, _page(member_id), undo)


def _back(member_id: int, slug: str, *, votes: bool) -> str:
    return reverse("staff:sharer-give-back", args=[member_id, slug, int(votes)])


@staff_page(Permission.MEMBERS_MANAGE, methods=("POST",))
def give_back(
    request: HttpRequest, actor: Actor, member_id: int, slug: str, votes: int
) -> HttpResponse:
    """Take back a withdrawal."""
    row, hash_list = sharers.member_for(actor, member_id), sharers.own_list_for(actor, slug)
    members.grant(actor, row, hash_list, may_vote=bool(votes))
    words = _("%(name)s may read %(list)s.") % {"name": row.name, "list": slug}
    return done(request, words, _page(member_id))


@staff_page(Permission.MEMBERS_MANAGE, methods=("POST",))
def issue(request: HttpRequest, actor: Actor, member_id: int) -> HttpResponse:
    """A machine account. The answer is the only page that ever shows its secret."""
    row = sharers.member_for(actor, member_id)
    form = AccountForm(request.POST)
    if not form.is_valid():
        return _show(request, actor, member_id, account=form)
    try:
        issued = members.issue_member_credential(actor, row, form.cleaned_data["username"])
    except TiplineError as error:
        blame(form, error)
        return _show(request, actor, member_id, account=form)
    context = {"current": CURRENT, "row": row, "issued": issued, "kept": _page(member_id)}
    return show(request, "staff/secret.html", context)


@staff_page(Permission.MEMBERS_MANAGE, methods=("POST",))
def revoke(request: HttpRequest, actor: Actor, credential_id: int) -> HttpResponse:
    """Keep an account out, from the next request on; the undo lets the same secret in again."""
    row = sharers.account_for(actor, credential_id)
    members.switch_member_credential(actor, row, active=False)
    undo = reverse("staff:sharer-restore", args=[row.pk])
    return done(request, _("%s gets in no more.") % row.username, _page(row.member_id), undo)


@staff_page(Permission.MEMBERS_MANAGE, methods=("POST",))
def restore(request: HttpRequest, actor: Actor, credential_id: int) -> HttpResponse:
    """Let an account in again."""
    row = sharers.account_for(actor, credential_id)
    members.switch_member_credential(actor, row, active=True)
    words = _("%s gets in again, with the secret it had.") % row.username
    return done(request, words, _page(row.member_id))


def _page(member_id: int) -> str:
    return reverse("staff:sharer", args=[member_id])


def _show(
    request: HttpRequest,
    actor: Actor,
    member_id: int,
    *,
    grant: forms.Form | None = None,
    account: forms.Form | None = None,
) -> HttpResponse:
    row = sharers.member_for(actor, member_id)
    known = {one.id: one for one in sharers.sharers_for(actor)}
    context = {
        "current": CURRENT,
        "row": row,
        "sharer": known.get(row.pk),
        "grant_form": grant or GrantForm(sharers.own_lists_for(actor)),
        "account_form": account or AccountForm(),
    }
    wrong = bool((grant and grant.errors) or (account and account.errors))
    return show(request, "staff/exchange_member.html", context, status=422 if wrong else 200)
