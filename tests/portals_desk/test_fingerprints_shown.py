"""How a match was found, and what was declared, in words beside the file."""

from __future__ import annotations

import re

import numpy as np
import pytest
from tests.matching.shapes import framed, jpeg, scene
from tests.portals_desk.conftest import VIEWED, picture
from tests.portals_desk.test_files import card, report_page

from tipline.insight.matching import services as matching
from tipline.insight.matching.services import fingerprint_variants
from tipline.record.evidence.queries import files_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_index(monkeypatch):
    monkeypatch.setattr(matching, "_loaded", matching._Loaded())


def shown_text(client, file):
    """A file's card as it reads."""
    words = re.sub(r"<[^>]+>", " ", card(report_page(client, file), file))
    return re.sub(r"\s+", " ", words)


def last_file(report):
    return files_of(report.pk)[-1]


@pytest.mark.parametrize(
    ("pixels", "words"),
    [
        (np.fliplr(scene()), "Alike once mirrored."),
        (np.rot90(scene(), 2), "Alike once turned upside down."),
        (framed(scene(), 30), "Alike once its flat borders are cut off."),
        (255 - scene(), "a negative."),
    ],
)
def test_how_a_copy_was_found(ana, filed, pixels, words):
    filed(files=[(jpeg(scene()), VIEWED)])
    shown = shown_text(ana, last_file(filed(files=[(jpeg(pixels), VIEWED)])))
    assert "Looks alike" in shown
    assert "of 256 bits differ. Alike once" in shown
    assert words in shown


def test_which_part_of_confirmed_material_a_copy_is(ana, filed):
    known = last_file(filed(files=[(jpeg(scene()), VIEWED)]))
    fingerprint_variants(known)
    copy = jpeg(scene()[:, 26:])
    shown = shown_text(ana, last_file(filed(files=[(copy, VIEWED)])))
    assert "Like the other with 5 percent cut off on the left." in shown


def test_a_copy_as_it_stands_needs_no_words(ana, filed):
    filed(files=[(jpeg(scene()), VIEWED)])
    shown = shown_text(ana, last_file(filed(files=[(jpeg(scene(), 40), VIEWED)])))
    assert "of 256 bits differ" in shown
    assert "Alike once" not in shown


def test_our_fingerprint_with_what_made_it_or_why_there_is_none(ana, filed):
    report = filed(files=[(picture(1), VIEWED), (picture(2)[:900], VIEWED)])
    whole, cut = files_of(report.pk)
    assert re.search(r"PDQ [0-9a-f]{64} .*quality \d+ of 100, made by pdq-matrix 2, full", (
        shown_text(ana, whole)
    ))  # fmt: skip
    shown = shown_text(ana, cut)
    assert "No fingerprint" in shown
    assert "The picture is cut off." in shown


def test_what_is_declared_is_the_reporters_word(ana, filed):
    content = picture(1)
    sent = last_file(filed(files=[(content, VIEWED)]))
    said = {
        "originalFileHash": [
            {"hashType": "MD5", "value": sent.md5.upper()},
            {"hashType": "SHA-1", "value": "0123456789" * 4},
            {"hashType": "PDQ", "value": "no!"},
            {"hashType": "<b>Odd</b>", "value": "<script>1</script>"},
        ]
    }
    file = last_file(filed(files=[(content, said)]))
    shown = shown_text(ana, file)
    assert f"MD5, declared {sent.md5}" in shown
    assert "the same as of what was sent" in shown
    assert "the original had other bytes" in shown
    assert "Not written as a fingerprint of this kind." in shown
    html = card(report_page(ana, file), file)
    assert "<script>1" not in html
    assert "&lt;b&gt;Odd&lt;/b&gt;, declared" in html


def test_of_a_file_that_was_not_sent_only_what_is_declared(ana, filed):
    said = {"originalFileHash": [{"hashType": "MD5", "value": "0123456789abcdef" * 2}]}
    shown = shown_text(ana, last_file(filed(files=[(b"", said)])))
    assert "MD5, declared" in shown
    assert "the original had other bytes" not in shown
    assert "No fingerprint" not in shown
