"""Every address of the evidence origin. No page, no API, nothing static."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("tipline.doors.portals.evidence.urls"))]
