from __future__ import annotations

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "tipline.record.evidence"
    label = "evidence"

    def ready(self) -> None:
        from tipline.record.evidence import gate_words  # noqa: F401, PLC0415 - registers the words of its reasons
        from tipline.record.evidence.metadata import words  # noqa: F401, PLC0415 - the same
