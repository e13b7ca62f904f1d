"""Stub in progress."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    OPEN = "open"
    FINISHED = "finished"
    RETRACTED = "retracted"
    EXPIRED = "expired"


class Verb(StrEnum):
    UPLOAD = "upload"
    FILE_DETAILS = "fileinfo"
    FINISH = "finish"
    RETRACT = "retract"
    EXPIRE = "expire"


def expires_at(opened_at: datetime, modified_at: datetime | None) -> datetime:
    raise NotImplementedError


def transition(state: State | None, verb: Verb) -> State | int:
    raise NotImplementedError


def preservation_until(finished_at: datetime) -> datetime:
    raise NotImplementedError


def looks_like_number(file_id: str) -> bool:
    raise NotImplementedError


def acceptable_file_id(file_id: str) -> bool:
    raise NotImplementedError
