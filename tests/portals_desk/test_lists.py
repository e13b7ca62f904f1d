"""Lists on the desk: who is needed, what matched, imports with what is wrong, policies."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.filing import SEEN, filed, picture  # noqa: F401 - a fixture
from tests.lists.made import foreign, matches, put, worked
from tests.lists.test_files import media, vics

from tipline.ground.foundation.actor import SYSTEM
from tipline.insight.annotation.services import set_label
from tipline.insight.lists.models import Entry, HashList, ListMatch, ListPolicy, Quarantine
from tipline.insight.lists.own import on_own_list
from tipline.insight.lists.quarantine import watch
from tipline.insight.lists.series.services import set_series
from tipline.record.evidence.queries import files_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def sofia(signed_in):
    return signed_in("sofia")


@pytest.fixture
def report(filed):  # noqa: F811
    return filed(files=[(picture(1), SEEN)])


@pytest.fixture
def file(report):
    return files_of(report.pk)[0]


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def upload(client, slug, content, name="list.json", **more):
    sent = {"file": SimpleUploadedFile(name, content), **more}
    return client.post(f"/desk/lists/{slug}/import/", sent)


class TestLists:
    def test_all_lists_with_what_they_hold(self, ana, file):
        put(foreign(), md5=file.md5)
        page = text(ana.get("/desk/lists/"))
        for words in ("Apparent CSAM", "Viral", "Harmless", "List harbour", "Our own", "Foreign"):
            assert words in page
        assert "Add a foreign list" not in page

    def test_an_entry_is_found_by_its_fingerprint_in_whatever_case(self, ana, file):
        entry = put(foreign(), md5=file.md5)
        page = text(ana.get("/desk/lists/", {"q": f" {file.md5.upper()} "}))
        assert f"/desk/lists/harbour/entries/{entry.pk}/" in page
        assert "It is on no list." in text(ana.get("/desk/lists/", {"q": "0" * 32}))
        for odd in ("\x00", "é" * 300, "%", "' or 1=1"):
            assert ana.get("/desk/lists/", {"q": odd}).status_code == 200

    def test_a_supervisor_adds_one(self, sofia):
        said = {"slug": "lantern", "name": "Lantern", "content": "apparent_csam"}
        answer = sofia.post("/desk/lists/add/", said)
        assert answer["Location"] == "/desk/lists/lantern/"
        for wrong in (
            {**said},
            {**said, "slug": "add"},
            {**said, "slug": "-x-"},
            {**said, "slug": "new", "content": "x"},
        ):
            assert sofia.post("/desk/lists/add/", wrong).status_code == 422

    def test_many_entries_are_paged_by_their_changes(self, ana):
        hash_list = foreign()
        for number in range(60):
            put(hash_list, f"e{number}", md5=f"{number:032x}"[::-1])
        first = text(ana.get("/desk/lists/harbour/"))
        assert "Older changes" in first
        assert ">e59<" in first
        older = first.split("?before=")[1].split('"')[0]
        second = text(ana.get("/desk/lists/harbour/", {"before": older}))
        assert ">e0<" in second
        assert ">e59<" not in second
        assert ana.get("/desk/lists/harbour/", {"before": "x" * 40}).status_code == 200


class TestOwn:
    def test_the_second_and_third_person_are_asked_blindly(self, world, three_in, file):
        set_label(world.actor("ana"), file, "harmless", present=True)
        ana, sofia, otto = three_in
        own = text(ana.get("/desk/lists/own-harmless/"))
        assert "Harmless: 1 of 3 people." in own
        assert f"/waiting/{file.sha256}/withdraw" in own
        theirs = text(sofia.get("/desk/lists/own-harmless/"))
        assert "1 content waits for another person's word." in theirs
        assert file.sha256[:20] not in theirs
        for client in (sofia, otto):
            url = client.post("/desk/looks/take")["Location"]
            assert client.post(url, {"children": "1", "content": "harmless"}).status_code == 303
        assert on_own_list("harmless", [file.sha256])

        entry = Entry.objects.get(key=file.sha256)
        page = text(ana.get(f"/desk/lists/own-harmless/entries/{entry.pk}/"))
        for name in ("Ana", "Sofia", "Otto"):
            assert f"<bdi>{name}</bdi> stands behind it" in page
        assert "<img" not in page

    def test_one_withdrawal_takes_it_off(self, world, three_in, file):
        ana, _sofia, otto = three_in
        set_label(world.actor("ana"), file, "viral", present=True)
        url = f"/desk/lists/own-viral/waiting/{file.sha256}/withdraw"
        assert otto.post(url).status_code == 303
        assert "Nothing waits." in text(ana.get("/desk/lists/own-viral/"))


@pytest.fixture
def three_in(world, signed_in):
    from tests.triage.test_viral import add_otto

    add_otto(world)
    return [signed_in(name) for name in ("ana", "sofia", "otto")]


class TestPolicy:
    def test_a_version_is_published_and_what_matches_follows(self, sofia, file):
        hash_list = foreign()
        put(hash_list, md5=file.md5)
        worked()
        page = text(sofia.get("/desk/lists/harbour/policy/"))
        assert 'name="radius"' in page
        said = {
            "trust": "known",
            "part": "reports",
            "radius": "10",
            "same_within": "5",
            "quality_floor": "60",
            "flood_least": "9",
            "flood_times": "3",
            "flood_list_times": "4",
            "seen": "1",
        }
        assert sofia.post("/desk/lists/harbour/policy/", said).status_code == 303
        assert ListPolicy.objects.filter(hash_list=hash_list).count() == 2
        assert sofia.post("/desk/lists/harbour/policy/", said).status_code == 409
        for name, value in (("radius", "32"), ("quality_floor", "1"), ("trust", "x")):
            answer = sofia.post("/desk/lists/harbour/policy/", {**said, "seen": "2", name: value})
            assert answer.status_code == 422
        assert "Version 2, by Sofia" in text(sofia.get("/desk/lists/harbour/policy/"))


class TestFiles:
    def test_checking_tells_all_problems_and_writes_nothing(self, sofia):
        foreign()
        content = vics([media(1), media(2, MD5="!!"), media(3, Category="x")], indent=1)
        answer = upload(sofia, "harbour", content, check="1")
        page = text(answer)
        assert answer.status_code == 200
        assert "3 entries, 2 are wrong." in page
        assert "entry 2: MD5 is neither" in page
        assert "entry 3: Category must" in page
        assert Entry.objects.count() == 0

    def test_a_wrong_file_is_refused_whole_and_taken_when_asked(self, sofia):
        foreign()
        content = vics([media(1), media(2, MD5="!!")])
        answer = upload(sofia, "harbour", content)
        assert answer.status_code == 422
        assert "Nothing was taken" in text(answer)
        assert Entry.objects.count() == 0
        assert upload(sofia, "harbour", content, skip_wrong="on").status_code == 303
        assert Entry.objects.count() == 1
        page = text(sofia.get("/desk/lists/harbour/"))
        assert "refused" in page
        assert "taken" in page

    def test_odd_files_get_an_answer(self, sofia):
        foreign()
        for content in (b"", b"\x00" * 100, b"[" * 5000, b'{"value": 1}'):
            assert upload(sofia, "harbour", content).status_code == 422
        assert upload(sofia, "harbour", b"md5\n,\n", name="a.csv").status_code == 422
        assert sofia.post("/desk/lists/harbour/import/", {}).status_code == 422
        assert upload(sofia, "own-viral", vics([media(1)])).status_code == 422

    def test_both_exports_download(self, sofia):
        foreign()
        upload(sofia, "harbour", vics([media(1)]))
        answer = sofia.get("/desk/lists/harbour/export.vics.json")
        assert 'filename="harbour.vics.json"' in answer["Content-Disposition"]
        assert len(json.loads(b"".join(answer.streaming_content))["value"]) == 1
        answer = sofia.get("/desk/lists/harbour/export.csv")
        lines = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode()))
        assert len(list(lines)) == 2


class TestMatches:
    def test_the_file_s_panel_says_why_and_takes_a_verdict(self, ana, report, file):
        put(foreign(), sha256=file.sha256)
        worked()
        [match] = ListMatch.objects.all()
        page = text(ana.get(f"/desk/reports/{report.pk}/"))
        assert "Same bytes" in page
        assert "List harbour" in page
        assert "the list has the SHA256 digest" in page
        confirm = f"/desk/reports/{report.pk}/matches/{match.pk}/confirm"
        deny = f"/desk/reports/{report.pk}/matches/{match.pk}/deny"
        assert confirm in page

        answer = ana.post(deny, {"reason": "too_plain"}, headers=HTMX)
        assert answer.status_code == 200
        assert "denied" in text(answer)
        assert "Ana says that this match is wrong." in text(answer)
        answer = ana.post(confirm)
        assert answer["Location"].endswith(f"#file-{file.file_id}")
        assert "Ana confirmed this match." in text(ana.get(f"/desk/reports/{report.pk}/"))
        assert ana.post(deny).status_code == 422
        assert ana.post(deny, {"reason": "nonsense"}).status_code == 422
        assert ana.post(f"/desk/reports/{report.pk}/matches/999999/confirm").status_code == 404

    def test_what_looks_like_a_harmless_file_is_folded_away(self, ana, report, file):
        from tests.lists.test_matching import flipped, pdq_of

        put(foreign("other"), pdq=flipped(pdq_of(file), 12))
        put(foreign("plain", "harmless"), sha256=file.sha256)
        worked()
        page = text(ana.get(f"/desk/reports/{report.pk}/"))
        assert "1 list match by appearance is not shown" in page

    def test_the_entry_s_page_names_the_reports(self, ana, report, file):
        entry = put(foreign(), sha256=file.sha256)
        worked()
        page = text(ana.get(f"/desk/lists/harbour/entries/{entry.pk}/"))
        assert f"/desk/reports/{report.pk}/" in page
        assert "Same bytes" in page

    def test_the_figures_count_what_is_recognised(self, ana, file):
        put(foreign(trust="known"), sha256=file.sha256)
        worked()
        page = text(ana.get("/desk/figures/"))
        assert "Known files" in page
        assert "Looks saved" in page
        assert "List harbour" in page


class TestSetAside:
    def test_a_supervisor_releases_what_was_set_aside(self, ana, sofia, file):
        put(foreign(flood_least=1, flood_times=2, trust="known"), sha256=file.sha256)
        worked()
        ListMatch.objects.update(at=ListMatch.objects.get().at)
        from tipline.insight.lists import quarantine
        from tipline.insight.lists.rules_flood import Rate

        entry = Entry.objects.get()
        assert quarantine._set_aside(entry.hash_list, Rate(50), entry)
        worked()
        assert matches() == []
        page = text(ana.get("/desk/lists/"))
        assert "Set aside until somebody has looked" in page
        assert "Let it speak again" not in page
        row = Quarantine.objects.get()
        assert sofia.post(f"/desk/lists/set-aside/{row.pk}/release").status_code == 303
        worked()
        assert matches() == [("harbour", "digest", "sha256", 0)]
        assert sofia.post(f"/desk/lists/set-aside/{row.pk}/release").status_code == 409
        assert watch() == 0


class TestSeries:
    def test_a_series_is_held_and_its_entries_are_put_in_it(self, ana, sofia, world, file):
        entry = put(foreign(), sha256=file.sha256)
        url = f"/desk/lists/harbour/entries/{entry.pk}/series"
        assert sofia.post(url, {"series": "Blue lantern"}).status_code == 303
        assert sofia.post(url, {"series": "x" * 101}).status_code == 422
        texas = world.organisations["Texas ICAC"]
        said = {"name": "Blue lantern", "status": "unidentified", "agency": texas.pk}
        assert sofia.post("/desk/lists/series/", said).status_code == 303
        page = text(ana.get("/desk/lists/series/"))
        assert "Blue lantern" in page
        assert "Texas ICAC" in page
        assert "Keep it" not in page
        for wrong in (
            {**said, "status": "lost"},
            {**said, "agency": "999999"},
            {**said, "name": ""},
        ):
            assert sofia.post("/desk/lists/series/", wrong).status_code == 422

    def test_the_agency_s_morning_says_so_until_somebody_has_seen_it(
        self, signed_in, world, report, file
    ):
        tomas = signed_in("tomas")
        texas = world.organisations["Texas ICAC"]
        set_series(SYSTEM, "Blue lantern", status="unidentified", agency=texas)
        entry = put(foreign(trust="known"), sha256=file.sha256)
        from tipline.insight.lists.series.services import put_in_series

        put_in_series(SYSTEM, entry, "Blue lantern")
        worked()
        page = text(tomas.get("/agency/"))
        assert "A series that you hold" in page
        assert f"/agency/reports/{report.pk}/" in page
        assert tomas.get(f"/agency/reports/{report.pk}/").status_code == 200
        seen = page.split('action="/agency/series/')[1].split('"')[0]
        assert tomas.post(f"/agency/series/{seen}").status_code == 303
        assert "A series that you hold" not in text(tomas.get("/agency/"))


def test_there_is_a_list_for_each_of_our_labels(db):
    assert HashList.objects.filter(kind="own").count() == 5
