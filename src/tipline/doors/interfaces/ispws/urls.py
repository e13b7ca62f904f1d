"""Addresses of the reporting API."""

from __future__ import annotations

from django.urls import path, re_path

from tipline.doors.interfaces.ispws import check, views

urlpatterns = [
    path("status", views.status, name="ispws-status"),
    path("xsd", views.xsd, name="ispws-xsd"),
    path("submit", views.submit, name="ispws-submit"),
    path("upload", views.upload, name="ispws-upload"),
    path("fileinfo", views.fileinfo, name="ispws-fileinfo"),
    path("finish", views.finish, name="ispws-finish"),
    path("retract", views.retract, name="ispws-retract"),
    path("check", check.check, name="ispws-check"),
    re_path(r"^[\s\S]*$", views.unknown, name="ispws-unknown"),
]
