from __future__ import annotations

from django.apps import AppConfig


class EntitiesConfig(AppConfig):
    name = "tipline.insight.entities"
    label = "entities"

    def ready(self) -> None:
        from tipline.insight.entities import words  # noqa: F401, PLC0415 - registers the words of its reasons
        from tipline.insight.entities.scoring import words as bits  # noqa: F401, PLC0415 - the same
