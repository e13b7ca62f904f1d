"""Policy is data: versioned TOML files, checked whole before anyone may use them.

A policy file starts with ``name``, ``version`` and ``jurisdiction``; the rest belongs to
the room whose rules it feeds. The room gives a *validator*: a function that reads a
:class:`Table` and returns its own frozen rules. Reading marks keys as known; whatever
was never read is refused as unknown. All problems of a file are told at once, each with
its key and what to do.

    policy = packaged("tipline.insight.triage", "policies/triage-us.toml", validate)
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from math import isfinite
from pathlib import Path
from typing import Any, Generic, TypeVar

from tipline.ground.foundation.errors import Invalid

T = TypeVar("T")
MOST_BYTES = 64 * 1024
_NO_NUMBER = "is missing; give a number"


@dataclass(frozen=True, slots=True)
class Policy(Generic[T]):
    """A checked policy: its rules, and what names them for ever after.

    ``digest`` is the lower-case SHA-256 of the file's bytes; ``stamp`` goes into every
    reason and decision that the policy made.
    """

    name: str
    version: str
    jurisdiction: str
    digest: str
    rules: T

    @property
    def stamp(self) -> str:
        """``name@version``."""
        return f"{self.name}@{self.version}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: the dotted ``key`` (empty: the file itself) and the ``fix``."""

    key: str
    fix: str


class PolicyError(Invalid):
    """A policy file is wrong. ``problems`` names everything found, all at once."""

    code = "invalid_policy"

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.file = file
        self.problems = tuple(dict.fromkeys(problems))
        lines = [f"  {p.key}: {p.fix}" if p.key else f"  {p.fix}" for p in self.problems]
        super().__init__(
            "\n".join([f"The policy file {file} cannot be used:", *lines]),
            field=self.problems[0].key if self.problems else "",
        )


class Table:
    """A table of a policy file. Each reader notes a problem instead of raising.

    A value that is missing or wrong reads as ``""``, ``0``, ``False`` or an empty tuple, a
    number out of bounds as the bound, so that a validator runs to its end, whatever it works
    out of them; :func:`parse` then raises with every problem.
    """

    def __init__(self, content: dict[str, Any], path: str = "") -> None:
        self._content = content
        self._path = path
        self._read: set[str] = set()
        self._inner: list[Table] = []
        self._problems: list[Problem] = []

    def keys(self) -> tuple[str, ...]:
        """The keys that the file has here, in its order."""
        return tuple(self._content)

    def problem(self, key: str, fix: str) -> None:
        """Note that ``key`` of this table is wrong and what to do about it."""
        self._problems.append(Problem(self._name(key), fix))

    def text(self, key: str, *, one_of: Iterable[str] = ()) -> str:
        """A text that is not blank, one of ``one_of`` when given."""
        value = self._take(key, str, "a text in quotes")
        allowed = tuple(one_of)
        if value is not None and not value.strip():
            self.problem(key, "must not be blank")
        elif value is not None and allowed and value not in allowed:
            self.problem(key, f"{value!r} is not one of {', '.join(allowed)}")
        return value or ""

    def integer(self, key: str, *, low: int | None = None, high: int | None = None) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        value = self._take(key, int, "a whole number")
        if value is None:
            return 0
        inside = int(value)
        if low is not None:
            inside = max(inside, low)
        if high is not None:
            inside = min(inside, high)
        if inside != value:
            self.problem(key, f"{value} is out of bounds: {_bounds(low, high)}")
        return inside

    def number(self, key: str, *, low: float, high: float) -> float:
        """A number, whole or not, from ``low`` to ``high``, both included."""
        self._read.add(key)
        value = self._content.get(key)
        # A whole number may be greater than any float: only what is inside becomes one.
        if type(value) is not int and not (type(value) is float and isfinite(value)):
            self.problem(key, "must be a number" if key in self._content else _NO_NUMBER)
            return 0.0
        inside = min(max(value, low), high)
        if inside != value:
            self.problem(key, f"{value} is out of bounds: give {low} to {high}")
        return float(inside)

    def flag(self, key: str) -> bool:
        """``true`` or ``false``."""
        return bool(self._take(key, bool, "true or false"))

    def texts(self, key: str, *, one_of: Iterable[str] = ()) -> tuple[str, ...]:
        """A list of texts, each once, each one of ``one_of`` when given."""
        values = self._take(key, list, "a list of texts")
        found = tuple(value for value in values or () if isinstance(value, str))
        if len(found) != len(values or ()):
            self.problem(key, "every entry must be a text in quotes")
        for value in sorted({value for value in found if found.count(value) > 1}):
            self.problem(key, f"{value!r} stands there twice; keep one")
        allowed = tuple(one_of)
        for value in found:
            if allowed and value not in allowed:
                self.problem(key, f"{value!r} is unknown{_nearest(value, allowed)}")
        return found

    def integers(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers."""
        values = self._take(key, list, "a list of whole numbers")
        found = tuple(value for value in values or () if type(value) is int)
        if len(found) != len(values or ()):
            self.problem(key, "every entry must be a whole number")
        return found

    def table(self, key: str) -> Table:
        """The table under ``key``; an empty one when it is missing."""
        inner = Table(self._take(key, dict, "a table") or {}, self._name(key))
        self._inner.append(inner)
        return inner

    def tables(self, key: str, *, most: int) -> tuple[Table, ...]:
        """The tables under ``key``, in order, at most ``most``: ``[[rows]]`` in the file."""
        found = self._take(key, list, "a list of tables") or []
        if len(found) > most:
            self.problem(key, f"has {len(found)} entries; give at most {most}")
        if any(type(one) is not dict for one in found):
            self.problem(key, "every entry must be a table")
        wanted = [one for one in found if type(one) is dict][:most]
        inner = [Table(one, f"{self._name(key)}[{n}]") for n, one in enumerate(wanted, 1)]
        self._inner += inner
        return tuple(inner)

    def has(self, key: str) -> bool:
        """Does the file give ``key`` here? For keys that may be left out."""
        return key in self._content

    def problems(self) -> tuple[Problem, ...]:
        """Everything noted here and below, then the keys that nobody read."""
        unknown = [
            Problem(self._name(key), f"unknown key; remove it{_nearest(key, self._read)}")
            for key in self._content
            if key not in self._read
        ]
        below = [problem for inner in self._inner for problem in inner.problems()]
        return (*self._problems, *below, *unknown)

    def _take(self, key: str, kind: type, wanted: str) -> Any:
        self._read.add(key)
        if key not in self._content:
            self.problem(key, f"is missing; give {wanted}")
            return None
        value = self._content[key]
        # bool is a kind of int in Python; in a policy file it is not.
        if type(value) is not kind:
            self.problem(key, f"must be {wanted}")
            return None
        return value

    def _name(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key


def parse(data: bytes, file: str, validate: Callable[[Table], T]) -> Policy[T]:
    """Check the bytes of a policy file; ``file`` is its name in messages.

    Raises PolicyError naming every problem at once.
    """
    table = Table(_read_toml(data, file))
    header = [table.text(key) for key in ("name", "version", "jurisdiction")]
    rules = validate(table)
    problems = table.problems()
    if problems:
        raise PolicyError(file, problems)
    name, version, jurisdiction = header
    return Policy(name, version, jurisdiction, sha256(data).hexdigest(), rules)


def load(file: Path | Traversable, validate: Callable[[Table], T]) -> Policy[T]:
    """Read and check a policy file. Raises PolicyError, also when it cannot be read."""
    try:
        data = file.read_bytes()
    except OSError as error:
        fix = f"cannot be read ({error.strerror or error}); give the path of a TOML file"
        raise PolicyError(str(file), [Problem("", fix)]) from error
    return parse(data, file.name, validate)


def packaged(package: str, resource: str, validate: Callable[[Table], T]) -> Policy[T]:
    """The policy file that ships with ``package``; ``resource`` is its relative path."""
    return load(files(package).joinpath(resource), validate)


def _read_toml(data: bytes, file: str) -> dict[str, Any]:
    if len(data) > MOST_BYTES:
        fix = f"has {len(data)} bytes; give at most {MOST_BYTES}: a policy is a page or two"
        raise PolicyError(file, [Problem("", fix)])
    try:
        return tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise PolicyError(file, [Problem("", "is not UTF-8 text; save it as UTF-8")]) from error
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(file, [Problem("", f"is not TOML: {error}")]) from error
    except (ValueError, RecursionError) as error:  # a number or a nesting without end
        fix = "is not TOML that can be read: a number is too long, or tables nest too deeply"
        raise PolicyError(file, [Problem("", fix)]) from error


def _bounds(low: int | None, high: int | None) -> str:
    if low is not None and high is not None:
        return f"give {low} to {high}"
    return f"give at least {low}" if low is not None else f"give at most {high}"


def _nearest(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, sorted(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
