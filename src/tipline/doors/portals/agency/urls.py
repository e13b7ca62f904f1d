"""Addresses of the agency's desk."""

from __future__ import annotations

from django.urls import path

from tipline.doors.portals.agency import (
    views_answer,
    views_cases,
    views_files,
    views_gate,
    views_morning,
    views_openings,
    views_report,
)

app_name = "agency"
_REPORT = "reports/<int:number>/"
_CASE = "cases/<int:case_id>/"

urlpatterns = [
    path("", views_morning.morning, name="morning"),
    path("reports.csv", views_morning.morning_csv, name="morning-csv"),
    path(_REPORT, views_report.report, name="report"),
    path(f"{_REPORT}report.json", views_files.report_json, name="report-json"),
    path(f"{_REPORT}accept/", views_report.accept, name="accept"),
    path(f"{_REPORT}refuse/", views_report.refuse, name="refuse"),
    path(f"{_REPORT}take-back/", views_report.take_back, name="take-back"),
    path(f"{_REPORT}case/", views_report.open_case, name="open-case"),
    path(f"{_REPORT}add/", views_report.add_to_case, name="add-to-case"),
    path(f"{_REPORT}answer/", views_answer.answer, name="answer"),
    path(f"{_REPORT}opening/", views_openings.opening, name="opening"),
    path(f"{_REPORT}openings/<int:opening_id>/", views_openings.paper, name="paper"),
    path(f"{_REPORT}openings/<int:opening_id>/end/", views_openings.end, name="end-opening"),
    path(f"{_REPORT}files/<slug:file_id>/", views_files.file, name="file"),
    path(f"{_REPORT}files/<slug:file_id>/gate/", views_gate.gate, name="gate"),
    path("series/<int:alert_id>/seen/", views_morning.series_seen, name="series-seen"),
    path("labels/<int:notice_id>/seen/", views_morning.labels_seen, name="labels-seen"),
    path("tips/<int:tip_id>/seen/", views_morning.tip_seen, name="tip-seen"),
    path("cases/", views_cases.cases, name="cases"),
    path(_CASE, views_cases.case, name="case"),
    path(f"{_CASE}reports.json", views_cases.case_json, name="case-json"),
]
