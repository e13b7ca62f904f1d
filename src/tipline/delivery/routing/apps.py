from __future__ import annotations

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "tipline.delivery.routing"
    label = "routing"

    def ready(self) -> None:
        from tipline.delivery.routing import words  # noqa: F401, PLC0415 - registers the words of its reasons
