from __future__ import annotations

from django.apps import AppConfig


class TriageConfig(AppConfig):
    name = "tipline.insight.triage"
    label = "triage"

    def ready(self) -> None:
        from tipline.insight.triage import words  # noqa: F401, PLC0415 - registers the words of its reasons
