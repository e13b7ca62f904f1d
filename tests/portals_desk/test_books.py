"""The books on a page: every line adds up, or says by how much it does not."""

from __future__ import annotations

import csv
import io

import pytest
from tests.personas import file_report

from tipline.record.intake.models import Submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def received(world):
    file_report(world)
    return file_report(world, finished=False)


def test_each_door_and_day_is_a_line(signed_in, received):
    html = signed_in("sofia").get("/desk/books/").content.decode()

    assert "Balanced: everything received is accounted for." in html
    assert "ESP API" in html
    assert '<td class="num" data-label="Received">2</td>' in html
    assert '<td class="num" data-label="Open">1</td>' in html


def test_what_does_not_balance_is_named_first(signed_in, received):
    Submission.objects.filter(report=received).update(report=None)

    html = signed_in("sofia").get("/desk/books/").content.decode()

    assert "Not balanced" in html
    assert "difference 1" in html
    assert f"Report {received.pk} has no submission" in html


def test_the_books_as_csv(signed_in, received):
    text = signed_in("sofia").get("/desk/books.csv").content.decode()
    head, line = csv.reader(io.StringIO(text))

    assert dict(zip(head, line, strict=True))["Received"] == "2"
    assert dict(zip(head, line, strict=True))["Difference"] == "0"


def test_empty_books_say_so(signed_in):
    assert "Nothing has come in yet" in signed_in("sofia").get("/desk/books/").content.decode()


def test_the_books_are_for_who_may_read_them(signed_in, received):
    seen = {
        name: signed_in(name).get("/desk/books/").status_code
        for name in ("sofia", "adam", "ana", "enzo", "ines")
    }

    assert seen == {"sofia": 200, "adam": 200, "ana": 404, "enzo": 404, "ines": 404}
    assert 'href="/desk/"' not in signed_in("adam").get("/desk/books/").content.decode()
