"""What one report costs in statements: a number, so that a room that reads once more is noticed."""

from __future__ import annotations

from collections import Counter

from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.filing import SEEN, document, picture, suspect
from tests.personas import file_report

from tipline.ground.foundation import worker
from tipline.pipeline import stages

#: Statements for a new report with two pictures and a reported person, its job's included;
#: in a test each transaction is a savepoint. So many on PostgreSQL, where two ask who still writes;
#: two fewer on SQLite.
MOST = 94
#: The same report once more, when nothing has changed.
MOST_AGAIN = 42
#: Read once more on purpose: held before something is written of it (the report, its newest
#: assessment), by a room of its own (its places, the policy in force), or as it is now (what opens
#: its files, what labels and lists say of them, what is linked to it). A first search reads an
#: index twice.
TWICE = (
    "annotation_labelevent",
    "enrichment_whereabouts",
    "entities_link",
    "evidence_openingfile",
    "lists_entryfingerprint",
    "lists_listmatch",
    "matching_fingerprint",
    "reports_report",
    "triage_assessment",
    "triage_policyact",
)


def captured(do) -> list[str]:
    with CaptureQueriesContext(connection) as told:
        do()
    return [one["sql"] for one in told.captured_queries]


def new_report(world):
    other = suspect(personOrUserReportedPerson=None, screenName="another")
    files = [(picture(1), SEEN), (picture(7), {})]
    return file_report(world, files=files, document=document(personOrUserReported=other))


def test_a_new_report_with_two_files(world):
    worker.run_ready("one")  # what making the world asked for
    new_report(world)
    told = captured(lambda: worker.run_ready("one"))
    assert len(told) <= MOST, "\n".join(told)


def test_a_report_of_which_nothing_has_changed(world):
    report = new_report(world)
    worker.run_ready("one")
    told = captured(lambda: stages.run(report.pk))
    assert len(told) <= MOST_AGAIN, "\n".join(told)


def test_more_files_cost_no_more_statements(world):
    """Of files that are like nothing else; what each is like is kept by itself."""
    few, many = (
        file_report(
            world,
            files=[(b"%d of %d" % (n, size), SEEN) for n in range(size)],
            document={"incidentSummary": {"incidentType": "Child Pornography"}},
        )
        for size in (2, 9)
    )
    for_few = captured(lambda: stages.run(few.pk))
    for_many = captured(lambda: stages.run(many.pk))
    assert len(for_many) == len(for_few)


def test_nothing_is_read_twice(world):
    report = new_report(world)
    told = captured(lambda: stages.run(report.pk))
    read = Counter(sql for sql in told if sql.startswith("SELECT"))
    again = [sql for sql, times in read.items() if times > 1 and not _on_purpose(sql)]
    assert again == []


def _on_purpose(sql: str) -> bool:
    read = sql.replace('"', "")  # names in statements of our own have no quotes
    return any(f"FROM {table} " in f"{read} " for table in TWICE)


def test_long_lines_cost_a_look_and_until_they_stand_a_write(world):
    """Standing text is told by its lines; a savepoint stands around the write."""
    line = "A line that is long enough to be somebody's standing text."
    costs = []
    for text in ("short", line):
        name = f"one of {text[:7]}"
        other = suspect(
            personOrUserReportedPerson=None,
            espIdentifier=name,
            screenName=name,
            ipCaptureEvent=None,
        )
        told = document(personOrUserReported=other, additionalInfo=text)
        report = file_report(world, document=told)
        costs.append(len(captured(lambda number=report.pk: stages.run(number))))
    assert costs[1] - costs[0] <= 4, costs
