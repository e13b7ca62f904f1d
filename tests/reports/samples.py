"""Small reports to vary: each test says only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime

from tipline.record.reports.reading import Reading, read_file_details, read_report

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TYPE = "Child Sexual Molestation"
FILE_ID = "0123456789abcdef0123456789abcdef"


def report(
    *,
    summary: str = "",
    kind: str = TYPE,
    time: str = "2026-01-02T03:04:05Z",
    before: str = "",
    person: str = "<email>desk@esp.example</email>",
    after: str = "",
    root: str = "",
) -> bytes:
    """``summary`` stands between type and time, ``before`` the reporter, ``after`` at the end."""
    return (
        f"<report{root}><incidentSummary><incidentType>{kind}</incidentType>{summary}"
        f"<incidentDateTime>{time}</incidentDateTime></incidentSummary>{before}"
        f"<reporter><reportingPerson>{person}</reportingPerson></reporter>{after}</report>"
    ).encode()


def suspect(inner: str) -> bytes:
    return report(after=f"<personOrUserReported>{inner}</personOrUserReported>")


def file_details(inner: str, *, report_id: str = "7", file_id: str = FILE_ID) -> bytes:
    return (
        f"<fileDetails><reportId>{report_id}</reportId><fileId>{file_id}</fileId>"
        f"{inner}</fileDetails>"
    ).encode()


def lenient(data: bytes) -> Reading:
    return read_report(data, strict=False, now=NOW)


def strict(data: bytes) -> Reading:
    return read_report(data, strict=True, now=NOW)


def lenient_file(data: bytes) -> Reading:
    return read_file_details(data, strict=False, now=NOW)


def strict_file(data: bytes) -> Reading:
    return read_file_details(data, strict=True, now=NOW)


def codes(findings) -> list[str]:
    return [each.code for each in findings]
