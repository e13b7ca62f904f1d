"""The policy's pages: read, propose, try, publish, take back, as two supervisors do it."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.triage.policies import text_of

from tipline.ground.foundation import worker
from tipline.insight.triage.models import PolicyAct, PolicyVersion
from tipline.insight.triage.policy import default_policy
from tipline.insight.triage.publication import queries, services, trials

pytestmark = pytest.mark.django_db
SHIPPED = default_policy()
RULES = text_of(SHIPPED.rules)


def file(version="1", old="\nescalated = 40", new="\nescalated = 41"):
    return text_of(SHIPPED.rules, version=version).replace(old, new, 1)


@pytest.fixture
def sofia(signed_in):
    return signed_in("sofia")


@pytest.fixture
def silas(signed_in):
    return signed_in("silas")


def html(response):
    return response.content.decode()


@pytest.fixture
def proposed(world, filed):
    filed()
    return services.propose(world.actor("sofia"), file().encode(), "more for an escalation")


@pytest.fixture
def tried(proposed, world):
    return trials.try_now(world.actor("sofia"), proposed.pk)


@pytest.fixture
def published(tried, world):
    return services.publish(world.actor("silas"), tried.pk, "tried and right")


def test_what_is_in_force_at_first(sofia):
    said = html(sofia.get("/desk/policy/"))
    assert f"In force: <bdi>{SHIPPED.stamp}</bdi>" in said
    assert "Nothing was published here yet." in said
    assert "Take it back" not in said
    assert 'href="/desk/policy/"' in said


def test_analysts_have_no_such_page_and_no_link_to_it(ana):
    assert ana.get("/desk/policy/").status_code == 404
    assert "/desk/policy/" not in html(ana.get("/desk/"))


def test_two_people_change_the_policy_by_plain_forms(world, filed, sofia, silas):
    filed(document={"incidentSummary": {"escalateToHighPriority": "x"}})
    page = html(sofia.get("/desk/policy/propose/"))
    assert "triage-us" in page
    answer = sofia.post("/desk/policy/propose/", {"content": file().replace("\n", "\r\n")})
    assert answer.status_code == 303
    address = answer["Location"]
    row = PolicyVersion.objects.get()
    assert row.content == file()

    page = html(sofia.get(address))
    assert "Not tried yet." in page
    assert "Put it in force" not in page
    assert '<td class="num">40</td><td class="num"><strong>41</strong></td>' in page
    assert sofia.post(f"{address}try").status_code == 303
    page = html(silas.get(address))
    assert "Tried so far: 0 of 1 reports" in page
    assert 'hx-trigger="every 3s"' in page
    worker.run_ready("one")

    page = html(sofia.get(address))
    assert "You proposed it. Another supervisor publishes it" in page
    assert "Put it in force" not in page
    assert sofia.post(f"{address}publish", {"reason": "mine"}).status_code == 403
    assert not PolicyAct.objects.exists()

    assert "Put it in force" in html(silas.get(address))
    empty = silas.post(f"{address}publish", {"reason": " "})
    assert empty.status_code == 422
    assert "This field is required." in html(empty)
    answer = silas.post(f"{address}publish", {"reason": "It is right."}, follow=True)
    said = html(answer)
    assert "Published. Open reports are being assessed again." in said
    assert "In force: <bdi>made-up@1</bdi>" in said
    assert "Published by Silas" in said
    assert "It is right." in said
    assert "Open reports under this policy: 0 of 1" in said
    worker.run_ready("one")
    assert "Open reports under this policy" not in html(silas.get("/desk/policy/"))


def test_taking_back(published, sofia):
    page = html(sofia.get("/desk/policy/"))
    assert f'name="seen" value="{published.pk}"' in page
    empty = sofia.post("/desk/policy/take-back", {"reason": "", "seen": published.pk})
    assert empty.status_code == 422
    assert f'name="seen" value="{published.pk}"' in html(empty)
    stale = sofia.post("/desk/policy/take-back", {"reason": "wrong", "seen": 0})
    assert stale.status_code == 409
    answer = sofia.post("/desk/policy/take-back", {"reason": "wrong", "seen": published.pk})
    assert answer.status_code == 303
    again = sofia.post("/desk/policy/take-back", {"reason": "wrong", "seen": published.pk})
    assert again.status_code == 303
    assert PolicyAct.objects.count() == 2
    said = html(sofia.get("/desk/policy/"))
    assert f"In force: <bdi>{SHIPPED.stamp}</bdi>" in said
    assert "Brought back by Sofia" in said
    assert "Take it back" not in said


@pytest.mark.parametrize("seen", ["", "x", "-1", "99999999999999999999"])
def test_a_form_that_was_tampered_with_does_nothing(published, sofia, seen):
    answer = sofia.post("/desk/policy/take-back", {"reason": "wrong", "seen": seen})
    assert answer.status_code in {409, 422}
    assert PolicyAct.objects.count() == 1


def test_every_problem_stands_beside_the_field_and_on_top_and_nothing_is_lost(sofia):
    text = file(new="\nescalated = -41").replace("victim = 20", "victm = 20", 1)
    answer = sofia.post("/desk/policy/propose/", {"content": text, "note": "my note"})
    assert answer.status_code == 422
    said = html(answer)
    for problem in (
        "danger.points.escalated: -41 is out of bounds: give 0 to 1000",
        "danger.points.victim: is missing; give a whole number",
        "danger.points.victm: unknown key; remove it; did you mean &#x27;victim&#x27;?",
    ):
        assert said.count(problem) == 2
    assert "victm = 20" in said
    assert "my note" in said
    assert not PolicyVersion.objects.exists()


def test_a_file_from_the_machine(sofia):
    sent = SimpleUploadedFile("mine.toml", file().encode(), "application/toml")
    answer = sofia.post("/desk/policy/propose/", {"content": "not this", "file": sent})
    assert answer.status_code == 303
    assert PolicyVersion.objects.get().content == file()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (b"", "name: is missing"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"#" * 100_000, "give at most 65536"),
        (b"a = [", "is not TOML"),
        (b"name = '" + b"x" * 60 + b"'", "name: give 1 to 40"),
    ],
)
def test_hostile_files_are_refused_beside_their_field(sofia, sent, words):
    uploaded = SimpleUploadedFile("mine.toml", sent)
    answer = sofia.post("/desk/policy/propose/", {"file": uploaded})
    assert answer.status_code == 422
    assert words in html(answer)
    assert 'id="id_file_error"' in html(answer)


def test_the_same_file_again_leads_to_the_same_version(proposed, silas):
    answer = silas.post("/desk/policy/propose/", {"content": file()})
    assert answer["Location"] == f"/desk/policy/{proposed.pk}/"
    other = silas.post("/desk/policy/propose/", {"content": file(new="\nescalated = 42")})
    assert other.status_code == 422
    assert "version: made-up@1 exists and says something else" in html(other)


def test_a_trial_as_picture_table_and_download(world, filed, sofia):
    report = filed(document={"incidentSummary": {"incidentType": "Child Sex Trafficking"}})
    text = file(old="type_trafficking = 35", new="type_trafficking = 60")
    row = services.propose(world.actor("silas"), text.encode())
    trials.try_now(world.actor("silas"), row.pk)
    said = html(sofia.get(f"/desk/policy/{row.pk}/"))
    assert "1 of 1 reports moves to another band of danger." in said
    assert "None crosses the urgent line." in said
    assert "Medium → High: 1" in said
    assert "Reported as child sex trafficking. 35 → 60" in said
    assert f'href="/desk/reports/{report.pk}/"' in said
    lines = list(csv.reader(io.StringIO(html(sofia.get(f"/desk/policy/{row.pk}/movers.csv")))))
    assert lines[0][:3] == ["Report", "Band before", "Band after"]
    assert lines[1][:5] == [str(report.pk), "Medium", "High", "35", "60"]


def test_a_version_that_was_overtaken_must_be_tried_again(world, tried, published, sofia):
    row = services.propose(world.actor("silas"), file("2", new="\nescalated = 43").encode())
    page = html(sofia.get(f"/desk/policy/{row.pk}/"))
    assert "What it changes against made-up@1" in page
    assert sofia.post(f"/desk/policy/{row.pk}/publish", {"reason": "why"}).status_code == 409


def test_fragments_are_fragments(tried, sofia):
    for address in ("/desk/policy/", f"/desk/policy/{tried.pk}/"):
        said = html(sofia.get(address, headers={"HX-Request": "true"}))
        assert "<html" not in said
        assert 'id="again"' in said or 'id="trial"' in said


def test_a_version_that_this_program_cannot_read_says_so(world, published, sofia):
    broken = published.policy.content.replace("victim = 20\n", "", 1)
    PolicyVersion.objects.filter(pk=published.policy_id).update(content=broken)
    queries.READING.parsed.cache_clear()
    said = html(sofia.get("/desk/policy/"))
    assert "cannot be used by this program" in said
    assert "danger.points.victim: is missing" in said
    page = html(sofia.get(f"/desk/policy/{published.policy_id}/"))
    assert "Propose another one that mends this" in page
    queries.READING.parsed.cache_clear()


def test_there_is_no_such_version(sofia):
    for path in ("", "movers.csv"):
        assert sofia.get(f"/desk/policy/99999999/{path}").status_code == 404
    for path in ("try", "publish"):
        assert sofia.post(f"/desk/policy/99999999/{path}", {"reason": "x"}).status_code == 404
