from __future__ import annotations

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "tipline.insight.matching"
    label = "matching"

    def ready(self) -> None:
        from tipline.insight.matching import words  # noqa: F401, PLC0415 - registers the words of its reasons
