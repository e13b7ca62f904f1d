"""Addresses of the evidence origin."""

from __future__ import annotations

from django.urls import path

from tipline.doors.portals.evidence import views

app_name = "evidence"
urlpatterns = [path("files/<str:text>", views.file, name="file")]
