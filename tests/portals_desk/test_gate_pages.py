"""Why a file is open or closed, row by row; and the gate's table as two supervisors change it."""

from __future__ import annotations

import csv
import io

import pytest
from tests.gate.tables import table
from tests.personas import file_report

from tipline.ground.audit.verbs import Verb
from tipline.ground.foundation import worker
from tipline.pipeline import stages
from tipline.pipeline.gate_policies import PUBLICATION, TRIALS
from tipline.record.evidence.access import decisions, policy
from tipline.record.evidence.models import GatePolicyVersion, KeptDecision
from tipline.record.evidence.queries import files_of
from tipline.record.evidence.services import note_preview

pytestmark = pytest.mark.django_db


@pytest.fixture
def sofia(signed_in):
    return signed_in("sofia")


@pytest.fixture
def silas(signed_in):
    return signed_in("silas")


@pytest.fixture
def pair(world):
    """A viewed file and one of which nothing is said, at California's desk."""
    made = file_report(world, files=[(b"one", {"fileViewedByEsp": True}), (b"two", {})])
    stages.run(made.pk)
    return files_of(made.pk)


def page(file, query=""):
    return f"/desk/reports/{file.report_id}/files/{file.file_id}/gate/{query}"


def html(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_each_row_says_what_it_asked_and_what_was_so(ana, pair):
    said = html(ana.get(page(pair[0])))
    assert "Now, for Clearinghouse: open, EXIF data closed" in said
    assert f"By rule 8 of {policy().stamp}" in said
    assert "holds and decides" in said
    assert "Its EXIF data was viewed, too: <strong>yes</strong>; it was: not said" in said
    assert "not needed" in said

    closed = html(ana.get(page(pair[1])))
    assert "Now, for Clearinghouse: closed" in closed
    assert "No row holds, so it stays closed" in closed
    assert "holds and decides" not in closed


def test_it_answers_for_each_agency_that_has_the_report_and_for_no_other(world, ana, pair):
    agency, other = (world.organisations[n].pk for n in ("California ICAC", "Texas ICAC"))
    said = html(ana.get(page(pair[0], f"?for={agency}")))
    assert "Now, for California ICAC: open" in said
    for wrong in (other, "x", world.organisations["Harborline"].pk):
        assert ana.get(page(pair[0], f"?for={wrong}")).status_code == 404


def test_a_decision_that_was_kept_is_explained_as_it_was_then(world, ana, pair):
    ines, file = world.actor("ines"), pair[0]
    decision = decisions(ines, [file])[file.pk]
    note_preview(ines, file, Verb.FILE_OPENED, decision=decision)
    row = KeptDecision.objects.get()
    PUBLICATION.propose(world.actor("sofia"), table(without=("8",)))
    version = GatePolicyVersion.objects.get()
    TRIALS.try_now(world.actor("sofia"), version.pk)
    PUBLICATION.publish(world.actor("silas"), version.pk, "why")

    now = html(ana.get(page(file)))
    assert "Now, for Clearinghouse: closed" in now
    assert f"?kept={row.pk}" in now
    then = html(ana.get(page(file, f"?kept={row.pk}")))
    assert "Then, for California ICAC: open, EXIF data closed" in then
    assert "By rule 8 of gate-us" in then
    assert ana.get(page(pair[1], f"?kept={row.pk}")).status_code == 404
    assert ana.get(page(file, "?kept=no")).status_code == 404


def test_a_table_that_is_not_here_any_more_leaves_what_was_decided(world, ana, pair):
    ines, file = world.actor("ines"), pair[0]
    note_preview(ines, file, Verb.FILE_OPENED, decision=decisions(ines, [file])[file.pk])
    KeptDecision.objects.update(policy_digest="0" * 64, policy="gate-us@2020.1")
    said = html(ana.get(page(file, f"?kept={KeptDecision.objects.get().pk}")))
    assert "Rule 8 of gate-us@2020.1" in said
    assert "Its table is not kept here any more" in said


def test_an_agency_reads_its_own_rows_and_its_own_decisions(world, signed_in, pair):
    ines, file = signed_in("ines"), pair[0]
    for name in ("ana", "ines"):
        actor = world.actor(name)
        note_preview(actor, file, Verb.FILE_OPENED, decision=decisions(actor, [file])[file.pk])
    at = f"/agency/reports/{file.report_id}/files/{file.file_id}/gate/"
    said = html(ines.get(at))

    theirs, own = KeptDecision.objects.order_by("pk")
    assert "Now, for California ICAC: open, EXIF data closed" in said
    assert "Clearinghouse" not in said
    assert f"?kept={own.pk}" in said
    assert "Then, for California ICAC" in html(ines.get(f"{at}?kept={own.pk}"))
    assert ines.get(f"{at}?kept={theirs.pk}").status_code == 404
    assert ines.get(f"{at}?for={theirs.organisation_id}").status_code == 404
    assert at in html(ines.get(f"/agency/reports/{file.report_id}/files/{file.file_id}/"))


def test_the_report_leads_there(ana, pair):
    said = html(ana.get(f"/desk/reports/{pair[0].report_id}/"))
    assert page(pair[0]) in said
    assert "/desk/gate/" not in said  # the table is the supervisors'


def test_a_table_from_proposal_to_going_back(world, sofia, silas, ana, pair):
    wrong = (
        table().decode().replace(', viewed_means = ["this_upload_by_person_before_reporting"]', "")
    )
    refused = sofia.post("/desk/gate/propose/", {"content": wrong})
    assert refused.status_code == 422
    assert "rows[1].when: opens by too little" in refused.content.decode()

    answer = sofia.post("/desk/gate/propose/", {"content": table(without=("8",)).decode()})
    at = answer["Location"]
    said = html(sofia.get(at))
    assert "Row 8" in said
    assert "Not tried yet. A trial asks both tables for every file" in said
    assert silas.post(f"{at}publish", {"reason": "why"}).status_code == 409

    sofia.post(f"{at}try")
    worker.run_ready("one")
    said = html(sofia.get(at))
    assert "Of 2 files, 0 would open and 1 would close for somebody." in said
    assert "California ICAC" in said
    assert "You proposed it. Another supervisor publishes it" in said
    rows = list(csv.reader(io.StringIO(sofia.get(f"{at}files.csv").content.decode())))
    assert rows[0][:3] == ["report", "file", "asker"]
    assert len(rows) == 3

    assert sofia.post(f"{at}publish", {"reason": "why"}).status_code == 403
    assert silas.post(f"{at}publish", {"reason": "Counsel said so."}).status_code == 303
    assert "Now, for Clearinghouse: closed" in html(ana.get(page(pair[0])))
    said = html(silas.get("/desk/gate/"))
    assert "In force: <bdi>made-up@1</bdi>" in said
    assert "Counsel said so." in said

    seen = PUBLICATION.reading.newest_act_id()
    back = sofia.post("/desk/gate/take-back", {"reason": "Too much.", "seen": seen})
    assert back.status_code == 303
    assert "open, EXIF data closed" in html(ana.get(page(pair[0])))
    assert silas.post("/desk/gate/take-back", {"reason": "", "seen": seen}).status_code == 422
