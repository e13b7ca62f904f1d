"""Each question: what it takes, what it refuses, and how it says so."""

from __future__ import annotations

import pytest
from tests.journey.browsing import forms_in
from tests.portals_public.conftest import LEAST

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("page", "said", "words"),
    [
        ("danger", {}, "Choose one of the answers."),
        ("danger", {"danger": "perhaps"}, "Select a valid choice"),
        ("what", {}, "Choose one of the answers."),
        ("when", {"time": "21:30"}, "Give the day too"),
        ("when", {"zone": "UTC"}, "Give the day too"),
        ("when", {"day": "yesterday"}, "Enter a valid date."),
        ("when", {"day": "2999-01-01"}, "has not come yet"),
        ("when", {"words": "x" * 501}, "at most 500 characters"),
        ("where", {"link": "x" * 2084}, "at most 2083 characters"),
        ("who", {"age": "forty"}, "Write the age as a number"),
        ("who", {"age": "-1"}, "greater than or equal to 0"),
        ("who", {"email": "robin"}, "Enter a valid email address."),
        ("who", {"country": "Atlantis"}, "Select a valid choice"),
        ("child", {"age": "200"}, "less than or equal to 150"),
        ("words", {"words": "x" * 2501}, "at most 2500 characters"),
        ("you", {"contact": "contact"}, "Give a phone number or an email address."),
        ("you", {"contact": "contact", "email": "noor@"}, "Enter a valid email address."),
        ("you", {"contact": "anonymous", "email": "noor@example.com"}, "You wrote who you are"),
    ],
)
def test_wrong_input_comes_back_with_everything_typed(visitor, page, said, words):
    visitor.answer(LEAST, until=page)
    visitor.send(**said)

    assert visitor.page.status_code == 422
    assert words in visitor.text
    assert "There is a problem" in visitor.text
    [form] = [form for form in forms_in(visitor.html) if "sealed" in form.fields]
    for name, value in said.items():
        if "valid choice" not in words:  # there is no such answer to be shown again
            assert form.fields[name] == [value]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("when", {"words": "some time in spring"}),
        ("when", {"day": "2026-03-01"}),
        ("where", {"link": "the group called Blue Kites"}),
        ("who", {"age": "0"}),
        ("you", {"contact": "contact", "phone": "555 0188"}),
    ],
)
def test_a_part_of_an_answer_is_enough(visitor, page, said):
    visitor.answer(LEAST, until=page)
    visitor.send(**said)

    assert visitor.page.status_code == 200


def test_control_characters_are_left_out(visitor):
    from tipline.record.reports.models import ReportDocument

    visitor.answer({**LEAST, "words": {"words": "be\x07fore\x1b and after\r\nnew line"}})
    visitor.send("send")

    words = ReportDocument.objects.get().document["additionalInfo"]
    assert words == "before and after\nnew line"


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(visitor, method):
    assert getattr(visitor.client, method)("/report/").status_code == 405


def test_single_questions_are_their_own_heading(visitor):
    for page, words in (("danger", "legend"), ("words", "label")):
        visitor.answer(LEAST, until=page)
        html = visitor.page.content.decode()
        assert html.count("<h1") == 1
        assert words in html[html.index("<h1") - 30 : html.index("</h1>")]
