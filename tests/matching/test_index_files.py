"""An index in files: whatever happens to them, a search is right, and they come back."""

from __future__ import annotations

import json
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.matching.feeding import Kept, kept
from tests.matching.planted import clustered

from tipline.insight.matching.index import keeping, merging, reader
from tipline.insight.matching.index.shelf import Shelf


def flip(path, place: int) -> None:
    """One bit of a file, in a file of its own: readers keep what they have mapped."""
    content = bytearray(path.read_bytes())
    content[place] ^= 16
    path.unlink()
    path.write_bytes(content)


class TestJoining:
    def test_nothing_is_an_index_too(self, tmp_path):
        one = Kept(tmp_path)
        assert one.reader().search([bytes(32)], 31) == [[]]
        assert one.join()
        assert one.reader().search([bytes(32)], 31) == [[]]

    def test_a_new_reader_reads_files_not_the_table(self, tmp_path):
        one = kept(tmp_path, 2_000)
        before, fresh = one.feed.reads, one.reader()
        assert one.is_right(fresh)
        assert one.feed.reads == before + 1  # what came since: nothing
        assert len(fresh._held.tail) == 0

    def test_what_came_since_is_found_beside_them(self, tmp_path):
        one = kept(tmp_path)
        old = one.reader()
        assert one.is_right(old)
        one.feed.add(clustered(300, 1))  # equals and neighbours of what the files hold
        assert one.is_right(old)
        assert one.is_right()

    def test_a_reader_goes_over_to_the_new_files_and_forgets_its_tail(self, tmp_path, monkeypatch):
        monkeypatch.setattr(reader, "_LOOK_AGAIN", 0)
        one = kept(tmp_path)
        old = one.reader()
        one.feed.add(clustered(300, 1))
        assert one.is_right(old)
        one.join()
        one.feed.add(clustered(10, 3))
        assert one.is_right(old)
        assert len(old._held.tail) == 10
        assert [one.name.file for one in old._held.segments] == one.listed()

    def test_old_files_are_removed_and_those_who_read_them_go_on(self, tmp_path, monkeypatch):
        one = kept(tmp_path)
        old = one.reader()
        assert one.is_right(old)
        before = one.segments()
        one.feed.add(clustered(300, 5))
        one.join()
        assert set(one.segments()).isdisjoint(before)
        assert {path.name for path in one.segments()} == set(one.listed())
        assert one.is_right(old)

    def test_rows_without_a_hash_are_passed_over(self, tmp_path):
        one = Kept(tmp_path, [None] * 50 + clustered(100, 1) + [None] * 50)
        one.join()
        assert one.shelf.listing().through == 200
        assert one.is_right()
        one.feed.add([None] * 5_000)
        assert keeping.is_due(one.shelf, one.feed)
        one.join()
        assert not keeping.is_due(one.shelf, one.feed)

    def test_a_long_table_is_written_in_pieces(self, tmp_path):
        one = Kept(tmp_path, clustered(4_000, 1))
        one.join(piece=1_000)
        assert one.shelf.listing().through == 4_000
        assert one.is_right()

    def test_it_is_due_when_enough_has_come(self, tmp_path):
        one = kept(tmp_path)
        assert not keeping.is_due(one.shelf, one.feed)
        one.feed.add([bytes(32)] * (merging.LEAST - 1))
        assert not keeping.is_due(one.shelf, one.feed)
        one.feed.add([bytes(32)])
        assert keeping.is_due(one.shelf, one.feed)

    def test_one_process_at_a_time(self, tmp_path):
        one = kept(tmp_path)
        one.feed.add(clustered(10, 4))
        with Shelf(one.shelf.folder).writing() as mine:
            assert mine
            assert not one.join()
            assert not one.check()
        assert one.join()

    def test_what_was_left_half_done_is_removed(self, tmp_path):
        one = kept(tmp_path)
        for name in ("a.segment.unfinished", "b.segment"):
            (one.shelf.folder / name).write_bytes(b"left")
        one.feed.add(clustered(10, 4))
        one.join()
        assert {path.name for path in one.segments()} == set(one.listed())
        assert not list(one.shelf.folder.glob("*.unfinished"))


class TestDamage:
    @given(st.data())
    def test_a_wrong_byte_in_a_segment_is_mended_and_no_search_is_wrong(
        self, tmp_path_factory, data
    ):
        one = kept(tmp_path_factory.mktemp("damaged"), 300, seed=data.draw(st.integers(0, 9)))
        (path,) = one.segments()
        flip(path, data.draw(st.integers(0, path.stat().st_size - 1)))
        assert one.is_right()
        assert keeping.is_due(one.shelf, one.feed)
        one.feed.add(clustered(5, 2))
        assert one.join()
        assert not path.exists()
        fresh = one.reader()
        assert one.is_right(fresh)
        assert len(fresh._held.tail) == 0
        assert not keeping.is_due(one.shelf, one.feed)

    @pytest.mark.parametrize("which", [0, 1, 2])
    def test_one_of_several_segments(self, tmp_path, which):
        one = kept(tmp_path, 6_000)
        for count in (300, 15):
            one.feed.add(clustered(count, 1))
            one.join()
        path = sorted(one.segments(), key=lambda path: path.stat().st_size)[which]
        before = set(one.segments())
        assert len(before) == 3
        flip(path, 5_000)
        assert one.is_right()
        assert one.check()
        assert before - set(one.segments()) == {path}
        assert one.is_right()
        assert one.feed.census(10**9, ()) == (6_315, sum(range(6_316)))

    def test_all_of_them(self, tmp_path):
        one = kept(tmp_path, 6_000)
        one.feed.add(clustered(300, 1))
        one.join()
        for path in one.segments():
            flip(path, 4_500)
        assert one.is_right()
        one.check()
        fresh = one.reader()
        assert one.is_right(fresh)
        assert len(fresh._held.tail) == 0

    @pytest.mark.parametrize("how", ["flip", "cut", "empty", "remove"])
    def test_the_list_of_segments(self, tmp_path, how):
        one = kept(tmp_path)
        path = one.shelf.folder / "segments.json"
        if how == "flip":
            flip(path, 70)
        elif how == "remove":
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[: 100 if how == "cut" else 0])
        assert one.is_right()
        assert one.join()
        assert one.is_right()
        assert {path.name for path in one.segments()} == set(one.listed())

    @pytest.mark.parametrize("what", ["segment", "folder"])
    def test_what_somebody_removed(self, tmp_path, what):
        import shutil

        one = kept(tmp_path)
        if what == "segment":
            one.segments()[0].unlink()
        else:
            shutil.rmtree(one.shelf.folder)
        assert one.is_right()
        assert one.join()
        assert one.is_right()
        assert len(one.segments()) == 1

    def test_a_reader_that_has_it_open_does_not_mind(self, tmp_path):
        one = kept(tmp_path)
        old = one.reader()
        assert one.is_right(old)
        flip(one.segments()[0], 9_000)
        one.feed.add(clustered(30, 1))
        assert one.is_right(old)

    def test_a_list_that_names_damaged_files_is_not_gone_over_to(self, tmp_path, monkeypatch):
        monkeypatch.setattr(reader, "_LOOK_AGAIN", 0)
        one = kept(tmp_path)
        old = one.reader()
        assert one.is_right(old)
        one.feed.add(clustered(300, 1))
        one.join()
        flip(one.segments()[0], 9_000)
        one.feed.add(clustered(3, 1))
        assert one.is_right(old)
        one.check()
        one.feed.add(clustered(3, 1))
        assert one.is_right(old)
        assert [segment.name.file for segment in old._held.segments] == one.listed()


class TestAnotherHistory:
    """The files know rows that this database does not: it was put back, or is another one."""

    def test_a_database_that_was_put_back(self, tmp_path):
        one = kept(tmp_path, 600)
        one.feed.rows = {key: value for key, value in one.feed.rows.items() if key <= 400}
        one.feed.changes += 1
        assert one.is_right()
        assert keeping.is_due(one.shelf, one.feed)
        one.join()
        assert one.shelf.listing().through == 400
        assert one.is_right()

    def test_one_that_was_put_back_and_has_grown_again(self, tmp_path):
        one = kept(tmp_path, 600)
        one.feed.rows = {key: value for key, value in one.feed.rows.items() if key <= 400}
        one.feed.add(clustered(500, 77))
        assert one.is_right()
        assert keeping.is_due(one.shelf, one.feed)
        one.join()
        assert one.is_right()
        assert not keeping.is_due(one.shelf, one.feed)

    def test_an_empty_one(self, tmp_path):
        one = kept(tmp_path)
        one.feed.rows = {}
        one.feed.changes += 1
        assert one.is_right()
        one.join()
        assert one.segments() == []
        one.feed.add(clustered(100, 5))
        assert one.is_right()

    def test_a_running_reader_never_goes_back(self, tmp_path, monkeypatch):
        """While a list is made anew it begins with nothing: who has all keeps it."""
        monkeypatch.setattr(reader, "_LOOK_AGAIN", 0)
        one = kept(tmp_path, 2_000)
        old = one.reader()
        assert one.is_right(old)
        (one.shelf.folder / "segments.json").unlink()
        real, seen = keeping._joined, []

        def joined(*words):
            done = real(*words)
            one.feed.add(clustered(1, len(seen) + 100))
            seen.append(one.is_right(old) and one.is_right())
            return done

        monkeypatch.setattr(keeping, "_joined", joined)
        one.join(piece=700)
        assert seen
        assert all(seen)


class TestTheCensus:
    def test_deleted_rows_leave_the_files(self, tmp_path):
        one = kept(tmp_path)
        for key in (5, 17, 300):
            del one.feed.rows[key]
        assert one.check()
        assert one.is_right()

    def test_a_row_that_nobody_saw_is_found_by_counting(self, tmp_path):
        """It cannot happen while keys come from the sequence; somebody may write one by hand."""
        one = Kept(tmp_path)
        one.feed.add(clustered(600, 1), step=2)
        one.join()
        assert one.check()
        before = one.listed()
        assert one.check()
        assert one.listed() == before
        one.feed.rows[101] = clustered(1, 50)[0]
        assert one.check()
        assert one.is_right()


def test_readers_and_a_writer_at_once(tmp_path, monkeypatch):
    """Threads search while rows come and files are joined: each finds all that was there."""
    monkeypatch.setattr(reader, "_LOOK_AGAIN", 0)
    one = kept(tmp_path, 500)
    values = clustered(3_000, 9)
    stop, wrong, shared = threading.Event(), list[str](), one.reader()

    def read():
        while not stop.is_set():
            before = max(one.feed.rows)
            value = one.feed.rows[before]
            found = dict(shared.search([value], 0)[0])
            if found.get(before) != 0:
                wrong.append(f"{before} not found")

    threads = [threading.Thread(target=read) for _reader in range(3)]
    for thread in threads:
        thread.start()
    try:
        for start in range(0, 3_000, 100):
            for value in values[start : start + 100]:
                one.feed.rows[max(one.feed.rows) + 1] = value
                one.feed.changes += 1
            one.join()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert one.is_right(shared)


def test_the_list_is_json_for_people_too(tmp_path):
    one = kept(tmp_path)
    told = json.loads((one.shelf.folder / "segments.json").read_text().partition("\n")[2])
    assert told["through"] == 600
    assert told["names"][0]["count"] == 600
