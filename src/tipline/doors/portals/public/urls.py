"""The address of the public form: one, so that a browser's history tells as little as can be."""

from __future__ import annotations

from django.urls import path

from tipline.doors.portals.public import views

app_name = "public"

urlpatterns = [path("", views.report_page, name="report")]
