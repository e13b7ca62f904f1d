"""The overview, the books and the jobs."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.personas import file_report
from tests.portals_staff.conftest import verbs_about, words_of

from tipline.ground.audit.services import seal
from tipline.ground.foundation import clock
from tipline.ground.foundation.models import Job

PAGES = (
    "/staff/", "/staff/books/", "/staff/jobs/", "/staff/organisations/", "/staff/people/",
    "/staff/vault/", "/staff/keys/",
)  # fmt: skip


def dead_job(kind: str = "made-up>stage") -> Job:
    now = clock.now()
    return Job.objects.create(
        kind=kind, lane="ispws:3", state="dead", run_at=now, created_at=now, attempts=8,
        last_error="OSError",
    )  # fmt: skip


def test_the_overview_says_what_waits_what_balances_and_where_the_ledger_ends(world, adam):
    file_report(world)
    file_report(world, finished=False)
    dead_job()
    sealed = seal()
    text = words_of(adam.get("/staff/"))

    assert "Balanced: everything received is accounted for." in text
    assert "1 job gave up." in text
    assert f"Entries in the chain {sealed}" in text
    assert "Not chained yet 0" in text


def test_the_overview_says_whether_history_is_linked_by_what_is_in_force(world, adam):
    from tipline.ground.foundation.actor import SYSTEM
    from tipline.insight.entities.frequencies.services import freeze
    from tipline.insight.entities.history import services
    from tipline.insight.entities.history.local import Local

    def linked() -> None:
        services.run_here(services.begin(SYSTEM, "local"), Local(processes=1))

    assert "all of them were never linked again" in words_of(adam.get("/staff/"))
    linked()
    assert "All reports were linked again" in words_of(adam.get("/staff/"))
    freeze([], "link@2026.1", lambda _what, _done: None)
    assert "by the model and the frequencies in force yet" in words_of(adam.get("/staff/"))
    services.begin(SYSTEM, "local")
    assert "cut off at report 0 of" in words_of(adam.get("/staff/"))
    linked()
    assert "All reports were linked again" in words_of(adam.get("/staff/"))


def test_books_that_do_not_balance_are_named_first(world, adam):
    from tipline.record.intake.models import Submission

    report = file_report(world)
    Submission.objects.filter(report=report).update(report=None)
    text = words_of(adam.get("/staff/books/"))

    assert "Not balanced: see what is listed first." in text
    assert f"Report {report.pk} has no submission" in text
    assert "difference +1" in text


def test_the_books_are_filtered_by_door_on_the_page_and_in_the_file(world, adam):
    from tests.personas import DOCUMENT

    from tipline.ground.foundation.actor import PUBLIC
    from tipline.record.intake.services import Arrival, submit_whole
    from tipline.record.reports.doors import Door

    file_report(world)
    submit_whole(PUBLIC, Arrival(Door.PUBLIC, b"{}"), DOCUMENT)
    everything = adam.get("/staff/books.csv")
    public = adam.get("/staff/books.csv", {"door": "public"})

    rows = list(csv.reader(io.StringIO(everything.content.decode())))
    assert [row[1] for row in rows] == ["Door", "ESP API", "Public"]
    assert [row[2:4] for row in rows[1:]] == [["1", "1"], ["1", "1"]]
    assert public.content.decode().count("\n") == 2
    shown = adam.get("/staff/books/", {"door": "public"})
    assert "1 line" in words_of(shown)
    assert "/staff/books.csv?door=public" in shown.content.decode()
    assert adam.get("/staff/books/", {"door": "window"}).status_code == 422


def test_a_dead_job_runs_again_and_the_ledger_says_who_asked(adam):
    job, other = dead_job(), dead_job()
    page = adam.get("/staff/jobs/")
    assert "OSError" in words_of(page)
    answer = adam.post("/staff/jobs/requeue/", {"job": [job.pk]}, follow=True)

    assert "1 job runs again." in words_of(answer)
    job.refresh_from_db()
    other.refresh_from_db()
    assert (job.state, job.attempts, other.state) == ("queued", 0, "dead")
    assert verbs_about(f"job:{job.pk}") == ["job.requeued"]
    assert verbs_about(f"job:{other.pk}") == []


def test_all_dead_jobs_run_again_at_once(adam):
    jobs = [dead_job() for _each in range(3)]
    adam.post("/staff/jobs/requeue/", {"which": "all"})

    assert not Job.objects.filter(state="dead").exists()
    assert [verbs_about(f"job:{job.pk}") for job in jobs] == [["job.requeued"]] * 3


def test_a_job_that_is_not_dead_is_left_alone(adam):
    job = dead_job()
    Job.objects.filter(pk=job.pk).update(state="running")
    answer = adam.post("/staff/jobs/requeue/", {"job": [job.pk]}, follow=True)

    assert "0 jobs run again." in words_of(answer)
    assert verbs_about(f"job:{job.pk}") == []


@pytest.mark.parametrize("sent", [{}, {"job": "x"}, {"job": "9" * 30}, {"job": "-1"}])
def test_no_or_wrong_jobs_are_refused(adam, sent):
    assert adam.post("/staff/jobs/requeue/", sent).status_code == 422


@pytest.mark.parametrize("url", PAGES)
def test_more_rows_cost_no_more_queries(world, adam, url):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert adam.get(url).status_code == 200
        return len(captured)

    def more(count: int) -> None:
        from tipline.ground.accounts import services as accounts
        from tipline.ground.accounts.roles import Role
        from tipline.ground.foundation.actor import SYSTEM, OrganisationKind

        for _each in range(count):
            number = Job.objects.count()
            dead_job()
            file_report(world)
            home = accounts.add_organisation(SYSTEM, OrganisationKind.ESP, f"Made Up {number}")
            accounts.add_person(
                SYSTEM, username=f"eve{number}", name="Eve", role=Role.ESP_ENGINEER,
                organisation=home, password="a long enough password",
            )  # fmt: skip

    more(1)
    adam.get(url)
    first = cost()
    more(5)
    assert cost() == first


def test_administrators_see_nothing_of_a_report(world, adam):
    report = file_report(world)
    pages = [*PAGES, f"/staff/ledger/?q=report:{report.pk}"]
    seen = "".join(adam.get(url).content.decode() for url in pages)

    assert f"report:{report.pk}" in seen
    for secret in ("subject@example.org", "blue.kite", "Fresno", "169.229.216.200"):
        assert secret not in seen
    assert adam.get(f"/desk/reports/{report.pk}/").status_code == 404


@pytest.mark.parametrize("name", ["sofia", "ana"])
def test_those_who_read_books_or_ledger_elsewhere_do_not_come_in(signed_in, name):
    client = signed_in(name)
    for url in ("/staff/ledger/", *PAGES):
        assert client.get(url).status_code == 404
