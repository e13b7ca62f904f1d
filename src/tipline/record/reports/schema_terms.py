"""The words in which the schema table is written: simple types, attributes, elements.

The table itself is in the ``schema_*`` files beside this one, a line per element. Our XSD,
the tolerant reader and the writer are all derived from it, so that they cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Base(StrEnum):
    """The XML Schema type that a text must fit."""

    STRING = "xs:string"
    TOKEN = "xs:token"  # noqa: S105 - a type's name
    BOOLEAN = "xs:boolean"
    INT = "xs:int"
    LONG = "xs:long"
    DOUBLE = "xs:double"
    DATE = "xs:date"
    DATETIME = "xs:dateTime"


@dataclass(frozen=True, slots=True)
class Simple:
    """A type of plain text.

    ``values`` closes it to an enumeration; ``pattern`` is both a Python and an XSD pattern
    for the whole text; ``low`` and ``high`` are documented limits that the XSD does not
    state; a ``flag`` is a boolean that may only say true, or nothing, which means true.
    ``misspelled`` pairs known wrong spellings with the value they mean.
    """

    base: Base
    name: str = ""
    values: tuple[str, ...] = ()
    pattern: str = ""
    low: float | None = None
    high: float | None = None
    flag: bool = False
    misspelled: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Attribute:
    """``home`` names the place where a documented variant belongs in our documents:

    ``@type`` (another name on the same element), ``child/@name`` or ``../@name``.
    ``newer`` marks what newer documentation has and the schema that clients hold has not.
    """

    name: str
    type: Simple
    required: bool = False
    length: int | None = None
    newer: bool = False
    home: str = ""


class Model(StrEnum):
    """How children may stand: in this order, in any order, or exactly one of them."""

    SEQUENCE = "sequence"
    ALL = "all"
    CHOICE = "choice"
    VALUE = "value"  # no children: a text of type ``value`` with attributes


@dataclass(frozen=True, slots=True)
class Complex:
    """A type with children, attributes, or both.

    ``either`` names attributes of which exactly one must stand. ``open_flags`` keeps flags
    that the table does not know. ``name`` is the XSD type's name; empty for a type used once.
    """

    model: Model
    children: tuple[Element, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    value: Simple | None = None
    name: str = ""
    either: tuple[str, ...] = ()
    open_flags: bool = False

    def child(self, name: str) -> Element | None:
        """The element of that name, if any."""
        return next((child for child in self.children if child.name == name), None)

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of that name, if any."""
        return next((each for each in self.attributes if each.name == name), None)


@dataclass(frozen=True, slots=True)
class Element:
    """One row: its name, type, how often it stands and how long it may be.

    ``most`` None is any number. ``length`` counts characters and is documented, not in the
    XSD. ``listed``: a list in our documents although the schema wants one. ``older``: no
    longer documented. ``choice``: of the elements with this word only one may stand.
    ``empty_ok``: a blank text says something.
    """

    name: str
    type: Simple | Complex
    least: int = 0
    most: int | None = 1
    length: int | None = None
    newer: bool = False
    older: bool = False
    listed: bool = False
    choice: str = ""
    empty_ok: bool = False

    @property
    def repeats(self) -> bool:
        """Whether documents hold a list of it."""
        return self.listed or self.most is None


def one(name: str, type_: Simple | Complex, length: int | None = None, **more: bool) -> Element:
    """Exactly one."""
    return Element(name, type_, least=1, length=length, **more)  # type: ignore[arg-type] # flags only


def maybe(name: str, type_: Simple | Complex, length: int | None = None, **more: bool) -> Element:
    """None or one."""
    return Element(name, type_, length=length, **more)  # type: ignore[arg-type] # flags only


def many(name: str, type_: Simple | Complex, length: int | None = None, least: int = 0) -> Element:
    """Any number."""
    return Element(name, type_, least=least, most=None, length=length)
