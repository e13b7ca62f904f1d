"""Addresses of the ESP's desk."""

from __future__ import annotations

from django.urls import path

from tipline.doors.portals.esp import views_check, views_files, views_new, views_reports

app_name = "esp"

_REPORT = "reports/<int:number>/"

urlpatterns = [
    path("", views_reports.reports, name="reports"),
    path("reports.csv", views_reports.reports_csv, name="reports-csv"),
    path("refused/", views_reports.refused, name="refused"),
    path("profile/", views_reports.profile, name="profile"),
    path("check/", views_check.check, name="check"),
    path("new/", views_new.new, name="new"),
    path(_REPORT, views_reports.report, name="report"),
    path(f"{_REPORT}files/", views_files.files, name="files"),
    path(f"{_REPORT}files/upload/<str:token>/", views_files.upload, name="upload"),
    path(f"{_REPORT}files/<str:file_id>/", views_files.file_details, name="file"),
    path(f"{_REPORT}finish/", views_files.finish, name="finish"),
    path(f"{_REPORT}retract/", views_files.retract, name="retract"),
]
