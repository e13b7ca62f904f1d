"""Signing in and out."""

from __future__ import annotations

from urllib.parse import urlsplit

from django import forms
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tipline.doors.portals.frame import shell_of, signed_in
from tipline.ground.accounts.queries import actor_for
from tipline.ground.accounts.services import sign_in
from tipline.ground.foundation.actor import Actor, Permission

_BACKEND = "django.contrib.auth.backends.ModelBackend"
#: The first desk that a person may use is theirs.
_DESKS = (
    (Permission.QUEUE_WORK, "/desk/"),
    (Permission.CASES_WORK, "/agency/"),
    (Permission.REPORTS_READ_OWN, "/esp/"),
    (Permission.ACCOUNTS_MANAGE, "/staff/"),
)


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def desk_of(actor: Actor) -> str:
    """The address of an actor's own desk."""
    return next((url for permission, url in _DESKS if actor.may(permission)), "/report/")


@require_http_methods(["GET", "HEAD"])
def home(request: HttpRequest) -> HttpResponse:
    person = signed_in(request)
    return redirect(desk_of(actor_for(person)) if person else "/login/")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_page(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = sign_in(form.cleaned_data["username"], form.cleaned_data["password"])
        if person is not None:
            login(request, person, backend=_BACKEND)
            return redirect(_next(request) or desk_of(actor_for(person)))
        # One sentence for unknown, wrong, suspended and waiting: it tells nobody which.
        form.add_error(
            None,
            _("That did not work. Check both fields; after several tries, wait half an hour."),
        )
    status = 422 if form.errors else 200
    context = {"form": form, "shell": shell_of(request, _("Sign in"))}
    return render(request, "entrance/sign_in.html", context, status=status)


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go: a path of this site, or nothing."""
    wanted = request.GET.get("next", "")
    if not wanted.startswith("/") or urlsplit(wanted).path in {"/login/", "/logout/"}:
        return ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if safe else ""


@require_http_methods(["POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("/login/")
