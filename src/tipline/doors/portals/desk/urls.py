"""Addresses of the analysts' desk."""

from __future__ import annotations

from django.urls import path

from tipline.doors.portals.desk import (
    views_batch,
    views_books,
    views_bundles,
    views_call,
    views_draws,
    views_figures,
    views_files,
    views_hand_over,
    views_judge,
    views_links,
    views_openings,
    views_policy,
    views_queue,
    views_report,
    views_reporter,
    views_saved,
    views_summary,
    views_work,
)

app_name = "desk"
_REPORT = "reports/<int:number>/"
_JUDGEMENT = f"{_REPORT}judgements/<int:judgement_id>/"
_POLICY = "policy/<int:version_id>/"
_REFERRAL = f"{_REPORT}referrals/<int:referral_id>/"
_FILE = f"{_REPORT}files/<slug:file_id>/"

urlpatterns = [
    path("", views_queue.queue_page, name="queue"),
    path("queue.csv", views_queue.queue_csv, name="queue-csv"),
    path("news/", views_queue.news_page, name="news"),
    path("views/", views_saved.views_page, name="views"),
    path("views/<int:view_id>/change", views_saved.change, name="view-change"),
    path("views/<int:view_id>/delete", views_saved.delete, name="view-delete"),
    path("views/put-back", views_saved.put_back, name="view-put-back"),
    path("batch/", views_batch.batch_page, name="batch"),
    path("batch/<int:act_id>/", views_batch.act_page, name="batch-act"),
    path("batch/<int:act_id>/go-on", views_batch.go_on, name="batch-go-on"),
    path("batch/<int:act_id>/undo", views_batch.undo, name="batch-undo"),
    path("hand-over/", views_hand_over.hand_over_page, name="hand-over"),
    path(
        "hand-over/<int:row_id>/read", views_hand_over.read, {"deed": "read"}, name="hand-over-read"
    ),
    path(
        "hand-over/<int:row_id>/unread",
        views_hand_over.read,
        {"deed": "unread"},
        name="hand-over-unread",
    ),
    path("hand-over/<int:row_id>/take-back", views_hand_over.take_back, name="hand-over-take-back"),
    path("pane/<int:number>/", views_queue.pane, name="pane"),
    path(_REPORT, views_report.report_page, name="report"),
    path(f"{_REPORT}claim", views_work.claim, name="claim"),
    path(f"{_REPORT}release", views_work.release, name="release"),
    path(f"{_REPORT}done", views_work.mark_done, name="done"),
    path(f"{_REPORT}reopen", views_work.reopen, name="reopen"),
    path(f"{_REPORT}meme", views_work.close_as_meme, name="meme"),
    path(f"{_REPORT}summary", views_summary.write, name="summary"),
    path(f"{_REPORT}summary/<int:row_id>/undo", views_summary.undo, name="summary-undo"),
    path(f"{_REPORT}bundle/leave", views_bundles.leave, name="bundle-leave"),
    path(f"{_REPORT}bundle/return", views_bundles.come_back, name="bundle-return"),
    path(f"{_REPORT}notes", views_report.note, name="note"),
    path(f"{_REPORT}referrals", views_report.refer, name="refer"),
    path(f"{_REPORT}judgements", views_judge.make, name="judgement-make"),
    path(f"{_JUDGEMENT}second", views_judge.second, name="judgement-second"),
    path(f"{_JUDGEMENT}decline", views_judge.decline, name="judgement-decline"),
    path(f"{_JUDGEMENT}withdraw", views_judge.withdraw, name="judgement-withdraw"),
    path("judgements/", views_judge.waiting, name="judgements"),
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
    path(f"{_FILE}labels/<slug:code>/confirm", views_files.confirm, name="label-confirm"),
    path(f"{_FILE}preview", views_files.preview, name="preview"),
    path("files/<slug:sha256>/", views_files.copies, name="copies"),
    path("call/", views_call.call_page, name="call"),
    path("call/<int:number>/", views_call.receipt, name="receipt"),
    path("bundles/<int:bundle_id>/", views_bundles.bundle_page, name="bundle"),
    path("draws/", views_draws.draws_page, name="draws"),
    path("draws/<int:draw_id>/finding", views_draws.finding, name="draw-finding"),
    path("draws/<int:draw_id>/take-back", views_draws.take_back, name="draw-take-back"),
    path("figures/", views_figures.figures_page, name="figures"),
    path("policy/", views_policy.policy_page, name="policy"),
    path("policy/take-back", views_policy.take_back, name="policy-take-back"),
    path("policy/propose/", views_policy.propose, name="policy-propose"),
    path(_POLICY, views_policy.version, name="policy-version"),
    path(f"{_POLICY}try", views_policy.try_on_history, name="policy-try"),
    path(f"{_POLICY}publish", views_policy.publish, name="policy-publish"),
    path(f"{_POLICY}movers.csv", views_policy.movers_csv, name="policy-movers"),
    path("books/", views_books.books_page, name="books"),
    path("books.csv", views_books.books_csv, name="books-csv"),
]
