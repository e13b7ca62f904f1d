from __future__ import annotations

from django.apps import AppConfig


class EnrichmentConfig(AppConfig):
    name = "tipline.insight.enrichment"
    label = "enrichment"

    def ready(self) -> None:
        from tipline.ground.places import words  # noqa: F401, PLC0415 - registers words of places
