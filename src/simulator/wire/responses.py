"""Answers of an instance, read as the strictest real client reads them.

Fixed names in the schema's order, no namespace, no attributes, no empty description
(developers' reference ``esp-wire.md``, section 2). An answer that such a client could not
read is a defect of the instance and raises :class:`AnswerDefectError`.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_DECLARATION = re.compile(r"\ufeff?<\?xml[^>]*\?>")
_LEAF = re.compile(r"\s*<(\w+)(?:\s*/>|>([^<]*)</\1\s*>)")
_FILES = re.compile(r"\s*<files(?:\s*/>|>(.*?)</files\s*>)", re.DOTALL)
_ORDER = ("responseCode", "responseDescription", "reportId", "fileId", "hash")


class AnswerDefectError(Exception):
    """The answer is not what the API promises; a strict client would fail here."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A ``reportResponse`` or ``reportDoneResponse``; absent elements are empty."""

    code: int
    description: str = ""
    report_id: str = ""
    file_id: str = ""
    digest: str = ""
    files: tuple[str, ...] = ()


def report_response(body: bytes, *, with_report: bool = True) -> Answer:
    """Read a ``reportResponse``. ``with_report``: ``reportId`` must be there (not for status)."""
    found = _leaves(_inside(body, "reportResponse"))
    names = [name for name, _ in found]
    if names != [name for name in _ORDER if name in names]:
        raise AnswerDefectError(f"elements {names} are not in the schema's order, or unknown")
    values = dict(found)
    if not values.get("responseDescription"):
        raise AnswerDefectError("responseDescription is missing or empty")
    if with_report and "reportId" not in values:
        raise AnswerDefectError("reportId is missing")
    return Answer(
        code=_code(values),
        description=values["responseDescription"],
        report_id=_report_id(values.get("reportId", "0")),
        file_id=values.get("fileId", ""),
        digest=values.get("hash", ""),
    )


def done_response(body: bytes) -> Answer:
    """Read a ``reportDoneResponse``: code, report, files; a description may follow at the end."""
    inside = _inside(body, "reportDoneResponse")
    listed = _FILES.search(inside)
    if listed is None:
        raise AnswerDefectError("files is missing")
    before = _leaves(inside[: listed.start()])
    after = _leaves(inside[listed.end() :])
    files = _leaves(listed[1] or "")
    if [name for name, _ in before] != ["responseCode", "reportId"]:
        raise AnswerDefectError("reportDoneResponse must begin with responseCode and reportId")
    if [name for name, _ in after] not in ([], ["responseDescription"]):
        raise AnswerDefectError("only responseDescription may follow files")
    if any(name != "fileId" or not value for name, value in files):
        raise AnswerDefectError("files may hold only fileId")
    values = dict(before)
    return Answer(
        code=_code(values),
        description=dict(after).get("responseDescription", ""),
        report_id=_report_id(values["reportId"]),
        files=tuple(value for _, value in files),
    )


def _inside(body: bytes, root: str) -> str:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise AnswerDefectError("the answer is not UTF-8") from error
    text = _DECLARATION.sub("", text, count=1).strip()
    opening, closing = f"<{root}>", f"</{root}>"
    if not (text.startswith(opening) and text.endswith(closing)):
        raise AnswerDefectError(f"the answer is no {root} without namespace: {text[:80]!r}")
    return text[len(opening) : -len(closing)]


def _leaves(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(text.rstrip()):
        leaf = _LEAF.match(text, at)
        if leaf is None:
            raise AnswerDefectError(f"no plain element at {text[at : at + 60]!r}")
        found.append((leaf[1], html.unescape(leaf[2] or "")))
        at = leaf.end()
    return found


def _code(values: dict[str, str]) -> int:
    if not values.get("responseCode", "").isdecimal():
        raise AnswerDefectError("responseCode is missing or no number")
    return int(values["responseCode"])


def _report_id(text: str) -> str:
    if not (text.isascii() and text.isdecimal() and int(text) < 2**53):
        raise AnswerDefectError(f"reportId {text!r} is no whole number below 2^53")
    return text
