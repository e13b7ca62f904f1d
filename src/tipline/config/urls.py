"""Every address of the product."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("ispws/", include("tipline.doors.interfaces.ispws.urls")),
]
