"""The public form. Every page is the answer to one POST, so nothing waits on the server.

A page carries all earlier answers in its sealed field. Sending answers with the receipt
itself: its number stands in no address, and loading it again sends the same report again,
which the nonce makes one.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tipline.doors.portals.look.parts import Shell
from tipline.doors.portals.public import draft as drafts
from tipline.doors.portals.public.document import canonical, document_of
from tipline.doors.portals.public.draft import Draft, StaleDraft
from tipline.doors.portals.public.forms import CHECK, FIRST, PAGES, Page, When, after, before
from tipline.doors.portals.public.shown import sections
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import PUBLIC
from tipline.ground.foundation.errors import Conflict
from tipline.record.intake import services as intake
from tipline.record.intake.services import Arrival
from tipline.record.reports.doors import Door
from tipline.record.reports.reading import read_report
from tipline.record.reports.writing import report_xml

_NO_LINE = _("A child in danger now? Call your emergency number first.")
_SENT_BEFORE = _(
    "This form was sent before, with other answers, and that report is with us. Send it again "
    "to make a second report."
)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def report_page(request: HttpRequest) -> HttpResponse:
    """The first question; then, with each POST, whatever comes next."""
    if request.method != "POST":
        return _ask(request, drafts.new_draft(FIRST))
    try:
        draft = drafts.unseal(request.POST.get("sealed", ""))
    except StaleDraft:
        return _show(request, "public/stale.html", {}, status=422)
    go = request.POST.get("go", "")
    if draft.page == CHECK:
        return _leave_check(request, draft, go)
    if draft.page not in PAGES:
        return _ask(request, drafts.new_draft(FIRST))
    return _answered(request, draft, go)


def _answered(request: HttpRequest, draft: Draft, go: str) -> HttpResponse:
    """A question was answered: on to the next page, or back, or the same with what is wrong."""
    kind = PAGES[draft.page]
    draft = draft.with_answers({name: request.POST.get(name, "") for name in kind.base_fields})
    if go == "back":
        return _ask(request, draft.at(before(draft.page)))
    form = kind(draft.said_on(draft.page))
    if not form.is_valid():
        return _ask(request, draft, form)
    return _ask(request, draft.at(CHECK if draft.checking else after(draft.page)))


def _leave_check(request: HttpRequest, draft: Draft, go: str) -> HttpResponse:
    """From the check: to a question again, or send."""
    if go.startswith("to-") and go.removeprefix("to-") in PAGES:
        return _ask(request, draft.at(go.removeprefix("to-")))
    if go == "back":
        return _ask(request, draft.at(before(CHECK)))
    return _send(request, draft) if go == "send" else _ask(request, draft)


def _ask(request: HttpRequest, draft: Draft, form: Page | None = None) -> HttpResponse:
    """The page of the draft: its question with what was typed before, or the check."""
    if draft.page == CHECK:
        return _check(request, draft.at(CHECK, checking=True))
    form = form or PAGES[draft.page](initial=draft.said_on(draft.page))
    context = {
        "form": form,
        "sealed": drafts.seal(draft),
        "first": draft.page == FIRST,
        "number": list(PAGES).index(draft.page) + 1,
        "total": len(PAGES),
    }
    return _show(request, "public/question.html", context, status=422 if form.errors else 200)


def _check(request: HttpRequest, draft: Draft, words: Any = "") -> HttpResponse:
    context = {"sections": sections(draft), "sealed": drafts.seal(draft), "problem": words}
    return _show(request, "public/check.html", context, status=409 if words else 200)


def _send(request: HttpRequest, draft: Draft) -> HttpResponse:
    """All pages once more, then the report; whatever is missing is asked for again."""
    forms = {name: kind(draft.said_on(name)) for name, kind in PAGES.items()}
    for name, form in forms.items():
        if not form.is_valid():
            return _ask(request, draft.at(name), form)
    try:
        number = _file(draft, forms)
    except Conflict:
        return _check(request, drafts.with_new_nonce(draft), _SENT_BEFORE)
    anonymous = forms["you"].cleaned_data["contact"] == "anonymous"
    return _show(request, "public/receipt.html", {"number": number, "anonymous": anonymous})


def _file(draft: Draft, forms: dict[str, Page]) -> int:
    """Make the report; its number. Where it came from is known to nobody, us included."""
    said = {name: form.cleaned_data for name, form in forms.items()}
    when = forms["when"]
    assert isinstance(when, When)
    document = document_of(said, when.told())
    # The API's own reader looks at it too, so that its warnings stand beside the report.
    reading = read_report(report_xml(document), strict=False, now=clock.now())
    odd = [{**asdict(each), "line": None} for each in (*reading.problems, *reading.warnings)]
    arrival = Arrival(Door.PUBLIC, canonical(said), retry_key=draft.nonce)
    return intake.submit_whole(PUBLIC, arrival, document, odd).number


def _show(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of this door. It never says who is signed in on this browser."""
    shell = Shell(
        desk=_("Report child sexual exploitation"),
        home_url=reverse("public:report"),
        help_line=settings.TIPLINE_HELP_LINE or _NO_LINE,
        exit_url=settings.TIPLINE_QUICK_EXIT_URL,
    )
    return render(request, template, {"shell": shell, **context}, status=status)
