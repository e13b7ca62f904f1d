"""One planned report, from submit to its ending."""

from __future__ import annotations

import hashlib
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any

from simulator.planning.attachments import Attachment
from simulator.planning.plan import PlannedReport, file_bytes
from simulator.wire.caller import Caller, CallLog, RefusedError, UnreachableError
from simulator.wire.calls import id_call, upload_call, xml_call
from simulator.wire.connections import Credential
from simulator.wire.responses import Answer, AnswerDefectError


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that the instance acknowledged."""

    number: int
    file_id: str
    md5: str
    sha256: str
    size: int


@dataclass(slots=True)
class Delivered:
    """What became of one planned report.

    ``outcome``: ``finished``, ``retracted``, ``abandoned`` as planned, or ``refused`` (the
    instance said no), ``failed`` (no answer), ``defect`` (an answer that nobody can read).
    ``resent``: calls sent again although the first may have been carried out: each may have
    left an unfinished report or a second copy of a file behind.
    """

    planned: PlannedReport
    outcome: str = ""
    report_number: str = ""
    code: int = 0
    description: str = ""
    files: list[SentFile] = field(default_factory=list)
    retries: int = 0
    resent: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The truth and what the instance made of it: one line of the truth file."""
        truth = self.planned.truth.as_json()
        sent = {file.number: file for file in self.files}
        for number, entry in enumerate(truth["files"]):
            if number in sent:
                file = sent[number]
                entry |= {"file_id": file.file_id, "sha256": file.sha256, "size": file.size}
        return {
            "report_number": self.report_number,
            "outcome": self.outcome,
            "code": self.code,
            "description": self.description,
            "resent": list(self.resent),
            **truth,
        }


def deliver(
    planned: PlannedReport, caller: Caller, credential: Credential, uploads: Executor
) -> Delivered:
    """Send the report; errors become its outcome. Uploads run in parallel on ``uploads``."""
    delivered, log = Delivered(planned), CallLog()
    sender = _Sender(planned, caller, credential, log)
    try:
        delivered.report_number = sender.submit()
        delivered.files = sender.upload_all(delivered.report_number, uploads)
        delivered.outcome = sender.end(delivered.report_number, delivered.files)
    except RefusedError as error:
        delivered.outcome, delivered.code = "refused", error.code
        delivered.description = str(error)
    except UnreachableError as error:
        delivered.outcome, delivered.description = "failed", str(error)
    except AnswerDefectError as error:
        delivered.outcome, delivered.description = "defect", str(error)
    delivered.retries, delivered.resent = log.retries, tuple(log.resent)
    return delivered


class _Sender:
    def __init__(
        self, planned: PlannedReport, caller: Caller, credential: Credential, log: CallLog
    ) -> None:
        self.planned, self.style = planned, planned.style
        self._caller, self._credential, self._log = caller, credential, log

    def submit(self) -> str:
        answer = self._caller.perform(
            xml_call("submit", self.planned.xml(), self.style), self._credential, self._log
        )
        if answer.report_id == "0":
            raise AnswerDefectError("submit: code 0 without a report number")
        return answer.report_id

    def upload_all(self, report_id: str, uploads: Executor) -> list[SentFile]:
        """All files, in as many lanes as the client opens at once."""
        files, lanes = self.planned.files, self.style.parallel
        jobs = [
            uploads.submit(self._upload_lane, report_id, files[lane::lanes])
            for lane in range(min(lanes, len(files)))
        ]
        # wait for every lane before the first error is told: none may still be sending
        errors = [error for job in jobs if (error := job.exception())]
        if errors:
            raise errors[0]
        return sorted((file for job in jobs for file in job.result()), key=lambda f: f.number)

    def _upload_lane(self, report_id: str, files: tuple[Attachment, ...]) -> list[SentFile]:
        return [self._upload(report_id, file) for file in files]

    def _upload(self, report_id: str, file: Attachment) -> SentFile:
        data = file_bytes(file)
        call = upload_call(report_id, data, file.name, file.media_type, self.style)
        answer = self._caller.perform(call, self._credential, self._log)
        md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
        if not answer.file_id or answer.report_id != report_id or answer.digest != md5:
            raise AnswerDefectError("upload: no file number, or another report or digest")
        if file.described:
            document = self.planned.details_xml(file, report_id, answer.file_id)
            details = xml_call("fileinfo", document, self.style)
            self._caller.perform(details, self._credential, self._log)
        digest = hashlib.sha256(data).hexdigest()
        return SentFile(file.number, answer.file_id, md5, digest, len(data))

    def end(self, report_id: str, files: list[SentFile]) -> str:
        if self.planned.ending == "abandon":
            return "abandoned"
        call = id_call(self.planned.ending, report_id, self.style)
        answer = self._caller.perform(call, self._credential, self._log)
        if self.planned.ending == "retract":
            return "retracted"
        self._check_finished(answer, report_id, {file.file_id for file in files})
        return "finished"

    def _check_finished(self, answer: Answer, report_id: str, file_ids: set[str]) -> None:
        if answer.report_id != report_id:
            raise AnswerDefectError("finish: another report number")
        if answer.code:  # finished by an attempt whose answer was lost: nothing is listed
            return
        listed = set(answer.files)
        resent = "upload" in self._log.resent
        if len(listed) != len(answer.files) or not listed >= file_ids:
            raise AnswerDefectError("finish: a file is missing or listed twice")
        if listed != file_ids and not resent:
            raise AnswerDefectError("finish: lists files that were never sent")
