"""Videos by their frames, where the extra is installed; and that they say so where it is not."""

from __future__ import annotations

import numpy as np
import psutil
import pytest
from tests import parts
from tests.filing import SEEN
from tests.matching.asking import chunks_of, linux_only
from tests.matching.films import film, scenes
from tests.matching.shapes import jpeg

from tipline.insight.matching import decoder, pdq, videos
from tipline.insight.matching import services as matching
from tipline.insight.matching.beginnings import LOOKED_AT, is_picture, is_video
from tipline.insight.matching.children import Limits
from tipline.insight.matching.hashes import FRAME, WHOLE
from tipline.insight.matching.models import FileMatch, Fingerprint
from tipline.insight.matching.pictures import Unreadable, Why
from tipline.insight.matching.rules_probes import distance
from tipline.insight.matching.videos import VideoChild
from tipline.record.evidence.queries import files_of

MP4 = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2mp41" + bytes(600)


@pytest.fixture
def installed():
    parts.need(parts.VIDEO)


@pytest.fixture(scope="module")
def video_child():
    parts.need(parts.VIDEO)
    with VideoChild() as one:
        yield one


def test_without_the_extra_a_video_says_that_it_is_not_read(filed, monkeypatch):
    monkeypatch.setattr(videos, "readable", lambda: False)
    filed(files=[(MP4, SEEN)])
    row = Fingerprint.objects.get()
    assert (row.reason, row.value) == (Why.VIDEO, None)


@pytest.mark.parametrize(
    ("kind", "codec"),
    [("mp4", "mpeg4"), ("matroska", "mpeg4"), ("avi", "mjpeg"), ("mov", "mpeg4"),
     ("mpegts", "mpeg2video"), ("flv", "flv"), ("webm", "libvpx")],
)  # fmt: skip
def test_one_frame_of_each_second_is_hashed(video_child, kind, codec):
    shown = scenes([1, 2, 3])
    data = film(shown, kind=kind, codec=codec, rate=25 if codec == "mpeg2video" else 10)
    assert is_video(data[:LOOKED_AT])
    assert not is_picture(data[:LOOKED_AT])
    found = video_child.frames(*chunks_of(data))
    assert (found.width, found.height, found.whole) == (320, 240, True)
    assert [frame.at_ms // 1000 for frame in found.frames][:6] == [0, 1, 2, 3, 4, 5]
    for at, pixels in ((0, shown[0]), (3, shown[1]), (5, shown[2])):
        expected = pdq.fingerprint(pixels).hash
        assert distance(found.frames[at].value, expected) <= 31, at


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
def test_a_film_that_breaks_off_is_read_so_far_or_says_why(video_child, cut):
    data = film(scenes([1, 2, 3]), kind="matroska")
    found = video_child.frames(*chunks_of(data[: int(len(data) * cut)]))
    if not isinstance(found, Unreadable):
        assert 0 < len(found.frames) <= 6


@pytest.mark.parametrize("data", [MP4, b"\x1a\x45\xdf\xa3" + bytes(500), b"FLV\x01" + bytes(90)])
def test_what_only_begins_like_a_video_says_why(video_child, data):
    assert video_child.frames(*chunks_of(data)) == Unreadable(Why.UNDECODABLE)


def test_a_picture_is_not_sent_to_it(installed):
    with VideoChild() as child:
        data = jpeg(scenes([1])[0])
        assert child.frames(*chunks_of(data)) == Unreadable(Why.NOT_A_PICTURE)
        assert child.pid is None


@linux_only
def test_it_is_confined_like_the_other(video_child):
    video_child.frames(*chunks_of(film(scenes([1]))))
    process = psutil.Process(video_child.pid)
    assert process.rlimit(psutil.RLIMIT_NOFILE) == (3, 3)
    assert process.rlimit(psutil.RLIMIT_AS) == (decoder.MEMORY, decoder.MEMORY)
    assert 0 < process.rlimit(psutil.RLIMIT_CPU)[0] < 300


def test_a_film_that_takes_too_long_is_stopped(installed):
    data = film(scenes([1, 2, 3]), seconds=20, rate=30)
    with VideoChild(Limits(job_seconds=0.05)) as child:
        assert child.frames(*chunks_of(data)) == Unreadable(Why.TIMEOUT)


class TestMatching:
    """By the rule of vPDQ, in the index of pictures."""

    FILM = tuple(range(1, 11))

    def test_a_clip_saved_anew_is_found_in_its_film_and_says_so(self, filed, installed):
        first = filed(files=[(film(scenes(self.FILM)), SEEN)])
        clip = film(scenes([4, 5, 6]), kind="avi", codec="mjpeg", quality=400_000)
        copy = filed(files=[(clip, SEEN)])
        match = FileMatch.objects.get()
        assert (match.file.report_id, match.other.report_id) == (copy.pk, first.pk)
        assert (match.variant, match.share >= 80, match.distance <= 31) == (FRAME, True, True)

        FileMatch.objects.all().delete()
        for report in (copy, first):
            matching.match(files_of(report.pk))
        again = FileMatch.objects.get()
        assert (again.file_id, again.share) == (match.file_id, match.share)

    def test_a_film_is_not_its_clip(self, filed, installed):
        filed(files=[(film(scenes([4, 5, 6])), SEEN)])
        filed(files=[(film(scenes(self.FILM)), SEEN)])
        assert not FileMatch.objects.exists()

    def test_a_still_is_found_in_its_film_with_its_time(self, filed, installed):
        filed(files=[(film(scenes(self.FILM)), SEEN)])
        filed(files=[(jpeg(np.fliplr(scenes([5])[0])), SEEN)])
        match = FileMatch.objects.get()
        assert (match.variant, match.share) == (FRAME, 0)
        assert match.orientation == "flip_y"
        assert 8_000 <= match.at_ms < 10_000

    def test_what_was_not_read_is_once_it_can_be(self, filed, installed, monkeypatch):
        monkeypatch.setattr(videos, "readable", lambda: False)
        report = filed(files=[(film(scenes([1, 2])), SEEN)])
        assert Fingerprint.objects.get().reason == Why.VIDEO
        monkeypatch.undo()
        assert matching.fingerprint(files_of(report.pk)) == 1
        rows = Fingerprint.objects.order_by("variant", "at_ms")
        assert [row.variant for row in rows] == [WHOLE, *[FRAME] * 4]
        assert rows[0].reason == Why.FRAMES
        assert matching.fingerprint(files_of(report.pk)) == 0
