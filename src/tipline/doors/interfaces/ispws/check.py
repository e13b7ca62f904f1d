"""``POST /ispws/check``: what a report would meet, in JSON. Nothing is stored or booked.

A body of XML is the report. A multipart body has the part ``report``, any number of parts
``fileDetails``, and perhaps ``files``: how many files will be uploaded. Files are not taken.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from tipline.doors import bodies
from tipline.doors.interfaces.ispws import answers
from tipline.doors.interfaces.ispws.authentication import credential_of
from tipline.doors.interfaces.ispws.codes import Code
from tipline.doors.interfaces.ispws.frame import framed
from tipline.doors.multipart import MalformedMultipart, MultipartReader, Part
from tipline.ground.accounts.queries import esp_facts, newest_esp_profile
from tipline.ground.foundation import clock
from tipline.ground.foundation.errors import Invalid
from tipline.insight.triage.services import policy
from tipline.pipeline.check.rules_check import MOST_FILES, Draft, Sender
from tipline.pipeline.check.rules_check import check as checked
from tipline.pipeline.check.shown import as_json

_PARTS = "Send the parts report, fileDetails and files."


def _check(request: HttpRequest) -> HttpResponse:
    row = credential_of(request)
    if row is None:
        return answers.unauthenticated()
    if request.method != "POST":
        return answers.wrong_method("check", "POST")
    try:
        draft = draft_of(request)
    except bodies.BodyTooLarge as error:
        return _not_checked(413, str(error))
    except (bodies.BodyCutOff, MalformedMultipart) as error:
        return _not_checked(400, str(error))
    except Invalid as error:
        return _not_checked(400, f"{error.field}: {error.message}")
    esp = row.organisation
    sender = Sender(esp_facts(newest_esp_profile(esp.pk)), esp.name)
    strict: bool = settings.TIPLINE_ESP_STRICT
    found = checked(draft, sender, policy(), clock.now(), strict=strict)
    return JsonResponse(as_json("report", found), json_dumps_params={"ensure_ascii": False})


check = framed("check", _check)


def _not_checked(status: int, words: str) -> HttpResponse:
    """No check was made: the request itself is wrong."""
    error = {"code": int(Code.INVALID_REQUEST), "message": words}
    return JsonResponse({"error": error}, status=status)


def draft_of(request: HttpRequest) -> Draft:
    """What is to be checked. Raises BodyTooLarge, BodyCutOff, MalformedMultipart and Invalid."""
    limit: int = settings.TIPLINE_LARGEST_BODY
    if not request.META.get("CONTENT_TYPE", "").lower().lstrip().startswith("multipart/"):
        return Draft(bodies.whole(request, limit))
    parts = _Parts(limit)
    reader = bodies.multipart(request)
    for part in reader.parts():
        parts.take(part, reader)
    return parts.draft()


class _Parts:
    """The parts of one check, all of them together within the limit of one body."""

    def __init__(self, limit: int) -> None:
        self._limit = self._left = limit
        self._report: bytes | None = None
        self._details: list[bytes] = []
        self._files: int | None = None

    def take(self, part: Part, reader: MultipartReader) -> None:
        match part.name:
            case "report":
                if self._report is not None:
                    raise Invalid("Send one report in each check.", field="report")
                self._report = self._whole(reader)
            case "fileDetails":
                self._details.append(self._whole(reader))
            case "files":
                self._files = _count(bodies.short(reader))
            case _:
                # Not even looked at: the bytes of a file must never travel for a check.
                raise Invalid(f"A check takes no such part. {_PARTS}", field=part.name[:80])

    def _whole(self, reader: MultipartReader) -> bytes:
        body = bytearray()
        for piece in reader.data():
            body += piece
            if len(body) > self._left:
                raise bodies.BodyTooLarge(self._limit, b"")
        self._left -= len(body)
        return bytes(body)

    def draft(self) -> Draft:
        if self._report is None:
            raise Invalid(f"Send the report's XML. {_PARTS}", field="report")
        return Draft(self._report, self._details, self._files)


def _count(text: str) -> int:
    """How many files there will be."""
    if not (text.strip().isdecimal() and len(text.strip()) < 9):
        raise Invalid(f"Give a number from 0 to {MOST_FILES}.", field="files")
    return min(int(text), MOST_FILES)
