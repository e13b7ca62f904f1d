"""Bytes leave only where the gate opens them to this agency, with a purpose on the ledger."""

from __future__ import annotations

import pytest
from tests.evidence_origin import as_link, body_of, load
from tests.portals_agency.conftest import elsewhere, referred, signed_in
from tests.portals_agency.pages import text

from tipline.ground.audit.models import LedgerEntry
from tipline.record.evidence.models import Opening
from tipline.record.evidence.queries import files_of

pytestmark = pytest.mark.django_db
WARRANT = {
    "kind": "warrant",
    "state": "granted",
    "reference": "W-17",
    "issuer": "Superior Court",
    "valid_from": "2020-01-01T00:00",
    "valid_until": "",
    "approved_by": "",
}


@pytest.fixture
def report(world):
    """One file that the ESP viewed with its EXIF data, one of which it says nothing."""
    seen = {"fileViewedByEsp": True, "exifViewedByEsp": True}
    files = [(b"seen bytes", seen), (b"unseen bytes", {})]
    return referred(world, files=files)


def seen(report):
    return files_of(report.pk)[0]


def unseen(report):
    return files_of(report.pk)[1]


def path(file):
    return f"/agency/reports/{file.report_id}/files/{file.file_id}/"


def take(client, file, **said):
    return client.post(path(file), {"reason": "to compare with the phone", **said})


def got(client, file, **said):
    """The bytes, from where the form leads to."""
    answer = take(client, file, **said)
    assert answer.status_code == 303
    return load(answer["Location"], as_link())


def ledger(verb):
    return [
        (row.subject, row.purpose, row.detail["file"])
        for row in LedgerEntry.objects.filter(verb=verb).order_by("pk")
    ]


def record(client, report, *files, **changes):
    said = {**WARRANT, "named": [file.file_id for file in files], **changes}
    return client.post(f"/agency/reports/{report.pk}/opening/", said)


def test_an_open_file_downloads_as_plain_bytes_that_no_browser_shows(ines, report):
    file = seen(report)
    answer = got(ines, file)

    assert body_of(answer) == b"seen bytes"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="picture-1.png"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Length"] == "10"
    assert ledger("file.opened") == [
        (f"report:{report.pk}", "to compare with the phone", file.file_id)
    ]


def test_what_metadata_cannot_be_taken_out_of_stays_until_its_exif_is_open(world, ines):
    """A film is open to the eye by rule 8, and nothing can take its metadata out."""
    film = b"\0\0\0\x18ftypmp42 a film"
    sent = referred(world, files=[(film, {"fileViewedByEsp": True})])
    [file] = files_of(sent.pk)
    said, answer = text(ines, path(file)), take(ines, file)

    assert answer.status_code == 403
    assert "keeps its EXIF data closed" in answer.content.decode()
    for told in (said, answer.content.decode()):
        assert "JPEG, PNG and GIF files only" in told
    assert "Download the file" not in said
    [entry] = LedgerEntry.objects.filter(verb="file.blocked")
    assert entry.purpose == "rule 8: to compare with the phone"
    assert entry.detail["metadata"] == "metadata.other_kind"

    assert record(ines, sent, file).status_code == 303
    assert body_of(got(ines, file)) == film


def test_the_form_may_lead_to_the_evidence_origin(ines, report, settings):
    policy = ines.get(path(seen(report)))["Content-Security-Policy"]

    assert f"form-action 'self' {settings.TIPLINE_EVIDENCE_URL};" in policy
    assert "img-src 'self';" in policy


def test_an_opening_that_ends_before_the_bytes_left_closes_them(ines, report):
    file = unseen(report)
    record(ines, report, file)
    answer = take(ines, file)
    opening = Opening.objects.get()
    ines.post(f"/agency/reports/{report.pk}/openings/{opening.pk}/end/")

    refused = load(answer["Location"], as_link())

    assert refused.status_code == 403
    assert "closed by rule 5" in refused.content.decode()
    assert "Your organisation's paper was ended." in refused.content.decode()


def test_looking_at_the_page_takes_nothing(ines, report):
    said = text(ines, path(seen(report)))

    assert "Download the file" in said
    assert ledger("file.opened") == []


@pytest.mark.parametrize("reason", ["", " ", "x"])
def test_a_file_needs_a_purpose(ines, report, reason):
    answer = take(ines, seen(report), reason=reason)

    assert answer.status_code == 422
    assert ledger("file.opened") == []


def test_a_case_is_a_purpose(ines, report):
    ines.post(f"/agency/reports/{report.pk}/case/", {"token": "t", "title": "Kite case"})
    assert "For the case: Kite case" in text(ines, path(seen(report)))

    assert take(ines, seen(report), reason="").status_code == 422
    assert got(ines, seen(report), reason="", for_case="on").status_code == 200
    assert ledger("file.opened")[0][1].startswith("case:")


def test_a_closed_file_shows_all_but_its_content(ines, report):
    file = unseen(report)
    answer = take(ines, file)
    said = text(ines, path(file))

    assert answer.status_code == 403
    assert b"unseen bytes" not in answer.content
    assert ledger("file.blocked") == [
        (f"report:{report.pk}", "rule 5: to compare with the phone", file.file_id)
    ]
    assert "Download the file" not in said
    assert "does not say whether a person viewed it" in said
    assert file.sha256 in said
    assert "rule 5" in said


def test_a_warrant_opens_what_it_names_to_its_holder_and_to_nobody_else(world, report):
    both = {
        **elsewhere("TX"),
        "victim": [{"victimPerson": {"address": [{"state": "CA", "country": "US"}]}}],
    }
    shared = referred(world, document=both, files=[(b"named", {}), (b"not named", {})])
    named, other = files_of(shared.pk)
    ines, tomas = signed_in(world, "ines"), signed_in(world, "tomas")

    assert record(ines, shared, named).status_code == 303
    assert body_of(got(ines, named)) == b"named"
    assert take(ines, other).status_code == 403
    assert take(tomas, named).status_code == 403
    assert "W-17" in text(ines, f"/agency/reports/{shared.pk}/")
    assert "W-17" not in text(tomas, f"/agency/reports/{shared.pk}/")


def test_an_opening_can_be_ended_by_its_holder_only(world, ines, report):
    record(ines, report, unseen(report))
    opening = Opening.objects.get()
    end = f"/agency/reports/{report.pk}/openings/{opening.pk}/end/"
    assert got(ines, unseen(report)).status_code == 200

    assert signed_in(world, "tomas").post(end).status_code == 404
    assert ines.post(end).status_code == 303
    assert take(ines, unseen(report)).status_code == 403
    assert ines.post(end).status_code == 404
    assert "ended" in text(ines, f"/agency/reports/{report.pk}/")


def test_what_became_of_a_paper_is_said_on_its_page_and_at_the_next_act(ines, report):
    record(ines, report, unseen(report), state="applied")
    opening = Opening.objects.get()
    at = f"/agency/reports/{report.pk}/openings/{opening.pk}/"
    assert "applied for, opens nothing yet" in text(ines, at)
    assert take(ines, unseen(report)).status_code == 403

    granted = {"to": "granted", "reason": "Order of today.", "valid_from": "2020-01-01T00:00"}
    assert ines.post(at, granted).status_code == 303
    assert body_of(got(ines, unseen(report))) == b"unseen bytes"
    for wrong in ({"to": "denied", "reason": "x"}, {"to": "revoked", "reason": " "}):
        assert ines.post(at, wrong).status_code == 422
    assert ines.post(at, {"to": "revoked", "reason": "The court took it back."}).status_code == 303

    said = text(ines, at)
    assert "The court took it back." in said
    assert "Nothing more can become of it." in said
    refused = take(ines, unseen(report)).content.decode()
    assert "paper was revoked" in refused
    assert ledger("file.blocked")[-1][1] == "rule 5: to compare with the phone"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": ""}, "required"),
        ({"reference": ""}, "required"),
        ({"kind": "consent"}, "Consent and exigency need an end."),
        (
            {"kind": "exigency", "valid_until": "2099-01-01T00:00"},
            "Name the supervisor who approved it.",
        ),
        ({"valid_until": "2019-01-01T00:00"}, "The end must be after the start."),
        ({"named": ["elsewhere"]}, "valid choice"),
        ({"valid_from": "soon"}, "valid date"),
    ],
)
def test_a_paper_with_holes_opens_nothing(ines, report, changes, words):
    answer = record(ines, report, unseen(report), **changes)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Opening.objects.exists()


def test_a_file_of_another_report_is_not_found_here(world, ines, report):
    other = referred(world, files=[(b"x", {"fileViewedByEsp": True})])
    strange = files_of(other.pk)[0]

    answer = ines.get(f"/agency/reports/{report.pk}/files/{strange.file_id}/")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "....etcpasswd"),
        ('a"b.png', "ab.png"),
        ("\u202egnp.exe", "gnp.exe"),
        ("...", None),
        ("", None),
    ],
)
def test_the_name_of_a_download_is_plain(ines, report, name, shown):
    file = seen(report)
    type(file).objects.filter(pk=file.pk).update(name=name)
    answer = got(ines, file)

    wanted = shown.strip(" .") if shown else file.file_id
    assert answer["Content-Disposition"] == f'attachment; filename="{wanted}"'
