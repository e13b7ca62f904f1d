"""Addresses of the analysts' desk."""

from __future__ import annotations

from django.urls import path

from tipline.doors.portals.desk import (
    views_books,
    views_call,
    views_files,
    views_links,
    views_openings,
    views_queue,
    views_report,
    views_reporter,
)

app_name = "desk"
_REPORT = "reports/<int:number>/"
_REFERRAL = f"{_REPORT}referrals/<int:referral_id>/"
_FILE = f"{_REPORT}files/<slug:file_id>/"

urlpatterns = [
    path("", views_queue.queue_page, name="queue"),
    path("queue.csv", views_queue.queue_csv, name="queue-csv"),
    path("pane/<int:number>/", views_queue.pane, name="pane"),
    path(_REPORT, views_report.report_page, name="report"),
    path(f"{_REPORT}claim", views_queue.claim, name="claim"),
    path(f"{_REPORT}release", views_queue.release, name="release"),
    path(f"{_REPORT}done", views_queue.mark_done, name="done"),
    path(f"{_REPORT}reopen", views_queue.reopen, name="reopen"),
    path(f"{_REPORT}notes", views_report.note, name="note"),
    path(f"{_REPORT}referrals", views_report.refer, name="refer"),
    path(f"{_REPORT}reporter", views_reporter.reveal, name="reveal-reporter"),
    path(f"{_REFERRAL}release-reporter", views_reporter.release, name="release-reporter"),
    path(f"{_REFERRAL}withdraw-release", views_reporter.withdraw, name="withdraw-release"),
    path(f"{_REPORT}opening/", views_openings.opening, name="opening"),
    path(f"{_REPORT}links/<int:link_id>/judge", views_links.judge, name="judge"),
    path(f"{_FILE}labels/<slug:code>/set", views_files.label, {"deed": "set"}, name="label-set"),
    path(
        f"{_FILE}labels/<slug:code>/withdraw",
        views_files.label,
        {"deed": "withdraw"},
        name="label-withdraw",
    ),
    path(f"{_FILE}preview", views_files.preview, name="preview"),
    path("files/<slug:sha256>/", views_files.copies, name="copies"),
    path("call/", views_call.call_page, name="call"),
    path("call/<int:number>/", views_call.receipt, name="receipt"),
    path("books/", views_books.books_page, name="books"),
    path("books.csv", views_books.books_csv, name="books-csv"),
]
