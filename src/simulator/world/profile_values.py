"""Values of profile files, laid over the defaults of a dataclass, each checked by its kind."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

T = TypeVar("T")


class ProfileError(ValueError):
    """The profile cannot be used; the message says what to change."""


def changed(base: T, data: dict[str, Any], where: str) -> T:
    known = {f.name for f in fields(base)}  # type: ignore[arg-type] # a dataclass by construction
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key not in known:
            raise ProfileError(f"A profile has no field {where + key!r}.")
        values[key] = _value(getattr(base, key), value, where + key)
    return replace(base, **values)  # type: ignore[type-var] # a dataclass by construction


def _value(old: Any, new: Any, where: str) -> Any:
    if is_dataclass(old):
        if not isinstance(new, dict):
            raise ProfileError(f"{where!r} must be an object.")
        return changed(old, new, where + ".")
    if isinstance(old, datetime):
        return parse_instant(str(new), where)
    wanted: tuple[type, ...] = (int, float) if isinstance(old, float) else (type(old),)
    if isinstance(new, bool) or not isinstance(new, wanted):
        raise ProfileError(f"{where!r} must be of the kind of {old!r}.")
    return float(str(new)) if isinstance(old, float) else new


def parse_instant(text: str, where: str) -> datetime:
    """An ISO 8601 instant; without a zone it is read as UTC."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ProfileError(f"{where!r} must be a date or time in ISO 8601.") from error
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
