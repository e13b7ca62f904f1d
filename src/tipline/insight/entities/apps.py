from __future__ import annotations

from django.apps import AppConfig


class EntitiesConfig(AppConfig):
    name = "tipline.insight.entities"
    label = "entities"
