"""Addresses of the administrators' desk."""

from __future__ import annotations

from django.urls import path

from tipline.doors.portals.staff import (
    views_books,
    views_exchange,
    views_jobs,
    views_ledger,
    views_organisations,
    views_overview,
    views_people,
    views_profiles,
    views_sharers,
    views_vault,
)

app_name = "staff"
_ORGANISATION = "organisations/<int:organisation_id>/"
_CREDENTIAL = "credentials/<int:credential_id>/"
_SOURCE = "exchange/lists/<slug:slug>/"
_SHARER = "exchange/members/<int:member_id>/"
_GRANT = f"{_SHARER}lists/<slug:slug>/"
_ACCOUNT = "exchange/accounts/<int:credential_id>/"
_PERSON = "people/<int:person_id>/"

urlpatterns = [
    path("", views_overview.overview, name="overview"),
    path("books/", views_books.books_page, name="books"),
    path("books.csv", views_books.books_csv, name="books-csv"),
    path("jobs/", views_jobs.jobs_page, name="jobs"),
    path("jobs/requeue/", views_jobs.requeue_jobs, name="requeue"),
    path("vault/", views_vault.vault_page, name="vault"),
    path("vault/check/", views_vault.check_vault, name="vault-check"),
    path("keys/", views_vault.keys_page, name="keys"),
    path("organisations/", views_organisations.organisations, name="organisations"),
    path("organisations/new/", views_organisations.add, name="organisation-add"),
    path(_ORGANISATION, views_organisations.organisation, name="organisation"),
    path(f"{_ORGANISATION}credentials/", views_organisations.issue, name="credential-issue"),
    path(f"{_CREDENTIAL}revoke/", views_organisations.revoke, name="credential-revoke"),
    path(f"{_CREDENTIAL}restore/", views_organisations.restore, name="credential-restore"),
    path(f"{_ORGANISATION}profile/", views_profiles.profile, name="profile"),
    path("exchange/", views_exchange.exchange, name="exchange"),
    path(_SOURCE, views_exchange.source, name="source"),
    path(f"{_SOURCE}stop/", views_exchange.stop, name="source-stop"),
    path(f"{_SOURCE}resume/", views_exchange.resume, name="source-resume"),
    path(f"{_SOURCE}pull/", views_exchange.pull_soon, name="source-pull"),
    path("exchange/members/new/", views_sharers.add, name="sharer-add"),
    path(_SHARER, views_sharers.member, name="sharer"),
    path(f"{_SHARER}lists/", views_sharers.grant, name="sharer-grant"),
    path(f"{_GRANT}withdraw/", views_sharers.withdraw, name="sharer-withdraw"),
    path(f"{_GRANT}return/<int:votes>/", views_sharers.give_back, name="sharer-give-back"),
    path(f"{_SHARER}accounts/", views_sharers.issue, name="sharer-issue"),
    path(f"{_ACCOUNT}revoke/", views_sharers.revoke, name="sharer-revoke"),
    path(f"{_ACCOUNT}restore/", views_sharers.restore, name="sharer-restore"),
    path("people/", views_people.people, name="people"),
    path("people/new/", views_people.add, name="person-add"),
    path(f"{_PERSON}suspend/", views_people.suspend, name="person-suspend"),
    path(f"{_PERSON}reinstate/", views_people.reinstate, name="person-reinstate"),
    path("ledger/", views_ledger.ledger, name="ledger"),
    path("ledger/verify/", views_ledger.verify_ledger, name="ledger-verify"),
]
