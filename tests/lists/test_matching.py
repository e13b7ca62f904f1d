"""Files are found on lists by digest and by eye; a new entry finds old files, a gone one goes."""

from __future__ import annotations

import base64
import re

import pytest
from django.db import connection, transaction
from tests.filing import SEEN, newest, picture
from tests.lists.made import agree, foreign, matches, owner, photo, put, worked

from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.models import Job
from tipline.insight.annotation.models import LabelEvent
from tipline.insight.lists import services, turning
from tipline.insight.lists.entries import remove_entries
from tipline.insight.lists.explained import explained
from tipline.insight.lists.matching import match_files
from tipline.insight.lists.models import ListMatch, Sweep
from tipline.insight.lists.standing import known_by_lists
from tipline.insight.lists.sweeps import sweep_page
from tipline.insight.matching.models import Fingerprint
from tipline.record.evidence.models import EvidenceFile
from tipline.record.evidence.queries import files_of

CONTENT = picture(1)


def file_in(report):
    return files_of(report.pk)[0]


def pdq_of(file) -> str:
    return bytes(Fingerprint.objects.get(sha256=file.sha256, variant="").value).hex()


def flipped(value: str, bits: int) -> str:
    """A hash so many bits away."""
    number = int(value, 16)
    for bit in range(bits):
        number ^= 1 << (bit * 7)
    return f"{number:064x}"


class TestLayers:
    def test_by_the_strongest_digest_that_both_have(self, filed):
        hash_list = foreign()
        file = file_in(filed(files=[(CONTENT, SEEN)]))
        put(hash_list, md5=file.md5, sha1=file.sha1)
        worked()
        assert matches() == [("harbour", "digest", "sha1", 0)]

    def test_a_weaker_digest_that_was_made_to_agree_is_no_match(self, filed):
        hash_list = foreign()
        file = file_in(filed(files=[(CONTENT, SEEN)]))
        put(hash_list, md5=file.md5, sha1="0" * 40)
        worked()
        assert matches() == []

    def test_an_empty_file_is_on_no_list(self, filed):
        put(foreign(), md5="d41d8cd98f00b204e9800998ecf8427e")
        filed(files=[(b"", SEEN)])
        assert matches() == []

    @pytest.mark.parametrize(("bits", "found"), [(0, True), (10, True), (20, True), (21, False)])
    def test_near_by_eye_within_the_list_s_own_distance(self, filed, bits, found):
        hash_list = foreign(radius=20)
        file = file_in(filed(files=[(CONTENT, SEEN)]))
        put(hash_list, pdq=flipped(pdq_of(file), bits))
        worked()
        assert matches() == ([("harbour", "pdq", "pdq", bits)] if found else [])

    def test_a_list_without_near_matches_has_none(self, filed):
        hash_list = foreign(radius=-1)
        file = file_in(filed(files=[(CONTENT, SEEN)]))
        put(hash_list, pdq=pdq_of(file))
        worked()
        assert matches() == []


class TestDeclared:
    """Fingerprints that a sender declares, of bytes that nobody read here."""

    def test_a_declared_digest_is_a_layer_of_its_own_and_knows_nothing(self, filed):
        hash_list = foreign(trust="known")
        put(hash_list, md5="ab" * 8 + "cd" * 8)
        said = {"originalFileHash": [{"hashType": "MD5", "value": "AB" * 8 + "CD" * 8}]}
        file = file_in(filed(files=[(CONTENT, said)]))
        assert matches() == [("harbour", "declared", "md5", 0)]
        assert known_by_lists([file]) == frozenset()
        [one] = explained([file])[file.pk]
        assert [reason.source.value for reason in one.reasons] == ["reporter", "system"]

    @pytest.mark.parametrize(("bits", "found"), [(0, 1), (31, 1), (32, 0)])
    def test_a_declared_hash_by_eye(self, filed, bits, found):
        put(foreign(), pdq=flipped("0f1e" * 16, bits))
        said = {"originalFileHash": [{"hashType": "PDQ", "value": "0f1e" * 16}]}
        filed(files=[(CONTENT, said)])
        assert matches() == [("harbour", "declared", "pdq", bits)] * found

    def test_a_photodna_value_only_when_equal(self, filed):
        value = base64.b64encode(bytes(range(144))).decode()
        put(foreign(), pdna=value)
        filed(files=[(CONTENT, {"originalFileHash": [{"hashType": "PhotoDNA", "value": value}]})])
        assert matches() == [("harbour", "declared", "pdna", 0)]

    def test_a_new_entry_finds_what_was_declared_before(self, filed):
        said = {"originalFileHash": [{"hashType": "SHA-1", "value": "ab" * 10 + "cd" * 10}]}
        filed(files=[(CONTENT, said)])
        put(foreign(), sha1="ab" * 10 + "cd" * 10)
        worked()
        assert matches() == [("harbour", "declared", "sha1", 0)]

    def test_a_list_may_leave_declared_ones_alone(self, filed):
        put(foreign(declared=False), md5="ab" * 8 + "cd" * 8)
        said = {"originalFileHash": [{"hashType": "MD5", "value": "ab" * 8 + "cd" * 8}]}
        filed(files=[(CONTENT, said)])
        assert matches() == []


class TestEdits:
    @pytest.mark.parametrize("way", ["ROTATE_90", "FLIP_LEFT_RIGHT", "ROTATE_180"])
    def test_a_turned_copy_is_found_and_told_so(self, filed, way):
        first = file_in(filed(files=[(photo(1), SEEN)]))
        put(foreign(), pdq=pdq_of(first))
        turned = file_in(filed(files=[(photo(1, way), SEEN)], esp="quillnet"))
        [one] = explained([turned])[turned.pk]
        assert one.match.distance <= 10
        assert one.match.orientation != "upright"
        assert one.match.orientation in {r.code.removeprefix("match.") for r in one.reasons}

    @pytest.mark.parametrize("way", ["ROTATE_90", "FLIP_LEFT_RIGHT", "TRANSVERSE"])
    def test_a_new_entry_of_others_finds_old_turned_copies(self, filed, way):
        first = filed(files=[(photo(1), SEEN), (photo(2), SEEN)])
        turned = filed(files=[(photo(3), SEEN), (photo(1, way), SEEN)], esp="quillnet")
        put(foreign(), pdq=pdq_of(file_in(first)))
        worked()
        assert matches(first) == [("harbour", "pdq", "pdq", 0)]
        [row] = ListMatch.objects.filter(file__report=turned)
        assert row.file == files_of(turned.pk)[1]
        assert row.orientation not in {"", "upright"}
        assert row.distance <= 10

    def test_they_are_looked_for_in_pages_and_each_change_once(self, filed, monkeypatch):
        monkeypatch.setattr(turning, "ENTRIES", 1)
        monkeypatch.setattr(turning, "CONTENTS", 2)
        hash_list = foreign()
        reports = [filed(files=[(photo(seed), SEEN)]) for seed in range(1, 6)]
        turned = [filed(files=[(photo(seed, "ROTATE_180"), SEEN)]) for seed in range(1, 6)]
        for seed in (1, 4):
            put(hash_list, f"e{seed}", pdq=pdq_of(file_in(reports[seed - 1])))
        put(hash_list, "e2", pdq=pdq_of(file_in(reports[1])))
        remove_entries(hash_list.pk, owner().pk, ["e2"])
        worked()
        assert [len(matches(report)) for report in turned] == [1, 0, 0, 1, 0]
        sweep = Sweep.objects.get(hash_list=hash_list)
        assert (sweep.turned_to, sweep.turned_position) == (None, sweep.position)
        assert turning.next_page(hash_list.pk) is None

    def test_another_policy_looks_for_turned_copies_again(self, filed):
        first = filed(files=[(photo(1), SEEN)])
        turned = filed(files=[(photo(1, "ROTATE_90"), SEEN)], esp="quillnet")
        hash_list = foreign(radius=-1)
        put(hash_list, pdq=pdq_of(file_in(first)))
        worked()
        assert matches() == []
        services.set_policy(SYSTEM, hash_list, {"radius": 31, "same_within": 0})
        worked()
        assert len(matches(turned)) == 1

    def test_a_pass_that_somebody_began_anew_ends_nowhere(self, filed):
        first = filed(files=[(photo(1), SEEN)])
        hash_list = foreign()
        put(hash_list, pdq=pdq_of(file_in(first)))
        sweep_page(hash_list.pk)
        page = turning.next_page(hash_list.pk)
        Sweep.objects.update(**Sweep.BEGINNING)
        turning.done(page)
        sweep = Sweep.objects.get()
        assert (sweep.turned_to, sweep.turned_key, sweep.turned_position) == (None, 0, 0)

    def test_a_new_entry_of_ours_finds_old_turned_and_cut_copies(self, filed, three):
        first = filed(files=[(photo(1), SEEN)])
        turned = filed(files=[(photo(1, "ROTATE_90"), SEEN)], esp="quillnet")
        cut = filed(files=[(photo(1, cut=8), SEEN)], esp="quillnet")
        agree(three, file_in(first), "apparent_csam")
        worked()
        assert [m[:3] for m in matches(turned)] == [("own-csam", "pdq", "pdq")]
        assert [m[:3] for m in matches(cut)] == [("own-csam", "pdq", "pdq")]
        [row] = ListMatch.objects.filter(file__report=cut)
        assert row.variant.startswith("centre-")


class TestWhatItMaySay:
    def test_only_equal_bytes_on_a_trusted_list_are_known(self, filed):
        trusted, shown = foreign("trusted", trust="known"), foreign("shown")
        file = file_in(filed(files=[(CONTENT, SEEN)]))
        put(trusted, "near", pdq=pdq_of(file))
        put(shown, "same", md5=file.md5)
        worked()
        assert len(matches()) == 2
        assert known_by_lists([file]) == frozenset()
        put(trusted, "same", sha256=file.sha256)
        worked()
        assert known_by_lists([file]) == {file.sha256}

    def test_no_match_ever_labels(self, filed):
        hash_list = foreign(trust="known")
        file = file_in(filed(files=[(CONTENT, SEEN)]))
        put(hash_list, sha256=file.sha256, pdq=pdq_of(file))
        worked()
        assert LabelEvent.objects.count() == 0

    def test_a_known_file_is_new_to_nobody(self, filed):
        hash_list = foreign(trust="known")
        report = filed(files=[(CONTENT, SEEN)])
        put(hash_list, sha256=file_in(report).sha256)
        assert "triage.novel_viewed" in codes(report)
        worked()
        assert "triage.novel_viewed" not in codes(report)
        assert newest(report).facts["known_files"] == 1

    def test_each_match_is_explained(self, filed):
        hash_list = foreign()
        file = file_in(filed(files=[(CONTENT, SEEN)]))
        put(hash_list, md5=file.md5, pdq=flipped(pdq_of(file), 12))
        worked()
        [digest, near] = explained([file])[file.pk]
        assert [one.code for one in digest.reasons] == [
            "lists.same_bytes",
            "match.weak_digest",
            "lists.suggests",
        ]
        assert [one.code for one in near.reasons] == ["lists.similar", "lists.suggests"]
        assert near.reasons[0].params == {"distance": 12}

    def test_a_harmless_twin_hides_what_looks_like_it(self, filed):
        other, plain = foreign("other"), foreign("plain", "harmless")
        file = file_in(filed(files=[(CONTENT, SEEN)]))
        put(other, "near", pdq=flipped(pdq_of(file), 12))
        put(other, "same", md5=file.md5)
        put(plain, sha256=file.sha256)
        worked()
        shown = {
            (one.match.entry.hash_list.slug, one.match.layer): one.hidden
            for one in explained([file])[file.pk]
        }
        assert shown == {
            ("other", "digest"): False,
            ("other", "pdq"): True,
            ("plain", "digest"): False,
        }


def codes(report) -> list[str]:
    return [reason["code"] for reason in newest(report).result["danger"]["reasons"]]


@pytest.mark.parametrize("kind", ["sha256", "sha1", "md5"])
def test_files_are_sought_by_each_digest_in_an_index(filed, kind):
    filed(files=[(CONTENT, SEEN)])
    wanted = ["ab" * 20, "cd" * 20]
    with transaction.atomic():
        if connection.vendor == "postgresql":  # which reads a short table whole if it may
            connection.cursor().execute("SET LOCAL enable_seqscan = off")
        plan = EvidenceFile.objects.filter(**{f"{kind}__in": wanted}, size__gt=0).explain()
    assert re.search(rf"Index.*{kind}", plan, re.IGNORECASE | re.DOTALL)


class TestAgain:
    @pytest.mark.parametrize("kind", ["sha256", "sha1", "md5"])
    def test_one_digest_is_enough_to_find_an_old_file(self, filed, kind):
        file = file_in(filed(files=[(CONTENT, SEEN)]))
        put(foreign(), **{kind: getattr(file, kind)})
        worked()
        assert matches() == [("harbour", "digest", kind, 0)]

    def test_a_new_entry_finds_old_files_and_a_gone_one_lets_go(self, filed):
        hash_list = foreign(trust="known")
        reports = [filed(files=[(CONTENT, SEEN)], esp=esp) for esp in ("harborline", "quillnet")]
        worked()
        before = [newest(report).pk for report in reports]
        entry = put(hash_list, md5=file_in(reports[0]).md5)
        worked()
        assert len(matches()) == 2
        assert [newest(report).pk > old for report, old in zip(reports, before, strict=True)] == [
            True,
            False,  # the second came after the first and was known all along
        ]
        remove_entries(hash_list.pk, owner().pk, [entry.key])
        worked()
        assert matches() == []
        assert ListMatch.objects.filter(withdrawn_at__isnull=False).count() == 2
        put(hash_list, md5=file_in(reports[0]).md5)
        worked()
        assert len(matches()) == 2
        assert ListMatch.objects.count() == 2

    def test_twice_changes_nothing(self, filed):
        hash_list = foreign()
        file = file_in(filed(files=[(CONTENT, SEEN)]))
        put(hash_list, md5=file.md5, pdq=pdq_of(file))
        assert match_files([file]) == {file.pk}
        worked()
        rows = list(ListMatch.objects.order_by("pk").values())
        assert match_files([file]) == frozenset()
        assert list(ListMatch.objects.order_by("pk").values()) == rows
        assert not Job.objects.exists()

    def test_another_policy_looks_at_all_again(self, filed):
        hash_list = foreign(radius=5)
        file = file_in(filed(files=[(CONTENT, SEEN)]))
        put(hash_list, pdq=flipped(pdq_of(file), 12))
        worked()
        assert matches() == []
        for radius, found in ((31, 1), (-1, 0), (12, 1)):
            services.set_policy(SYSTEM, hash_list, {"radius": radius, "same_within": 0})
            worked()
            assert len(matches()) == found

    def test_a_changed_entry_matches_as_it_is_now(self, filed):
        hash_list = foreign()
        one = file_in(filed(files=[(CONTENT, SEEN)]))
        two = file_in(filed(files=[(picture(2), SEEN)]))
        put(hash_list, md5=one.md5)
        worked()
        put(hash_list, md5=two.md5)
        worked()
        held = ListMatch.objects.filter(withdrawn_at__isnull=True)
        assert [match.file_id for match in held] == [two.pk]
