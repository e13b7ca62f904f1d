"""Registers the start-up checks with Django, which runs them by their tag."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core import checks


class ConfigConfig(AppConfig):
    name = "tipline.config"
    label = "config"

    def ready(self) -> None:
        checks.register(start_checks, "start")


def start_checks(**_options: Any) -> list[checks.CheckMessage]:
    """All reasons not to start; only those that ask for the tag wait for them."""
    from tipline.config.checks import unsafe  # noqa: PLC0415 - rooms must be loaded first

    return [checks.Error(sentence, id="tipline.start") for sentence in unsafe()]
