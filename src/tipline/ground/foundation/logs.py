"""Structured logs without personal values.

Only fields on the allow-list leave the process; anything else is dropped and its name is
listed, so that a careless call loses a value instead of publishing one. An exception shows
its type and where it happened, never its message.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "kind", "job", "attempt", "error", "name",
        "report", "file", "case", "esp", "agency", "actor", "request_id", "method", "route",
        "status", "code", "milliseconds", "count", "size", "worker", "lane", "stage", "version",
        "where", "since", "until", "host", "port", "pid", "dropped",
    }
)  # fmt: skip


def _allow_listed(
    _logger: Any, _method: str, fields: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    dropped = sorted(set(fields) - ALLOWED)
    kept = {key: value for key, value in fields.items() if key in ALLOWED}
    if dropped:
        kept["dropped"] = dropped
    return kept


def _where(
    _logger: Any, _method: str, fields: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    info = fields.pop("exc_info", None)
    error = info if isinstance(info, BaseException) else sys.exc_info()[1] if info else None
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)[-3:]
        fields["error"] = type(error).__name__
        fields["where"] = [f"{frame.name}:{frame.lineno}" for frame in frames]
    return fields


class _Bridge(logging.Handler):
    """Library log records come through the same door: logger, level and place, no message."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        structlog.get_logger().log(
            record.levelno,
            "library message",
            logger=record.name,
            where=f"{record.module}:{record.lineno}",
            exc_info=error,
        )


def configure(level: int = logging.INFO) -> None:
    """Send everything to stderr as one JSON object a line."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _where,
            _allow_listed,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_Bridge()]
    root.setLevel(logging.WARNING)
