"""From a form's document to what the API's own reader makes of it.

The document is written as XML and read again, so that a report by hand meets every rule that
one by the API meets, and carries the same warnings.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.conf import settings

from tipline.ground.foundation import clock
from tipline.record.reports.reading import Problem, Reading, read_file_details, read_report
from tipline.record.reports.writing import file_details_xml, report_xml


def read_again(document: Mapping[str, Any]) -> Reading:
    """A report document as the reader of the API sees it."""
    xml = report_xml(document)
    return read_report(xml, strict=settings.TIPLINE_ESP_STRICT, now=clock.now())


def read_details_again(document: Mapping[str, Any]) -> Reading:
    """File details as the reader of the API sees them."""
    xml = file_details_xml(document)
    return read_file_details(xml, strict=settings.TIPLINE_ESP_STRICT, now=clock.now())


def as_warnings(found: Sequence[Problem]) -> list[dict[str, Any]]:
    """Warnings as they are stored; nobody has seen the XML, so they name no line of it."""
    return [{**asdict(problem), "line": None} for problem in found]


def canonical(document: Mapping[str, Any]) -> bytes:
    """The same facts as the same bytes: what the books keep of a form."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
