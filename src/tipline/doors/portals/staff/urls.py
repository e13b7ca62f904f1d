"""Addresses of the administrators' desk."""

from __future__ import annotations

from django.urls import path

from tipline.doors.portals.staff import (
    views_books,
    views_jobs,
    views_ledger,
    views_organisations,
    views_overview,
    views_people,
    views_profiles,
    views_vault,
)

app_name = "staff"
_ORGANISATION = "organisations/<int:organisation_id>/"
_CREDENTIAL = "credentials/<int:credential_id>/"
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
    path("people/", views_people.people, name="people"),
    path("people/new/", views_people.add, name="person-add"),
    path(f"{_PERSON}suspend/", views_people.suspend, name="person-suspend"),
    path(f"{_PERSON}reinstate/", views_people.reinstate, name="person-reinstate"),
    path("ledger/", views_ledger.ledger, name="ledger"),
    path("ledger/verify/", views_ledger.verify_ledger, name="ledger-verify"),
]
