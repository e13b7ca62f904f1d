from __future__ import annotations

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "tipline.insight.matching"
    label = "matching"
