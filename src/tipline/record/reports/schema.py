"""The schema of reports and file details: one table, from which everything else is derived.

``REPORT`` and ``FILE_DETAILS`` are what providers send, the two responses what they get.
A row is an :class:`~tipline.record.reports.schema_terms.Element`; rows are written in
``schema_report``, ``schema_files`` and ``schema_shared``, simple types in ``schema_types``.
"""

from __future__ import annotations

from tipline.record.reports.schema_files import (
    FILE_DETAILS,
    REPORT_DONE_RESPONSE,
    REPORT_RESPONSE,
)
from tipline.record.reports.schema_report import REPORT
from tipline.record.reports.schema_terms import Attribute, Base, Complex, Element, Model, Simple

ROOTS = (REPORT, FILE_DETAILS, REPORT_RESPONSE, REPORT_DONE_RESPONSE)

__all__ = [
    "FILE_DETAILS",
    "REPORT",
    "REPORT_DONE_RESPONSE",
    "REPORT_RESPONSE",
    "ROOTS",
    "Attribute",
    "Base",
    "Complex",
    "Element",
    "Model",
    "Simple",
]
