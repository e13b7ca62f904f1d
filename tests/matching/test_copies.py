"""Copies that were turned, framed, cut or made negatives are found, and it is said how."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.filing import SEEN
from tests.matching.shapes import cropped, framed, halved, jpeg, letterboxed, scene

from tipline.insight.matching import hashes
from tipline.insight.matching import services as matching
from tipline.insight.matching.hashes import CUTS, TRIMMED, WHOLE
from tipline.insight.matching.models import FileMatch, Fingerprint
from tipline.record.evidence import access
from tipline.record.evidence.queries import files_of

KNOWN = jpeg(scene())
EDITS = {
    "turned left": (np.rot90(scene()), {"orientation": "rotate_270"}),
    "upside down": (np.rot90(scene(), 2), {"orientation": "rotate_180"}),
    "mirrored": (np.fliplr(scene()), {"orientation": "flip_y"}),
    "framed in black": (framed(scene(), 40), {"trimmed": True}),
    "framed in white": (framed(scene(), 25, 255), {"trimmed": True}),
    "letterboxed": (letterboxed(scene(), 60), {"trimmed": True}),
    "letterboxed and mirrored": (
        np.fliplr(letterboxed(scene(), 60)),
        {"trimmed": True, "orientation": "flip_y"},
    ),
    "negative": (255 - scene(), {"inverted": True}),
    "made small": (halved(scene()), {"enlarged": True}),
    "made small and mirrored": (
        np.fliplr(halved(scene())),
        {"enlarged": True, "orientation": "flip_y"},
    ),
}
PLAIN = {
    "orientation": "upright",
    "trimmed": False,
    "inverted": False,
    "enlarged": False,
    "variant": WHOLE,
}


def file_in(report):
    [file] = files_of(report.pk)
    return file


def said(match: FileMatch) -> dict:
    return {name: getattr(match, name) for name in PLAIN}


@pytest.mark.parametrize("edit", EDITS)
def test_a_changed_copy_is_found_whichever_is_read_first(filed, edit):
    pixels, how = EDITS[edit]
    first = filed(files=[(KNOWN, SEEN)])
    copy = filed(files=[(jpeg(pixels), SEEN)])
    match = FileMatch.objects.get()
    assert (match.file.report_id, match.other.report_id) == (copy.pk, first.pk)
    assert match.layer == "near"
    assert match.distance <= 31
    assert said(match) == PLAIN | how

    FileMatch.objects.all().delete()
    for report in (copy, first):  # the later one is looked at while the first is not there
        matching.match(files_of(report.pk))
    again = FileMatch.objects.get()
    assert (again.file_id, again.other_id) == (match.file_id, match.other_id)
    assert said(again) == said(match)


def test_of_those_equally_near_the_first_filed_is_told_first(filed):
    """The same picture in other bytes: their digests, by which they are found, have no order."""
    filed(files=[(KNOWN + b"%d" % number, SEEN) for number in range(6)])
    last = filed(files=[(KNOWN, SEEN)])
    rows = FileMatch.objects.filter(file__report=last).order_by("pk")
    others = [row.other_id for row in rows]
    assert len(others) == 6
    assert others == sorted(others)


def test_a_clean_copy_of_a_framed_picture_is_found(filed):
    first = filed(files=[(jpeg(framed(scene(), 40)), SEEN)])
    filed(files=[(KNOWN, SEEN)])
    match = FileMatch.objects.get()
    assert match.other.report_id == first.pk
    assert said(match) == PLAIN | {"variant": TRIMMED}


def test_unlike_pictures_are_not_matched(filed):
    filed(files=[(KNOWN, SEEN)])
    filed(files=[(jpeg(framed(scene(5), 40)), SEEN)])
    filed(files=[(jpeg(np.fliplr(scene(9))), SEEN)])
    assert not FileMatch.objects.exists()


def test_only_a_picture_with_borders_has_a_second_fingerprint(filed):
    filed(files=[(KNOWN, SEEN)])
    assert Fingerprint.objects.get().variant == WHOLE
    filed(files=[(jpeg(framed(scene(3), 40)), SEEN)])
    rows = Fingerprint.objects.order_by("pk")[1:]
    assert [row.variant for row in rows] == [WHOLE, TRIMMED]
    assert [len(row.turned) for row in rows] == [7 * hashes.HASH_BYTES] * 2
    assert abs(rows[1].width - 512) <= 2


class TestVariants:
    """Of confirmed material only; who confirms it asks for them."""

    def test_are_made_once_with_the_whole_and_the_trimmed(self, filed):
        file = file_in(filed(files=[(jpeg(framed(scene(), 40)), SEEN)]))
        rows = matching.fingerprint_variants(file)
        assert {row.variant for row in rows} == {WHOLE, TRIMMED, *CUTS}
        assert {(row.hasher, row.version, row.route) for row in rows} == {
            (hashes.HASHER, hashes.VERSION, "draft-luma-1024")
        }
        assert all(row.turned is None for row in rows if row.variant in CUTS)
        assert [row.pk for row in matching.fingerprint_variants(file)] == [row.pk for row in rows]
        centre = next(row for row in rows if row.variant == "centre-8")
        assert abs(centre.width - round(0.92 * 512)) <= 2

    @pytest.mark.parametrize(
        ("variant", "cut"),
        [("centre-8", CUTS["centre-8"]), ("left-5", (0.05,)), ("top-right-6", (0, 0.06, 0.06))],
    )
    def test_find_what_was_cut(self, filed, variant, cut):
        known = file_in(filed(files=[(KNOWN, SEEN)]))
        copy = jpeg(cropped(scene(), *cut), 70)
        filed(files=[(copy, SEEN)])
        assert not FileMatch.objects.exists()
        matching.fingerprint_variants(known)
        filed(files=[(copy + b"\n", SEEN)])
        match = FileMatch.objects.get(other=known)
        assert (match.variant, match.distance <= 10) == (variant, True)

    def test_not_of_what_the_gate_keeps_from_being_fingerprinted(self, filed, monkeypatch):
        file = file_in(filed(files=[(KNOWN, {})]))
        policy = access.policy()
        rules = dataclasses.replace(policy.rules, fingerprint_blocked_files=False)
        monkeypatch.setattr(access, "policy", lambda: dataclasses.replace(policy, rules=rules))
        assert matching.fingerprint_variants(file) == []
        assert Fingerprint.objects.count() == 1

    def test_nothing_of_what_cannot_be_decoded(self, filed):
        file = file_in(filed(files=[(KNOWN[: len(KNOWN) // 2], SEEN)]))
        assert matching.fingerprint_variants(file) == []
        assert Fingerprint.objects.get().reason == "truncated"
