from __future__ import annotations

from django.apps import AppConfig


class PipelineConfig(AppConfig):
    name = "tipline.pipeline"
    label = "pipeline"

    def ready(self) -> None:
        from tipline.pipeline import subscriptions  # noqa: PLC0415 - models must be loaded first

        subscriptions.register()
