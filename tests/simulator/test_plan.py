from __future__ import annotations

import csv
import io
import ipaddress
import itertools
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from simulator.media.pictures import Picture, picture_bytes
from simulator.planning.plan import file_bytes, plan, planned_report
from simulator.planning.roster import Roster
from simulator.wire.styles import STYLES
from simulator.world.esps import fictional_esps
from simulator.world.places import countries, us_states
from simulator.world.profiles import CSAM, DEMO, ENTICEMENT, WORLD_2023

ORACLE = Path(__file__).parents[3] / "shared" / "reference" / "cyber_tipline.xsd"


def small(report):
    """Whether the report's files are drawn quickly."""
    return all(getattr(file.content, "width", 0) < 1000 for file in report.files)


@pytest.fixture(scope="module")
def demo():
    return list(plan(5, 200, DEMO))


@pytest.fixture(scope="module")
def world():
    return list(plan(5, 5000, WORLD_2023))


class TestDeterminism:
    def test_two_plans_are_equal(self):
        first, second = list(plan(3, 120, WORLD_2023)), list(plan(3, 120, WORLD_2023))
        assert first == second
        assert [r.truth.as_json() for r in first] == [r.truth.as_json() for r in second]
        assert [r.xml() for r in first if not r.named_by_digest] == [
            r.xml() for r in second if not r.named_by_digest
        ]

    def test_pictures_are_equal_byte_for_byte_when_drawn_anew(self):
        report = next(r for r in plan(3, 50, DEMO) if r.files and small(r))
        first = [file_bytes(file) for file in report.files]
        picture_bytes.cache_clear()
        assert [file_bytes(file) for file in report.files] == first

    def test_another_seed_gives_another_stream(self):
        first, second = list(plan(3, 50, DEMO)), list(plan(4, 50, DEMO))
        assert [r.xml() for r in first if not r.named_by_digest] != [
            r.xml() for r in second if not r.named_by_digest
        ]

    def test_a_report_can_be_worked_out_alone(self):
        assert planned_report(Roster(3, 120, DEMO), 77) == list(plan(3, 120, DEMO))[77]

    def test_an_empty_plan_has_no_report(self):
        assert list(plan(1, 0, DEMO)) == []

    @pytest.mark.parametrize("reports", [1, 2, 7])
    def test_a_tiny_plan_works(self, reports):
        assert len([r.xml() for r in plan(1, reports, WORLD_2023)]) == reports


class TestDemo:
    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_shows_what_the_demo_needs(self, seed):
        reports = list(plan(seed, 200, DEMO))
        files = [file.content.key for r in reports for file in r.files]
        assert (len(files) - len(set(files))) / len(files) >= 0.15
        assert any(getattr(f.content, "change", "") for r in reports for f in r.files)
        assert sum(r.truth.urgent for r in reports) >= 3
        assert any(r.truth.urgent and not r.truth.urgent_flagged for r in reports)
        states = [r.truth.expected_region for r in reports if r.truth.expected_region[:3] == "US-"]
        assert len(states) >= 60
        assert len(set(states)) >= 15
        assert {r.ending for r in reports} == {"finish"}

    def test_has_every_kind_of_file(self, demo):
        contents = [file.content for r in demo for file in r.files]
        kinds = Counter(content.kind for content in contents)
        assert {"jpeg", "png", "video", "transcript", "note", "empty"} <= set(kinds)
        assert any(getattr(content, "exif", False) for content in contents)
        assert any(getattr(content, "width", 0) >= 3000 for content in contents)

    def test_has_at_most_twelve_senders_and_all_of_them_send(self, demo):
        assert Counter(r.esp.name for r in demo).keys() == {
            esp.name for esp in fictional_esps(DEMO)
        }
        assert len(fictional_esps(DEMO)) == 12

    def test_viral_reports_show_the_same_few_pictures_within_days(self, demo):
        viral = [r for r in demo if r.truth.scene == "viral"]
        assert len(viral) == 20
        assert len({file.content.family for r in viral for file in r.files}) <= 3
        times = [r.story.happened for r in viral]
        assert (max(times) - min(times)).total_seconds() <= 36 * 3600
        flags = {flag for r in viral for file in r.files for flag in file.annotations}
        assert flags == {"potentialMeme", "viral"}
        assert sum("batchedReport" in r.xml() for r in viral) == 6


class TestShares:
    """At 5,000 reports of the world of 2023, against the published figures."""

    def test_senders(self, world):
        counts = Counter(r.esp.name for r in world)
        assert counts["Harborline"] / 5000 == pytest.approx(17_838_422 / 35_944_826, abs=0.002)
        assert counts["Ostrelle"] / 5000 == pytest.approx(1_470_958 / 35_944_826, abs=0.002)
        top = sum(count for _, count in counts.most_common(5))
        assert top / 5000 == pytest.approx(0.918, abs=0.003)  # the two X accounts are one here

    def test_the_long_tail_is_there(self):
        senders = fictional_esps(WORLD_2023)
        assert len(senders) == 246
        assert len({esp.slug for esp in senders}) == 246
        assert sum(esp.share * 35_944_826 < 99.5 for esp in senders) == 140
        assert sum(esp.share for esp in senders) == pytest.approx(1)

    def test_incident_types(self, world):
        counts = Counter(r.truth.incident_type for r in world)
        assert counts[CSAM] / 5000 == pytest.approx(0.992, abs=0.002)
        assert counts[ENTICEMENT] / 5000 == pytest.approx(0.00516, abs=0.001)

    def test_places(self, world):
        regions = [r.truth.expected_region for r in world]
        assert sum(region[:2] == "US" for region in regions) / 5000 == pytest.approx(
            0.045, abs=0.006
        )
        assert regions.count("") / 5000 == pytest.approx(0.038, abs=0.006)
        assert regions.count("US") / 5000 == pytest.approx(0.045 * 0.196, abs=0.003)
        abroad = [region for region in regions if region and region[:2] != "US"]
        india = 8_923_738 / (36_210_368 * 0.917)
        assert abroad.count("IN") / len(abroad) == pytest.approx(india, abs=0.015)

    def test_scenes_and_endings(self, world):
        scenes = Counter(r.truth.scene for r in world)
        assert scenes["viral"] == 2300
        assert scenes["poor"] == 750
        assert scenes["urgent"] == pytest.approx(5000 * 0.00176, abs=1)
        endings = Counter(r.ending for r in world)
        assert endings["retract"] == 20
        assert endings["abandon"] == 15

    def test_files_and_how_often_they_are_sent_again(self, world):
        files = [file.content for r in world for file in r.files]
        pictures = [content for content in files if isinstance(content, Picture)]
        distinct = {content.key for content in pictures}
        families = {content.family for content in pictures}
        assert len(files) / 5000 == pytest.approx(105_653_162 / 36_210_368, abs=0.15)
        assert len(distinct) / len(pictures) == pytest.approx(32.3 / 54.8, abs=0.05)
        assert len(families) / len(distinct) == pytest.approx(22.4 / 32.3, abs=0.06)


class TestPeople:
    def test_links_are_mutual_and_share_an_identifier_that_shows(self, demo):
        by_number = {r.number: r for r in demo}
        linked = [r for r in demo if r.truth.linked_reports]
        assert len(linked) >= 40
        for r in linked:
            assert {"email", "phone"} & r.story.shown
            for other in r.truth.linked_reports:
                assert by_number[other].truth.subject == r.truth.subject
                assert r.number in by_number[other].truth.linked_reports
                assert {"email", "phone"} & r.story.shown & by_number[other].story.shown

    def test_some_people_come_back_at_another_provider(self, demo):
        senders = defaultdict(set)
        for r in demo:
            senders[r.truth.subject].add(r.esp.name)
        assert sum(len(names) > 1 for names in senders.values()) >= 3

    def test_neighbours_share_an_address_and_nothing_else(self, demo):
        by_number = {r.number: r for r in demo}
        trapped = [r for r in demo if r.truth.unlinked_reports]
        assert len(trapped) == 20
        for r in trapped:
            other = by_number[r.truth.unlinked_reports[0]]
            assert r.story.ips[0].address == other.story.ips[0].address
            assert r.story.ips[0].port
            assert r.truth.subject != other.truth.subject
            assert r.story.subject.email != other.story.subject.email

    def test_strangers_never_share_an_identifier(self, world):
        owners = defaultdict(set)
        for r in world:
            person = r.story.subject
            owners["email", person.email].add(person.key)
            owners["name", person.screen_name].add(person.key)
            if person.phone:
                owners["phone", person.place.calling_code + person.phone].add(person.key)
        assert all(len(keys) == 1 for keys in owners.values())

    def test_addresses_lie_in_the_networks_of_the_place(self, world):
        checked = 0
        for r in world:
            if r.story.told != "place" or not r.story.ips:
                continue
            networks = map(ipaddress.ip_network, r.story.subject.place.networks)
            address = ipaddress.ip_address(r.story.ips[0].address)
            assert sum(address in network for network in networks) == 1
            checked += 1
        assert checked > 3000

    def test_a_report_without_a_place_gives_none_away(self, world):
        hidden = [r for r in world if r.truth.expected_region == ""]
        assert len(hidden) > 100
        for r in hidden:
            assert not {"ip", "phone", "address", "estimated_location"} & r.story.shown
            assert all(event.proxy for event in r.story.ips)
            assert r.truth.expected_disposition == "informational" or r.truth.urgent

    def test_us_phones_and_all_mail_are_fictional(self, demo):
        text = "".join(r.xml() for r in demo if small(r))
        mails = re.findall(r"[\w.-]+@([\w.-]+)", text)
        assert mails
        assert all(
            re.fullmatch(r"(example\.(com|net|org)|.*\.(test|invalid))", host.rstrip("."))
            for host in mails
        )
        american = [r.story.subject for r in demo if r.story.subject.place.country == "US"]
        phones = [person.phone for person in american if person.phone]
        assert phones
        assert all(re.fullmatch(r"[2-9]\d\d55501\d\d", phone) for phone in phones)

    def test_some_reported_people_are_children(self, world):
        minors = [r for r in world if r.truth.subject_is_minor]
        assert 50 <= len(minors) <= 300


class TestDocuments:
    def test_every_style_is_well_formed_and_valid(self):
        if not ORACLE.is_file():
            pytest.skip("the schema oracle ../shared/reference/cyber_tipline.xsd is not there")
        schema = etree.XMLSchema(etree.parse(str(ORACLE)))
        clients = set()
        for r in (*plan(9, 150, DEMO), *plan(9, 400, WORLD_2023)):
            schema.assertValid(etree.fromstring(r.xml().encode()))
            clients.add(r.esp.client)
            for file in r.files[:1] if r.number % 10 == 0 and small(r) else ():
                details = r.details_xml(file, "123", "ab" * 16).encode()
                schema.assertValid(etree.fromstring(details))
        assert clients == set(STYLES)

    def test_a_digest_in_the_text_is_that_of_the_picture(self):
        import hashlib

        report = next(r for r in plan(2, 100, DEMO) if r.named_by_digest)
        assert not report.files
        digest = hashlib.md5(picture_bytes(report.named_by_digest)).hexdigest()
        assert f"MD5: {digest}" in report.xml()

    def test_times_are_written_as_the_sender_does(self, world):
        for r in world[:600]:
            text = re.search(r"<incidentDateTime>([^<]+)<", r.xml() if small(r) else "")
            if text is None:
                continue
            zoned = re.search(r"(Z|[+-]\d\d:\d\d)$", text[1])
            assert bool(zoned) == (r.esp.times == "zoned")

    def test_no_event_is_later_than_the_profile_says(self, demo):
        assert all(r.story.happened <= r.story.noticed <= DEMO.until for r in demo)
        assert all(file.uploaded_at <= DEMO.until for r in demo for file in r.files)

    def test_urgent_reports_are_flagged_or_tell_it_in_the_chat(self, demo):
        urgent = [r for r in demo if r.truth.urgent]
        for r in urgent:
            flagged = re.search(r"<escalateToHighPriority>\w", r.xml())
            assert bool(flagged) == r.truth.urgent_flagged
            assert "[synthetic chat:" in r.xml()


class TestPictures:
    def test_a_near_copy_differs_in_bytes_and_not_much_in_pixels(self):
        picture = Picture("t/f1", 320, 240)
        original = Image.open(io.BytesIO(picture_bytes(picture))).convert("L").resize((16, 16))
        for change in ("recompressed", "resized", "cropped"):
            data = picture_bytes(picture.near_copy(change, 0))
            assert data != picture_bytes(picture)
            copy = Image.open(io.BytesIO(data)).convert("L").resize((16, 16))
            pairs = zip(original.tobytes(), copy.tobytes(), strict=True)
            assert sum(abs(a - b) for a, b in pairs) / 256 < 12

    def test_formats_sizes_and_exif_are_as_named(self):
        png = Image.open(io.BytesIO(picture_bytes(Picture("t/f2", 320, 200, "png"))))
        assert (png.format, png.size) == ("PNG", (320, 200))
        jpeg = Image.open(io.BytesIO(picture_bytes(Picture("t/f3", 320, 200, exif=True))))
        assert jpeg.format == "JPEG"
        assert jpeg.getexif()[0x010F] == "Examplecam"

    def test_two_families_look_different(self):
        first, second = (
            Image.open(io.BytesIO(picture_bytes(Picture(f"t/g{n}", 320, 240)))).convert("L")
            for n in (1, 2)
        )
        pairs = zip(
            first.resize((16, 16)).tobytes(), second.resize((16, 16)).tobytes(), strict=True
        )
        assert sum(abs(a - b) for a, b in pairs) / 256 > 20


class TestPlaces:
    def test_networks_overlap_nowhere(self):
        networks = [
            ipaddress.ip_network(text)
            for place in (*countries(), *us_states())
            for text in place.networks
        ]
        networks.sort(key=lambda network: int(network[0]))
        assert all(a[-1] < b[0] for a, b in itertools.pairwise(networks))
        assert all(network.is_global for network in networks)

    def test_all_states_and_their_weights(self):
        assert len({place.state for place in us_states()}) == 51
        total = sum(place.weight for place in us_states())
        assert total == pytest.approx(1_132_270 - 221_921, rel=0.001)

    def test_addresses_of_users_and_of_others_are_apart(self):
        place = us_states()[0]
        users = {place.address(slot) for slot in range(5000)}
        assert len(users) == 5000
        assert users.isdisjoint(place.other_address(slot) for slot in range(5000))

    def test_numbers_are_unique_until_they_run_out(self):
        for place in us_states():
            numbers = [place.phone(rank, 123) for rank in range(100 * len(place.numbers))]
            assert None not in numbers
            assert len(set(numbers)) == len(numbers)
            assert place.phone(len(numbers), 123) is None


def test_transcripts_are_csv_and_say_that_they_are_synthetic(demo):
    transcript = next(f for r in demo for f in r.files if f.content.kind == "transcript")
    rows = list(csv.DictReader(file_bytes(transcript).decode().splitlines()))
    assert transcript.media_type == "text/csv"
    assert all(row["text"].startswith("[synthetic chat:") for row in rows[:-1])
