"""Stub in progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def report_xml(document: Mapping[str, Any]) -> bytes:
    raise NotImplementedError


def file_details_xml(document: Mapping[str, Any]) -> bytes:
    raise NotImplementedError


def report_response(
    code: int, description: str, *, report_id: int | None = None, file_id: str = "", digest: str = ""
) -> bytes:
    raise NotImplementedError


def report_done_response(
    code: int, *, report_id: int = 0, file_ids: Sequence[str] = (), description: str = ""
) -> bytes:
    raise NotImplementedError
