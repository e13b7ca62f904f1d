"""Addresses of the way in."""

from __future__ import annotations

from django.urls import path

from tipline.doors.portals.entrance import views

urlpatterns = [
    path("", views.home, name="home"),
    path("login/", views.sign_in_page, name="sign-in"),
    path("logout/", views.sign_out, name="sign-out"),
]
