from __future__ import annotations

from django.apps import AppConfig


class EnrichmentConfig(AppConfig):
    name = "tipline.insight.enrichment"
    label = "enrichment"
