"""No door gives what the gate keeps closed: every address that knows a file is asked for it."""

from __future__ import annotations

import ast
import io
from pathlib import Path

import pytest
from PIL import Image
from tests.access.asking import ask
from tests.access.conftest import house
from tests.access.house import PERSONAS, _document
from tests.access.routes import routes
from tests.evidence.pictures import CANARY, jpeg
from tests.evidence_origin import as_image, as_link, body_of, load
from tests.personas import file_report

from tipline.doors.portals.evidence.addresses import evidence_url
from tipline.ground.audit.models import LedgerEntry
from tipline.pipeline import stages
from tipline.record.evidence.passes import make_pass
from tipline.record.evidence.queries import files_of
from tipline.record.evidence.rules_passes import Kind

__all__ = ["house"]
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]
SOURCE = Path("src/tipline")
#: Who may read the vault, and why no EXIF leaves by it.
READERS = {
    "record/evidence/hand_outs.py": "the hand-out, by the gate's word on EXIF",
    "record/evidence/checking/health.py": "digests only",
    "record/evidence/exif.py": "EXIF tags, by a decision that opens them and no other",
    "insight/matching/services.py": "fingerprints, made by the confined child",
    "insight/care/showing.py": "pictures painted anew by the confined child",
}
_PAGES = ("text/html", "application/json", "text/csv", "application/xml", "text/xml", "text/plain")


def readers_of_the_vault() -> set[str]:
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            called = node.func if isinstance(node, ast.Call) else None
            if (
                isinstance(called, ast.Attribute)
                and called.attr == "read"
                and isinstance(called.value, ast.Name)
                and called.value.id == "vault"
            ):
                found.add(str(path.relative_to(SOURCE)))
            if isinstance(node, ast.ImportFrom) and node.module == "tipline.record.evidence.vault":
                assert "read" not in {name.name for name in node.names}, path
    return found


def test_every_reader_of_the_vault_is_known():
    assert not readers_of_the_vault() - set(READERS)


@pytest.fixture
def closed(house):
    """Of one report: a picture whose pixels are open but not its EXIF, and one that is closed."""
    files = [(jpeg(seed=7), {"fileViewedByEsp": True}), (jpeg(seed=8), {})]
    report = file_report(house.world, document=_document("CA", "kite-exif"), files=files)
    stages.run(report.pk)
    return files_of(report.pk)


def answers(house, closed):
    """What every persona gets from every address that names a report or a file."""
    for file in closed:
        of = {**house.objects["ca"], "number": file.report_id, "file_id": file.file_id}
        of |= {"sha256": file.sha256, "text": "filled in for each persona"}
        for route in routes().values():
            if not route.words or not set(route.words) <= set(of):
                continue
            for persona in PERSONAS:
                for method in ("GET", "POST"):
                    yield file, route.name, persona, method, ask(house, persona, route, method, of)


def test_no_address_gives_exif_or_a_closed_file(house, closed):
    taken = set()
    for file, route, persona, method, answer in answers(house, closed):
        where = (route, persona, method)
        assert CANARY.decode() not in answer.body, where
        kind = answer.response.get("Content-Type", "").partition(";")[0]
        if answer.response.status_code == 200 and kind not in _PAGES:
            taken.add((route, persona, method, kind))
            assert file == closed[0], where
    assert ("evidence:file", "ines", "GET", "image/jpeg") in taken


@pytest.mark.parametrize("kind", Kind)
def test_no_pass_of_any_kind_gives_exif_or_a_closed_file(house, closed, kind):
    """Even where somebody else made one: the gate is asked again where the bytes leave."""
    for file in closed:
        for name in ("ana", "sofia", "ines"):
            passed = make_pass(house.world.actor(name), file, kind)
            headers = as_link() if kind is Kind.ORIGINAL else as_image()
            answer = load(evidence_url(passed), headers)
            body = body_of(answer)

            assert answer.status_code == (200 if file == closed[0] else 403), name
            assert CANARY not in body
            with_pixels = answer["Content-Type"] in {"image/jpeg", "application/octet-stream"}
            assert with_pixels == (file == closed[0])


def test_the_agency_gets_the_pixels_and_both_digests(house, closed):
    file, route = closed[0], routes()["agency:file"]
    of = {"number": file.report_id, "file_id": file.file_id}
    client = house.client("ines")
    page = client.get(route.address(of)).content.decode()
    answer = client.post(route.address(of), {"reason": "to identify the place"})
    answer = load(answer["Location"], as_link())
    data = body_of(answer)

    with Image.open(io.BytesIO(data)) as got, Image.open(io.BytesIO(jpeg(seed=7))) as sent:
        assert got.tobytes() == sent.tobytes()
        assert not got.getexif()
    assert CANARY not in data
    assert answer["Content-Length"] == str(len(data))
    entry = LedgerEntry.objects.filter(verb="file.opened").latest("pk")
    assert entry.detail["sha256"] == file.sha256
    served = LedgerEntry.objects.filter(verb="file.served").latest("pk").detail
    assert (served["sha256"], served["handed_out"]) == (
        entry.detail["sha256"],
        entry.detail["handed_out"],
    )
    for digest in (file.sha256, entry.detail["handed_out"]):
        assert digest in page
    assert "metadata is taken out" in page
