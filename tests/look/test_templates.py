"""Templates: no inline style or script, every word translatable, every page complete."""

from __future__ import annotations

import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from tests.look.gallery import NAMES, RIGHT_TO_LEFT, pages

from tipline.doors.portals import look

ROOT = Path(look.__file__).parent / "templates"
TEMPLATES = sorted(ROOT.rglob("*.html"))
STATIC = Path(look.__file__).parent / "static" / "look"
VOID = {"meta", "link", "input", "img", "br", "hr"}
SPOKEN = {"alt", "aria-label", "placeholder", "title"}
HANDLER = re.compile(r"\s(on[a-z]+|hx-on[:\w-]*)\s*=", re.IGNORECASE)

all_pages = cache(pages)


class Page(HTMLParser):
    """What the tests ask of a page: its elements in order, and that they close."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.inline_script = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in {"script", "style"}:
            self.inline_script += data.strip()

    def of(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def without_tags(source: str) -> str:
    """The template with blocks of translation and every tag and value taken out."""
    source = re.sub(
        r"{%\s*blocktranslate.*?{%\s*endblocktranslate\s*%}", " ", source, flags=re.DOTALL
    )
    source = re.sub(r"{% block main_class %}.*?{% endblock %}", " ", source)
    source = re.sub(r"{%.*?%}|{#.*?#}", " ", source, flags=re.DOTALL)
    return re.sub(r"{{.*?}}", " ", source, flags=re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_inline_style_or_script(path):
    source = path.read_text()
    assert not re.search(r"\sstyle\s*=|<style\b|javascript:", source, re.IGNORECASE)
    assert not HANDLER.search(re.sub(r"<meta name=\"htmx-config\".*?>", "", source))
    for script in re.findall(r"<script\b.*?</script>", source, re.DOTALL):
        assert re.fullmatch(r"<script src=\"{% static '[^']+' %}\" defer></script>", script)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_word_is_translatable(path):
    source = without_tags(path.read_text())
    spoken = re.findall(r'\s(alt|aria-label|placeholder|title)="([^"]*)"', source)
    bare = re.sub(r"<kbd[^>]*>.*?</kbd>", " ", source)
    bare = re.sub(r"<[^>]*>", " ", bare)
    left = re.sub(r"[\s\W\d_]+", " ", bare).strip()
    if path.name == "base.html":  # the product's name in the title
        left = left.replace("Tipline", "").strip()
    assert left == ""
    assert [words for _name, words in spoken if re.search(r"[^\W\d_]", words)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_page_of_the_gallery_is_whole(name):
    page = Page(all_pages()[name])
    assert page.open == []
    assert page.inline_script == ""
    assert [a for _tag, a in page.tags if "style" in a or any(n.startswith("on") for n in a)] == []
    assert all(script.get("src") for script in page.of("script"))
    ids = [a["id"] for _tag, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert len(page.of("h1")) == 1
    assert len(page.of("main")) == 1
    assert page.of("html")[0]["lang"] == "en"


@pytest.mark.parametrize("name", NAMES)
def test_every_field_has_its_label_and_every_description_is_there(name):
    page = Page(all_pages()[name])
    ids = {a["id"] for _tag, a in page.tags if "id" in a}
    labelled = {a["for"] for a in page.of("label") if "for" in a}
    fields = [a for a in page.of("input") + page.of("select") + page.of("textarea")
              if a.get("type") != "hidden" and "data-keys-on" not in a]  # fmt: skip
    assert [a for a in fields if a.get("id") not in labelled and not a.get("aria-label")] == []
    for _tag, attributes in page.tags:
        for name_of in ("aria-describedby", "aria-labelledby"):
            assert set(attributes.get(name_of, "").split()) <= ids


def test_a_form_says_its_errors_on_top_and_beside_the_field():
    html = all_pages()["sign-in"]
    assert '<a href="#id_username">User name \N{EN DASH} This field is required.</a>' in html
    page = Page(html)
    (password,) = [a for a in page.of("input") if a.get("name") == "password"]
    assert password["aria-describedby"] == "id_password_helptext id_password_error"
    assert password["aria-invalid"] == "true"
    assert 'id="id_password_error"' in html


def test_a_question_is_the_heading_of_its_page_and_its_error_leads_to_the_first_answer():
    html = all_pages()["question"]
    assert re.search(r"<legend><h1>What is your report about\?</h1>\s*</legend>", html)
    assert 'href="#id_what_0"' in html
    assert 'id="id_what_0"' in html
    assert "data-quick-exit" in html
    assert "look/exit.js" in html


def test_the_error_page_needs_no_context():
    html = render_to_string("look/error.html")
    assert "<h1>This did not work</h1>" in html
    assert "Sign out" not in html


def test_hostile_words_stay_words():
    html = all_pages()["waterfalls"]
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_direction_follows_the_language():
    with translation.override("ar"):
        html = render_to_string("look/error.html")
    assert '<html lang="ar" dir="rtl">' in html
    assert RIGHT_TO_LEFT[0].params["words"] in all_pages()["waterfalls"]


def test_a_file_behind_the_gate_shows_why_and_no_picture():
    html = render_to_string("look/file_card.html", {"file": closed_file()})
    assert "<img" not in html
    assert "Closed: no person at the ESP has viewed it" in html
    assert "not said" in html
    assert re.search(r"closed</span> rule 5", html)


def closed_file():
    from tests.look.gallery import files

    return files()[0]


def test_background_requests_evaluate_nothing_and_keep_nothing():
    config = Page(all_pages()["queue"]).of("meta")
    (htmx,) = [a["content"] for a in config if a.get("name") == "htmx-config"]
    asked = json.loads(htmx)
    off = ("allowEval", "includeIndicatorStyles", "allowScriptTags", "historyCacheSize")
    assert not any(asked[setting] for setting in off)
    assert asked["selfRequestsOnly"] is True


def test_our_scripts_need_no_eval_and_set_no_style():
    for path in STATIC.glob("*.js"):
        source = path.read_text()
        assert not re.search(r"\beval\b|new Function|\.style\b|innerHTML|document\.write", source)
        assert len(source.splitlines()) < 300
