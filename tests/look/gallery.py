"""All parts of the look on pages of their own: for tests and for looking at them.

``python -m tests.look.gallery FOLDER`` writes the pages; the browser tests serve the same
ones from memory. All content is made up.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tipline.config.settings")

from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from tipline.doors.portals.look.parts import (
    Attribution,
    Bar,
    EspFlag,
    Fact,
    FileCard,
    GateState,
    LabelTag,
    Moment,
    NavItem,
    Person,
    Series,
    Shell,
    Undo,
)
from tipline.ground.foundation.reasons import Reason, Source, register_words

NAMES = (
    "queue", "report", "waterfalls", "others", "sign-in", "question", "outcome",
    "error-403", "error-404", "error-500", "error-bare",
)  # fmt: skip
PAGES = Path(__file__).parent / "pages"
NOW = datetime(2026, 3, 2, 10, 11, tzinfo=UTC)

register_words(
    {
        "gallery.escalated": "ESP says: immediate risk ({who})",
        "gallery.plain": "{words}",
    }
)


def said(words: str, points: int, source: Source = Source.SYSTEM) -> Reason:
    return Reason("gallery.plain", {"words": words}, points, source, "gallery-1")


ONE = [Reason("gallery.escalated", {"who": "Example Chat"}, 40, Source.REPORTER, "gallery-1")]
EIGHT = [
    *ONE,
    said("Incident type: online enticement", 30, Source.REPORTER),
    said("A file that nobody has seen before, viewed by the ESP", 20),
    said("Label: production signs", 15, Source.ANALYST),
    said("Two independent reports name the same account", 12),
    said("Reported person says they have access to children", 10, Source.REPORTER),
    said("Cap: at most 100 from reports alone", -17),
    said("All other files are on our own list of widely shared files", -25),
]
MANY = [
    said(f"Reason number {n} of a long list", ((n * 7) % 23) - 9, list(Source)[n % 5])
    for n in range(25)
]
NEGATIVE = [
    said("On the viral list, three people agree", -45, Source.ANALYST),
    said("Batched by the ESP as a widely shared picture", -30, Source.REPORTER),
    said("Incident type: possession", 10, Source.REPORTER),
]
LONG = [
    said(
        "The reporter's free text says that a meeting is planned for next weekend and names "
        "a place, a time and the account by which it was arranged",
        35,
        Source.REPORTER,
    ),
    said("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", 9),
    said("https://chat.example/rooms/" + "a" * 90, -4, Source.REPORTER),
    said("<script>alert('no')</script> & \"quotes\"", 3),
]
RIGHT_TO_LEFT = [
    said("المبلغ يقول: خطر مباشر", 40, Source.REPORTER),
    said("דווח: פנייה מקוונת לקטינה", 22, Source.REPORTER),
    said("报告称存在迫在眉睫的危险并提供了具体的会面时间和地点以及联系方式", 12),
    said("Mixed: حساب example_user", -8, Source.ANALYST),
]
ZERO = [
    said("Completeness of the report does not count", 0),
    said("AI flag alone moves nothing", 0, Source.REPORTER),
]
WOULD_CHANGE = [
    "A label by an analyst: up to +15",
    "A second, independent report on the account: +12",
]


def shell(**more: object) -> Shell:
    given: dict = {
        "desk": "Analysts' desk",
        "home_url": "/desk/",
        "nav": (
            NavItem("Queue", "/desk/", key="g q", current=True, count=1204),
            NavItem("My reports", "/desk/mine/", count=3),
            NavItem("Studio", "/desk/studio/"),
            NavItem("Books", "/staff/books/", key="g b"),
        ),
        "person": Person("Alice Ames", "Analyst", "Example Clearinghouse"),
        "sign_out_url": "/logout/",
        "attributions": (Attribution("County data", "Example places, CC BY 4.0"),),
    }
    return Shell(**{**given, **more})


class SignIn(forms.Form):
    username = forms.CharField(label="User name")
    password = forms.CharField(
        label="Password", widget=forms.PasswordInput, help_text="At least twelve characters."
    )
    stay = forms.BooleanField(label="Stay signed in on this device", required=False)


class Question(forms.Form):
    what = forms.ChoiceField(
        label="What is your report about?",
        help_text="Choose what fits best. You can say more on the next page.",
        choices=[("chat", "Someone wrote to a child"), ("file", "A picture or video"),
                 ("site", "A website"), ("other", "Something else")],
        widget=forms.RadioSelect,
    )  # fmt: skip


class Outcome(forms.Form):
    status = forms.ChoiceField(label="Status", choices=[("a", "Arrest"), ("c", "Closed")])
    useful = forms.TypedChoiceField(
        label="Was the information useful?",
        choices=[("y", "Yes"), ("n", "No")],
        widget=forms.RadioSelect,
    )
    reasons = forms.MultipleChoiceField(
        label="Reasons",
        choices=[("1", "Unable to locate subject"), ("2", "False report"), ("3", "Other")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    day = forms.DateField(label="Date of the outcome", required=False)
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 3}), required=False)


class Filter(forms.Form):
    q = forms.CharField(label="Search", required=False, widget=forms.SearchInput)
    band = forms.ChoiceField(
        label="Danger", required=False, choices=[("", "All"), ("urgent", "Urgent")]
    )


def queue_rows() -> list[SimpleNamespace]:
    bands = ["urgent", "urgent", "high", "high", "medium", "medium", "low", "low"]
    reasons = [ONE + LONG, EIGHT, EIGHT[1:], RIGHT_TO_LEFT, MANY, EIGHT[3:], NEGATIVE, NEGATIVE]
    return [
        SimpleNamespace(
            number=str(100000231 + n * 37),
            band=band,
            unconfirmed=n == 1,
            summary="Chat: a meeting is planned, one account, files viewed by the ESP"
            if n % 2
            else "Enticement by chat, 3 files",
            danger=reasons[n],
            new=n % 4,
            known=(n * 5) % 13,
            links=n % 3,
            place=["US-CA", "US-TX", "DE", "unknown"][n % 4],
            received=NOW - timedelta(hours=5 + n * 9),
            deadline=NOW + timedelta(hours=3 + n * 61),
            claimed_by="Bob Berg" if n == 2 else "",
            url=f"/desk/reports/{100000231 + n * 37}/",
        )
        for n, band in enumerate(bands)
    ]


def moments(come: int = 6) -> list[Moment]:
    names = ["Received", "Finished", "Fingerprinted", "Matched", "Ranked", "Labelled",
             "Referred", "Accepted", "Answered"]  # fmt: skip
    after = [0, 40, 41, 42, 43, 5400, 9000, 180000, 4000000]
    return [
        Moment(name, NOW - timedelta(days=50) + timedelta(seconds=s) if n < come else None)
        for n, (name, s) in enumerate(zip(names, after, strict=True))
    ]


def files() -> list[FileCard]:
    closed = GateState(False, "5", "Closed: no person at the ESP has viewed it", "us-2026-1")
    opened = GateState(True, "1", "Viewed by a person at the ESP before reporting", "us-2026-1")
    flags = (EspFlag("Viewed by the ESP", None), EspFlag("Publicly available", False))
    return [
        FileCard("IMG_0001.jpg", "9f86d081884c7d659a2feaa0c55ad015", "image/jpeg", 482113, closed,
                 seen_before=12, seen_before_url="#seen", esp_flags=flags, badge="known"),
        FileCard("a-very-long-file-name-that-somebody-chose-without-any-thought-of-columns.mp4",
                 "2c26b46b68ffc68ff99b453c1d304134", "video/mp4", 88213345, opened, seen_before=1,
                 esp_flags=(EspFlag("Viewed by the ESP", True),),
                 labels=(LabelTag("production signs"), LabelTag("A2", Source.REPORTER)),
                 url="/desk/files/2/", preview_url="/preview.png", badge="new"),
    ]  # fmt: skip


def section_a() -> list[Fact]:
    person = Fact(
        "Reported person",
        children=(
            Fact("Screen name", "example_user", Source.REPORTER),
            Fact("Email", "user@mail.example", Source.REPORTER, note="not verified"),
            Fact("Display name", "حساب تجريبي", Source.REPORTER),
            Fact("Address", children=(Fact("City", "Sampletown", Source.REPORTER), Fact("ZIP"))),
        ),
    )
    return [
        Fact("Incident type", "Online Enticement of Children for Sexual Acts", Source.REPORTER),
        Fact("Time of the incident", "2026-01-10 22:14 UTC", Source.REPORTER,
             note="as written: 2026-01-10T14:14:00-08:00"),
        Fact("Webpage", "https://chat.example/" + "room" * 30, Source.REPORTER),
        person,
    ]  # fmt: skip


def _bars() -> list[Bar]:
    return [Bar("Possession, manufacture, distribution", 1843211), Bar("Enticement", 18681),
            Bar("Trafficking", 1735), Bar("Misleading domain name", 0),
            Bar("Tourism", None, "fewer than 5")]  # fmt: skip


def _series() -> list[Series]:
    months = [f"2025-{n:02}" for n in range(1, 13)]
    return [
        Series(name, tuple((m, (n * seed * 37) % 900) for n, m in enumerate(months)))
        for name, seed in (("Example Chat", 3), ("Example Share", 7), ("Public", 1), ("Empty", 0))
    ]


def contexts() -> dict[str, tuple[str, dict]]:
    rows = queue_rows()
    page = Paginator(rows * 3, 8).page(2)
    day = timedelta(days=1)
    public = {
        "desk": "Report online exploitation", "nav": (), "person": None, "attributions": (),
        "help_line": "Help line: 0800 555 0100, day and night", "exit_url": "/weather",
    }  # fmt: skip
    report = {
        "received": NOW - 5 * day, "deadline": NOW + 41 * day, "moments": moments(),
        "section_a": section_a(), "danger": EIGHT + ZERO, "negative": NEGATIVE, "files": files(),
        "section_b": [Fact("Place", "Sampletown", Source.SYSTEM, note="by address, low trust")],
        "would_change": WOULD_CHANGE,
        "shell": shell(undo=Undo("Report 100000268 released.", "/undo/")),
    }  # fmt: skip
    pictures = [
        ("One reason", ONE), ("Eight", EIGHT + ZERO), ("Negative sum", NEGATIVE),
        ("Long words", LONG), ("Right to left", RIGHT_TO_LEFT), ("Twenty-five", MANY),
    ]  # fmt: skip
    others = {
        "clocks": [("Preservation by the ESP", NOW - 300 * day, NOW + 65 * day),
                   ("2703(f) letter", NOW - 89 * day, NOW + day / 8),
                   ("Account logs, as the ESP's profile says", NOW - 90 * day, NOW - 3 * day)],
        "moments": moments(9), "begun": moments(2), "rows": _bars(), "series": _series(),
        "received": NOW - timedelta(hours=5),
    }  # fmt: skip
    return {
        "queue": ("queue", {"page": page, "item": rows[1], "would_change": WOULD_CHANGE}),
        "report": ("report", report),
        "waterfalls": (
            "waterfalls",
            {"pictures": pictures, "eight": EIGHT, "many": MANY, "none": []},
        ),
        "others": ("others", others),
        "sign-in": (
            "form",
            {"form": SignIn({"username": ""}), "shell": shell(nav=(), person=None)},
        ),
        "question": ("question", {"form": Question({}), "shell": shell(**public)}),
        "outcome": ("form", {"form": Outcome()}),
    }


def pages() -> dict[str, str]:
    """Every page of the gallery as HTML, by name."""
    request = RequestFactory().get("/desk/?sort=-danger&page=2")
    base = {"shell": shell(), "now": NOW}
    made = {
        name: _template(source).render({**base, **context}, request)
        for name, (source, context) in contexts().items()
    }
    for status in (403, 404, 500):
        made[f"error-{status}"] = render_to_string("look/error.html", {**base, "status": status})
    made["error-bare"] = render_to_string("look/error.html")
    return made


def _template(name: str) -> Any:
    return engines["django"].from_string((PAGES / f"{name}.html").read_text())


def write(folder: Path) -> None:
    """The pages as files, with their static files beside them."""
    from django.contrib.staticfiles.finders import get_finders

    folder.mkdir(parents=True, exist_ok=True)
    for name, html in pages().items():
        (folder / f"{name}.html").write_text(html.replace('"/static/', '"static/'))
    for finder in get_finders():
        for path, storage in finder.list([]):
            target = folder / "static" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with storage.open(path) as source:
                target.write_bytes(source.read())


if __name__ == "__main__":
    import django

    django.setup()
    write(Path(sys.argv[1]))
