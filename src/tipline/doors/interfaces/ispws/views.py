"""The seven endpoints. A view reads: parse, call, answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tipline.doors import bodies
from tipline.doors.interfaces.ispws import answers
from tipline.doors.interfaces.ispws.authentication import credential_of
from tipline.doors.interfaces.ispws.codes import Code
from tipline.doors.interfaces.ispws.frame import Call, Refused, endpoint, framed
from tipline.doors.multipart import MalformedMultipart, MultipartReader, Part
from tipline.ground.foundation import clock
from tipline.ground.foundation.errors import Conflict, TiplineError
from tipline.ground.foundation.ids import report_number
from tipline.record.evidence import vault
from tipline.record.intake import services as intake
from tipline.record.intake.services import Arrival, Incoming
from tipline.record.reports.doors import Door
from tipline.record.reports.queries import own_report
from tipline.record.reports.reading import Problem, Reading, read_file_details, read_report
from tipline.record.reports.xsd import schema_document

_SHOWN_PROBLEMS = 5


def _number(call: Call, text: str) -> int:
    """The report number a call names; remembered for the answer."""
    try:
        number = report_number(text)
    except TiplineError as error:
        raise Refused(Code.INVALID_REQUEST, f"id: {error.message}") from error
    call.request.tipline_number = number  # type: ignore[attr-defined]
    return number


@endpoint("GET")
def status(call: Call) -> HttpResponse:
    address = call.request.META.get("REMOTE_ADDR", "") or "unknown"
    return answers.status(f"Remote User : {call.actor.name}, Remote Ip : {address}")


@endpoint("GET")
def xsd(call: Call) -> HttpResponse:  # noqa: ARG001 - the frame has checked who asks
    return HttpResponse(schema_document(), content_type="application/xml;charset=UTF-8")


@endpoint("POST")
def submit(call: Call) -> HttpResponse:
    try:
        raw = bodies.whole(call.request, settings.TIPLINE_LARGEST_BODY)
    except (bodies.BodyTooLarge, bodies.BodyCutOff) as error:
        return _refuse_submission(call, error.begun, Code.INVALID_REQUEST, str(error))
    reading = read_report(raw, strict=settings.TIPLINE_ESP_STRICT, now=clock.now())
    if not reading.accepted:
        code = Code(reading.response_code)
        return _refuse_submission(call, raw, code, _in_words(reading), reading.problems)
    arrival = Arrival(Door.ISPWS, raw, call.esp, call.retry_key)
    try:
        submitted = intake.submit(
            call.actor, arrival, reading.document, [asdict(w) for w in reading.warnings]
        )
    except Conflict as error:
        return _refuse_submission(call, raw, Code.INVALID_REQUEST, error.message)
    return answers.answer(Code.SUCCESS, report_id=submitted.number)


def _refuse_submission(
    call: Call, raw: bytes, code: Code, words: str, problems: Sequence[Problem] = ()
) -> HttpResponse:
    intake.refuse_submission(
        Arrival(Door.ISPWS, raw, call.esp), str(int(code)), [asdict(p) for p in problems]
    )
    return answers.answer(code, words=words)


def _in_words(reading: Reading) -> str:
    shown = [
        f"Line {p.line}: {p.path}: {p.message} {p.fix}".replace("  ", " ").strip()
        for p in reading.problems[:_SHOWN_PROBLEMS]
    ]
    more = len(reading.problems) - len(shown)
    return " ".join(shown) + (f" And {more} more." if more > 0 else "")


@endpoint("POST")
def fileinfo(call: Call) -> HttpResponse:
    try:
        raw = bodies.whole(call.request, settings.TIPLINE_LARGEST_BODY)
    except bodies.BodyTooLarge as error:
        raise Refused(Code.INVALID_REQUEST, str(error)) from error
    reading = read_file_details(raw, strict=settings.TIPLINE_ESP_STRICT, now=clock.now())
    number = _number_in(reading.document)
    call.request.tipline_number = number  # type: ignore[attr-defined]
    if not reading.accepted:
        raise Refused(
            Code(reading.response_code),
            _in_words(reading),
            number=number,
            problems=reading.problems,
        )
    report = own_report(call.actor, number)
    file_id = str(reading.document["fileId"])
    warnings = [asdict(w) for w in reading.warnings]
    file = intake.file_details(call.actor, report, file_id, reading.document, warnings)
    return answers.answer(Code.SUCCESS, report_id=number, file_id=file.file_id)


def _number_in(document: dict[str, Any]) -> int:
    number = document.get("reportId")
    return number if isinstance(number, int) and 0 < number < 2**53 else 0


@endpoint("POST")
def finish(call: Call) -> HttpResponse:
    number = _number(call, _id_field(call))
    file_ids = intake.finish(call.actor, own_report(call.actor, number))
    return answers.done(number, file_ids)


@endpoint("POST")
def retract(call: Call) -> HttpResponse:
    number = _number(call, _id_field(call))
    intake.retract(call.actor, own_report(call.actor, number))
    return answers.answer(Code.SUCCESS, report_id=number)


def _id_field(call: Call) -> str:
    try:
        value = bodies.form_value(call.request, "id")
    except (MalformedMultipart, bodies.BodyTooLarge, ValueError) as error:
        raise Refused(Code.INVALID_REQUEST, str(error)) from error
    if not value.strip():
        raise Refused(Code.INVALID_REQUEST, "id: Send the report number in the field id.")
    return value


@endpoint("POST")
def upload(call: Call) -> HttpResponse:
    receiver = _Receiver(call)
    try:
        text, incoming, deposited = receiver.read()
        number = _number(call, text)
        report = own_report(call.actor, number)
    except BaseException:
        receiver.discard()
        raise
    file = intake.receive_file(call.actor, report, incoming, deposited, call.retry_key)
    return answers.answer(Code.SUCCESS, report_id=number, file_id=file.file_id, digest=file.md5)


class _Receiver:
    """Reads an upload once: ``id`` and ``file`` in any order, other fields ignored.

    A number that comes first is checked before the file is taken in. Whatever ends the call
    early leaves no bytes behind.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self.number = ""
        self.incoming: Incoming | None = None
        self.deposited: vault.Deposited | None = None

    def read(self) -> tuple[str, Incoming, vault.Deposited]:
        try:
            reader = bodies.multipart(self._call.request)
            for part in reader.parts():
                self._take(part, reader)
        except MalformedMultipart as error:
            raise Refused(Code.MALFORMED_FILE, str(error)) from error
        if self.incoming is None or self.deposited is None:
            raise Refused(Code.MALFORMED_FILE, "file: Send the bytes in a part named file.")
        if not self.number.strip():
            raise Refused(Code.INVALID_REQUEST, "id: Send the report number in the field id.")
        return self.number, self.incoming, self.deposited

    def _take(self, part: Part, reader: MultipartReader) -> None:
        if part.name == "id":
            self.number = bodies.short(reader)
            if self.deposited is None:
                own_report(self._call.actor, _number(self._call, self.number))
        elif part.name == "file":
            if self.deposited is not None:  # to ignore it would be to lose it
                raise Refused(Code.MALFORMED_FILE, "file: Send one file in each upload.")
            self.incoming = Incoming(reader.data(), part.filename or "", part.content_type)
            self.deposited = intake.deposit(self.incoming)

    def discard(self) -> None:
        if self.deposited is not None:
            vault.discard(self.deposited)


def _unknown(request: HttpRequest) -> HttpResponse:
    if credential_of(request) is None:
        return answers.unauthenticated()
    return answers.no_such_endpoint()


unknown = framed("unknown", _unknown)
