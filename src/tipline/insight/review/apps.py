from __future__ import annotations

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "tipline.insight.review"
    label = "review"
