"""The Django app that carries the templates, the static files and the template tags."""

from __future__ import annotations

from django.apps import AppConfig


class LookConfig(AppConfig):
    """No models; label ``look``."""

    name = "tipline.doors.portals.look"
    label = "look"
