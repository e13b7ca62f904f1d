"""The pictures of the documentation: of one width, small, and all of them used."""

from __future__ import annotations

import re

import pytest
from PIL import Image
from tests.browser.instance import ROOT
from tests.browser.pictures import FOLDER, LARGEST

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"!\[([^\]]*)\]\(([^)]+\.png)\)")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.png")), ids=lambda path: path.name)
def test_a_picture_is_one_screen_and_small(path):
    with Image.open(path) as picture:
        assert picture.size == (1280, 800)
    assert path.stat().st_size < LARGEST


def test_pages_show_pictures_that_exist_and_say_what_is_on_them():
    shown = {
        (page.parent / target).resolve(): words
        for page in PAGES
        for words, target in LINK.findall(page.read_text(encoding="utf-8"))
    }
    assert set(shown) == set(FOLDER.glob("*.png"))
    assert all(len(words) > 20 for words in shown.values())
