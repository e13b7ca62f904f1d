"""Addresses of the hash exchange: one application root for each list."""

from __future__ import annotations

from django.urls import path, re_path

from tipline.doors.interfaces.hash_exchange import views

_ROOT = "<slug:slug>/"
_ENTRY = "entries/<int:member_id>/<str:key>/<str:kind>"

urlpatterns = [
    path(f"{_ROOT}v2/status", views.status, name="hashes-status"),
    path(f"{_ROOT}v2/members", views.members, name="hashes-members"),
    path(f"{_ROOT}v2/entries", views.entries, name="hashes-entries"),
    path(f"{_ROOT}v2/feedback/<str:kind>/reasons", views.reasons, name="hashes-reasons"),
    path(f"{_ROOT}v2/categorizations", views.categorizations, name="hashes-categorizations"),
    path(f"{_ROOT}v2/{_ENTRY}/feedback", views.feedback, name="hashes-feedback"),
    # Older clients leave the version out, in this one path.
    path(f"{_ROOT}{_ENTRY}/feedback", views.feedback, name="hashes-feedback-old"),
    path(f"{_ROOT}v2/{_ENTRY}", views.large, name="hashes-large"),
    re_path(r"^(?P<slug>[-\w]+)/(?P<rest>[\s\S]*)$", views.unknown, name="hashes-unknown"),
]
