from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ListsConfig(AppConfig):
    name = "tipline.insight.lists"
    label = "lists"

    def ready(self) -> None:
        from tipline.insight.lists import words  # noqa: F401, PLC0415 - registers the words of its reasons
        from tipline.insight.lists.own import make_own_lists  # noqa: PLC0415 - rooms first

        post_migrate.connect(make_own_lists, sender=self, dispatch_uid="own lists")
