"""A visitor with a browser, who walks through the public form."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

import pytest
from django.test import Client

from tipline.doors.portals.public import draft as drafts
from tipline.doors.portals.public.forms import before
from tipline.ground.foundation.ids import random_hex

#: One answer to every page: the least that the form takes.
LEAST = {
    "danger": {"danger": "no"},
    "what": {"what": "enticement"},
    "when": {},
    "where": {},
    "who": {},
    "child": {},
    "words": {},
    "you": {"contact": "anonymous"},
}
#: Everything that can be told.
WHOLE = {
    "danger": {"danger": "yes"},
    "what": {"what": "enticement"},
    "when": {"day": "2026-11-20", "time": "21:30", "zone": "America/New_York", "words": "at night"},
    "where": {
        "service": "Kitegram",
        "link": "https://kitegram.example/blue.kite",
        "account": "blue.kite",
    },
    "who": {
        "first_name": "Robin",
        "last_name": "Vale",
        "age": "41",
        "phone": "+1 559 555 0147",
        "email": "robin@example.org",
        "city": "Fresno",
        "state": "CA",
        "country": "US",
    },
    "child": {"age": "12", "city": "Fresno", "state": "CA", "country": "US", "known": "yes"},
    "words": {"words": "First line.\r\nSecond line."},
    "you": {
        "contact": "contact",
        "first_name": "Noor",
        "last_name": "Amberley",
        "phone": "+1 559 555 0188",
        "email": "noor@example.com",
    },
}
PAGES = tuple(LEAST)


def sealed_in(response) -> str:
    found = re.search(r'name="sealed" value="([^"]+)"', response.content.decode())
    assert found, "the page has no sealed field"
    return html.unescape(found[1])


@dataclass
class Visitor:
    """Somebody at a browser. ``page`` is what they see."""

    client: Client = field(default_factory=Client)
    more: dict = field(default_factory=dict)
    page: object = None

    def open(self):
        self.page = self.client.get("/report/", **self.more)
        return self.page

    def send(self, go: str = "next", **said):
        words = {"sealed": sealed_in(self.page), "go": go, **said}
        self.page = self.client.post("/report/", words, **self.more)
        return self.page

    def answer(self, answers: dict, *, until: str = "check"):
        """Have answered everything before a page, and look at that page.

        The draft is made here and not page by page: only the page itself is asked for.
        """
        names = PAGES if until == "check" else PAGES[: PAGES.index(until)]
        said = {name: answers[name] for name in names}
        draft = drafts.Draft(random_hex(), before(until), answers=said)
        last = said.get(before(until), {}) if names else {}
        if not names:
            return self.open()
        words = {"sealed": drafts.seal(draft), "go": "next", **last}
        self.page = self.client.post("/report/", words, **self.more)
        assert self.page.status_code == 200, self.text
        return self.page

    def walk(self, answers: dict):
        """Open the form and answer every page, as somebody at a browser does."""
        self.open()
        for name in PAGES:
            self.send(**answers[name])
            assert self.page.status_code == 200, (name, self.text)
        return self.page

    @property
    def html(self) -> str:
        return self.page.content.decode()

    @property
    def text(self) -> str:
        return html.unescape(re.sub(r"<[^>]+>", " ", self.html))

    @property
    def number(self) -> int:
        found = re.search(r'class="receipt"><strong>(\d+)<', self.page.content.decode())
        assert found, self.text
        return int(found[1])


@pytest.fixture
def visitor(db, tipline_home):
    return Visitor()
