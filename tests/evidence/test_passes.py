"""A pass works once, soon, for one person; the gate is asked when the bytes leave."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from tests.evidence_origin import as_image, as_link, body_of, load
from tests.personas import file_report, make_world

from tipline.doors.portals.evidence.addresses import evidence_url
from tipline.ground.accounts import services as accounts
from tipline.ground.accounts.models import EspProfile
from tipline.ground.audit.models import LedgerEntry
from tipline.ground.foundation import clock
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.errors import NotAllowed
from tipline.record.evidence.models import FilePass
from tipline.record.evidence.passes import MOST_RECORDED, make_pass, presented, spend
from tipline.record.evidence.queries import files_of
from tipline.record.evidence.rules_passes import GOOD_FOR, Kind, Presented, Refusal, refusal

database = pytest.mark.django_db
START = datetime(2026, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 86_400).map(lambda seconds: START + timedelta(seconds=seconds))


@given(INSTANTS, INSTANTS, st.none() | INSTANTS, st.booleans(), INSTANTS)
def test_a_pass_is_good_only_at_home_unused_and_in_its_time(made, ends, used, at_home, now):
    good = refusal(Presented(made, ends, used, at_home, now)) is None

    assert good == (at_home and used is None and made <= now < ends)


@given(INSTANTS, st.none() | INSTANTS, INSTANTS)
def test_a_stranger_learns_nothing_of_a_pass(made, used, now):
    assert refusal(Presented(made, made + GOOD_FOR, used, False, now)) is Refusal.FOREIGN


@pytest.fixture
def world(db, tipline_home):
    return make_world()


@pytest.fixture
def file(world):
    from tests.portals_desk.conftest import VIEWED, picture

    [found] = files_of(file_report(world, files=[(picture(1), VIEWED)]).pk)
    return found


@pytest.fixture
def passed(world, file):
    return make_pass(world.actor("ana"), file, Kind.PREVIEW)


def ledger(verb):
    rows = LedgerEntry.objects.filter(verb=verb).order_by("pk")
    return [(row.actor, row.purpose, row.detail["kind"]) for row in rows]


@database
def test_it_works_once(world, passed):
    first, second = load(evidence_url(passed)), load(evidence_url(passed))

    assert (first.status_code, first["Content-Type"]) == (200, "image/jpeg")
    assert second.status_code == 410
    assert second["Content-Type"] == "text/plain; charset=utf-8"
    assert "This pass was used already." in second.content.decode()
    ana = f"person:{world.people['ana'].pk}"
    assert ledger("file.served") == [(ana, "", "preview")]
    assert ledger("file.pass-refused") == [("public", "used", "preview")]


@database
def test_it_ends_soon(passed, monkeypatch):
    later = clock.now() + GOOD_FOR
    monkeypatch.setattr(clock, "now", lambda: later)
    answer = load(evidence_url(passed))

    assert answer.status_code == 410
    assert "has run out" in answer.content.decode()
    assert ledger("file.pass-refused") == [("public", "expired", "preview")]


@database
@pytest.mark.parametrize(
    "changes",
    [
        {"Origin": ""},
        {"Origin": "null"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://localhost:8000"},
        {"Sec-Fetch-Dest": "document"},
        {"Sec-Fetch-Dest": "empty"},
    ],
)
def test_a_picture_loads_in_an_image_of_a_desk_only(passed, changes):
    answer = load(evidence_url(passed), {**as_image(), **changes})

    assert answer.status_code == 403
    assert "This pass is not for you." in answer.content.decode()
    assert "Access-Control-Allow-Origin" not in answer
    assert ledger("file.pass-refused") == [("public", "foreign", "preview")]
    assert load(evidence_url(passed)).status_code == 200


@database
def test_only_a_page_of_a_desk_may_read_the_picture(passed, settings):
    answer = load(evidence_url(passed))

    assert answer["Access-Control-Allow-Origin"] == settings.TIPLINE_PUBLIC_URL
    assert answer["Vary"] == "Origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"].startswith("attachment;")


@database
def test_an_original_is_an_attachment_for_who_follows_a_link(world, file):
    texts = [make_pass(world.actor("ana"), file, Kind.ORIGINAL) for _ in range(2)]
    embedded = load(evidence_url(texts[0]), {"Sec-Fetch-Dest": "image"})
    taken = load(evidence_url(texts[1]), as_link())

    assert embedded.status_code == 403
    assert taken["Content-Type"] == "application/octet-stream"
    assert len(body_of(taken)) == file.size
    assert "Access-Control-Allow-Origin" not in taken


@database
def test_the_gate_is_asked_when_the_bytes_leave(world, file, passed):
    EspProfile.objects.update(content={"viewed_means": "unknown"})
    answer = load(evidence_url(passed))

    assert answer.status_code == 403
    assert "closed by rule 5" in answer.content.decode()
    assert FilePass.objects.get().used_at is None
    [entry] = LedgerEntry.objects.filter(verb="file.blocked")
    assert entry.detail["file"] == file.file_id


@database
def test_who_was_suspended_meanwhile_gets_nothing(world, passed):
    accounts.suspend_person(SYSTEM, world.people["ana"])

    assert load(evidence_url(passed)).status_code == 403
    assert ledger("file.pass-refused") == [("public", "foreign", "preview")]


@database
@pytest.mark.parametrize("text", ["x", "a.b", "0" * 32, "0" * 32 + "." + "a" * 43, "\u202e", "%00"])
def test_what_we_never_made_is_not_there_and_fills_no_ledger(text, passed):
    answer = load(evidence_url(text))

    assert answer.status_code == 404
    assert ledger("file.pass-refused") == []


@database
def test_a_pass_shown_for_ever_is_recorded_a_few_times(passed):
    for _ in range(MOST_RECORDED + 3):
        load(evidence_url(passed), as_link())

    assert len(ledger("file.pass-refused")) == MOST_RECORDED


@database
def test_who_may_open_nothing_gets_no_pass(world, file):
    with pytest.raises(NotAllowed):
        make_pass(world.actor("adam"), file, Kind.PREVIEW)


@database
@pytest.mark.parametrize("path", ["/", "/desk/", "/login/", "/static/look/tipline.css", "/readyz",
                                  "/ispws/status", "/files/", "/api/agency/v1/"])  # fmt: skip
def test_nothing_else_answers_on_the_evidence_origin(path, settings):
    answer = load(f"{settings.TIPLINE_EVIDENCE_URL}{path}")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert not answer.cookies
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


@database
@pytest.mark.parametrize("method", ["head", "post", "put", "options", "delete"])
def test_a_pass_is_spent_by_get_only(passed, method):
    assert load(evidence_url(passed), method=method).status_code == 405
    assert FilePass.objects.get().used_at is None


@database
def test_a_fault_becomes_a_sentence(passed, monkeypatch):
    from tipline.doors.portals.evidence import views

    def broken(_row):
        raise RuntimeError("the key is swordfish")

    monkeypatch.setattr(views, "_handed_out", broken)
    answer = load(evidence_url(passed))

    assert (answer.status_code, answer["Content-Type"]) == (500, "text/plain; charset=utf-8")
    assert "swordfish" not in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_spends_it(tipline_home):
    world = make_world()
    [file] = files_of(file_report(world, files=[(b"some bytes", {})]).pk)
    row = presented(make_pass(world.actor("ana"), file, Kind.ORIGINAL))
    found = []

    def go():
        found.append(spend(world.actor("ana"), row))
        connection.close()

    threads = [threading.Thread(target=go) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(found) == [False] * 5 + [True]


def test_a_minute_is_enough():
    assert timedelta(seconds=20) <= GOOD_FOR <= timedelta(minutes=2)
