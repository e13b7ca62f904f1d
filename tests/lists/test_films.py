"""Entries made of videos: they carry frames, and later and earlier videos are found by them."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests import parts
from tests.filing import SEEN
from tests.lists.made import agree, matches, worked
from tests.matching.films import film, scenes
from tests.matching.shapes import jpeg

from tipline.insight.lists.changes import prints_of
from tipline.insight.lists.explained import explained
from tipline.insight.lists.files.writing import as_csv
from tipline.insight.lists.models import Entry, ListMatch
from tipline.insight.lists.own import refresh
from tipline.insight.matching import services as matching
from tipline.insight.matching import videos
from tipline.insight.matching.hashes import FRAME
from tipline.record.evidence.queries import files_of

FILM = tuple(range(1, 7))


@pytest.fixture
def installed():
    parts.need(parts.VIDEO)


def file_in(report):
    return files_of(report.pk)[0]


def frames_in(entry) -> int:
    return sum(one.variant == FRAME for one in prints_of([entry])[entry.pk])


def clip() -> bytes:
    """The middle of the film, saved anew by another codec."""
    return film(scenes([3, 4, 5]), kind="avi", codec="mjpeg", quality=400_000)


def test_clips_of_a_listed_film_are_found_whether_they_came_before_or_after(
    filed, three, installed
):
    first = filed(files=[(film(scenes(FILM)), SEEN)])
    before = filed(files=[(clip(), SEEN)], esp="quillnet")
    agree(three, file_in(first), "apparent_csam")
    worked()
    entry = Entry.objects.get()
    assert (entry.media, frames_in(entry)) == ("video", 2 * len(FILM))
    again = film(scenes([3, 4, 5]), kind="matroska", quality=300_000)
    after = filed(files=[(again, SEEN)], esp="quillnet")
    for report in (before, after):
        [row] = ListMatch.objects.filter(file__report=report)
        assert (row.layer, row.variant, row.share >= 80) == ("pdq", FRAME, True)
        [one] = explained([file_in(report)])[row.file_id]
        assert one.reasons[0].code == "lists.film"
        assert one.reasons[0].params["share"] == row.share


def test_a_film_is_not_found_by_a_listed_clip_and_a_still_is_found_by_its_film(
    filed, three, installed
):
    agree(three, file_in(filed(files=[(clip(), SEEN)])), "apparent_csam")
    worked()
    whole = filed(files=[(film(scenes([*FILM, 11, 12])), SEEN)], esp="quillnet")
    assert matches(whole) == []
    still = filed(files=[(jpeg(scenes([4])[0]), SEEN)], esp="quillnet")
    [one] = explained([file_in(still)])[file_in(still).pk]
    assert [reason.code for reason in one.reasons][1:] == ["lists.frame", "lists.suggests"]


def test_frames_are_ours_alone(filed, three, installed):
    """Other programs would take each for the hash of a picture."""
    file = file_in(filed(files=[(clip(), SEEN)]))
    agree(three, file, "apparent_csam")
    worked()
    entry = Entry.objects.get()
    assert frames_in(entry) == 6
    written = b"".join(as_csv(entry.hash_list)).decode()
    assert file.md5 in written
    assert not any(one.value in written for one in prints_of([entry])[entry.pk] if one.variant)


def test_where_videos_are_not_read_the_entry_says_so(filed, three, world, monkeypatch, client):
    parts.need(parts.VIDEO)
    monkeypatch.setattr(videos, "readable", lambda: False)
    report = filed(files=[(clip(), SEEN)])
    agree(three, file_in(report), "apparent_csam")
    worked()
    entry = Entry.objects.get()
    assert frames_in(entry) == 0
    page = reverse("desk:list-entry", args=[entry.hash_list.slug, entry.pk])
    client.force_login(world.people["sofia"])
    assert "found by its bytes only" in client.get(page).content.decode()
    monkeypatch.undo()
    matching.fingerprint([file_in(report)])
    worked()
    assert refresh([file_in(report).sha256]) == 1
    assert frames_in(entry) == 6
    assert "found by its bytes only" not in client.get(page).content.decode()
