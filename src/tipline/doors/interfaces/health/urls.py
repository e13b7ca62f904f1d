"""Addresses for those who run a deployment."""

from __future__ import annotations

from django.urls import path

from tipline.doors.interfaces.health import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]
