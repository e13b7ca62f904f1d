"""Sends anything to the reporting API and checks what every answer must be."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from tests.ispws.strict_client import ApiError, Guessing, Ordered, WireError, parse
from tests.personas import World, basic

from tipline.record.evidence.models import EvidenceFile
from tipline.record.intake.models import RefusedCall, Submission
from tipline.record.reports.models import Report

REFUSALS = {4000, 4100, 4110, 4200, 5001, 5002, 5101, 5102}
SMALL = (
    b"<report><incidentSummary><incidentType>Child Sex Trafficking</incidentType>"
    b"<incidentDateTime>2026-02-03T04:05:06Z</incidentDateTime></incidentSummary><reporter>"
    b"<reportingPerson><email>desk@esp.example</email></reportingPerson></reporter></report>"
)


@dataclass
class HostileDoor:
    """Each :meth:`send` is one request; it must be answered well and booked exactly once."""

    world: World
    sent: int = 0
    codes: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._client = Client(headers=basic("harborline"))
        answer = self._client.post("/ispws/submit", data=SMALL, content_type="text/xml")
        self.number = int(parse(answer.content).children[2].text)

    def send(
        self, path: str, body: bytes, content_type: str = "text/xml", **headers: str
    ) -> tuple[int, Any]:
        """The code of the answer and the answer; checks shape, books and store."""
        before = self._state()
        answer = self._client.post(
            f"/ispws/{path}", data=body, content_type=content_type, headers=headers
        )
        code = self._code(path, answer)
        self._check_effect(path, code, before, self._state())
        self.sent += 1
        self.codes[code] = self.codes.get(code, 0) + 1
        return code, answer

    def _code(self, path: str, answer: Any) -> int:
        """What both strict clients read; anything they cannot read fails the test."""
        assert answer.status_code == 200, (answer.status_code, answer.content[:300])
        codes = set()
        for kind in (Ordered, Guessing):
            client = kind(None)
            client.check_frame(answer, 200)
            read = client.read_done if path == "finish" else client.read_response
            try:
                codes.add(read(parse(answer.content)).code)
            except ApiError as refusal:
                codes.add(refusal.code)
            except WireError as error:
                raise AssertionError(answer.content[:300]) from error
        assert len(codes) == 1
        assert codes <= REFUSALS | {0}
        return codes.pop()

    def _state(self) -> tuple[int, int, int, int]:
        return (
            Submission.objects.count(),
            RefusedCall.objects.count(),
            Report.objects.count(),
            EvidenceFile.objects.count(),
        )

    @staticmethod
    def _check_effect(
        path: str, code: int, before: tuple[int, ...], after: tuple[int, ...]
    ) -> None:
        submissions, refused, reports, files = (b - a for a, b in zip(before, after, strict=True))
        if path == "submit":
            assert (submissions, refused, reports) == (1, 0, 1 if code == 0 else 0)
        else:
            assert (submissions, refused, reports) == (0, 0 if code == 0 else 1, 0)
        assert files == (1 if path == "upload" and code == 0 else 0)
        assert list((_store() / "tmp").iterdir()) == []

    @staticmethod
    def check_store() -> None:
        """As many objects as files: nothing refused left bytes behind."""
        objects = sum(1 for path in _store().rglob("*") if path.is_file())
        assert objects == EvidenceFile.objects.count()


def _store() -> Path:
    folder = Path(str(settings.TIPLINE_STORE).removeprefix("file://"))
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    return folder
