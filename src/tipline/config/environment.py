"""Settings come from the environment. A wrong value stops the start with a plain sentence."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from tipline.ground.foundation.sealing import make_secret_file


class WrongSetting(ImproperlyConfigured):
    """Names the variable, what is wrong with it and what to write instead."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def switch(name: str, *, default: bool) -> bool:
    value = text(name, "1" if default else "0")
    if value not in {"0", "1"}:
        raise WrongSetting(f"{name} must be 0 or 1, not {value!r}.")
    return value == "1"


def number(name: str, default: int, *, least: int, most: int) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdecimal() or not least <= int(value) <= most:
        raise WrongSetting(f"{name} must be a whole number from {least} to {most}, not {value!r}.")
    return int(value)


def one_of(name: str, default: str, allowed: Iterable[str]) -> str:
    value, words = text(name, default).lower(), tuple(allowed)
    if value not in words:
        raise WrongSetting(f"{name} must be one of {', '.join(words)}, not {value!r}.")
    return value


def folder(name: str, default: str) -> Path:
    path = Path(text(name, default)).expanduser().resolve()
    if path.exists() and not path.is_dir():
        raise WrongSetting(f"{name} must name a folder, and {path.name!r} is a file.")
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise WrongSetting(f"{name}: the folder cannot be made ({error.strerror}).") from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise WrongSetting(f"{name}: this user may not write in the folder.")
    return path


def web_address(name: str, default: str) -> str:
    value = text(name, default).rstrip("/")
    try:
        parts = urlsplit(value)
        fits = bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:  # a port or a host that is none
        fits = False
    if not fits or parts.scheme not in {"http", "https"}:
        raise WrongSetting(f"{name} must be an address such as https://tips.example.org.")
    return value


def origin(name: str, default: str) -> str:
    """Scheme, host and port alone: a path here would be left out in one place or another."""
    value = web_address(name, default)
    parts = urlsplit(value)
    if value != f"{parts.scheme}://{parts.netloc}":
        raise WrongSetting(f"{name} must end after the name, as https://tips.example.org does.")
    return value


def addresses(name: str) -> tuple[str, ...]:
    """IP addresses, apart by commas or spaces."""
    try:
        return tuple(str(ipaddress.ip_address(one)) for one in text(name).replace(",", " ").split())
    except ValueError as error:
        raise WrongSetting(f"{name} must list IP addresses such as 127.0.0.1: {error}.") from error


#: A statement that a connection has asked five times is planned once and kept at the server: a
#: link, of six statements, takes less for it (decision 31).
_PREPARED: Final = {"server_side_binding": True, "prepare_threshold": 5}


def database(name: str, home: Path) -> dict[str, Any]:
    """Django's settings for a database URL; SQLite in the home folder when there is none."""
    value = text(name)
    if not value:
        return sqlite(home / "tipline.sqlite3")
    parts = urlsplit(value)
    if parts.scheme == "sqlite" and parts.path:
        return sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise WrongSetting(
            f"{name} must look like postgresql://user:password@host:5432/name "
            "or sqlite:///absolute/path.sqlite3."
        )
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    prepared = query.pop("prepared", "yes")
    if prepared not in {"yes", "no"}:
        raise WrongSetting(f"{name}: prepared is yes or no.")
    try:
        port = query.pop("port", "") or str(parts.port or "")
    except ValueError as error:
        raise WrongSetting(f"{name}: the port is not a number.") from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": query.pop("user", "") or unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**(_PREPARED if prepared == "yes" else {}), **query},
    }


def sqlite(path: Path) -> dict[str, Any]:
    """SQLite as it must be for a promise of durability: WAL with synchronous=FULL.

    With NORMAL a power cut loses commits that were already acknowledged. What is deleted is
    overwritten: wrapped keys and documents that were destroyed must not stay in free pages.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                "PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; "
                "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY"
            ),
        },
    }


def secret_from(name: str, default: Path) -> str:
    """A secret kept in a file; made with mode 0600 when absent."""
    path = Path(text(name, str(default))).expanduser()
    if not path.exists():
        if text(name):
            raise WrongSetting(f"{name}: there is no such file.")
        make_secret_file(path, os.urandom(48).hex())
    try:
        value = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise WrongSetting(f"{name}: the file cannot be read as text.") from error
    if len(value) < 32:
        raise WrongSetting(f"{name}: the secret in the file is shorter than 32 characters.")
    return value
