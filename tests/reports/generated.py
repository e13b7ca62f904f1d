"""Documents made from the schema table: valid ones, and ones with one thing wrong.

A document comes from a seeded ``random.Random``, so a failure names its seed. ``newer``
says whether rows of newer documentation may appear, which the published schema refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from tipline.ground.foundation.xml import Node, element
from tipline.record.reports.schema import Base, Complex, Element, Model, Simple

WORDS = ["a", "two words", "é & <b>", "02139", "1e5", "user_01", "x" * 40, " padded "]


@dataclass
class Maker:
    """Makes nodes; ``fill`` is the share of optional rows that stand."""

    random: Random
    fill: float = 0.4
    newer: bool = False

    def node(self, row: Element) -> Node:
        type_ = row.type
        if isinstance(type_, Simple):
            return element(row.name, text=self.text(type_, required=row.least > 0))
        text = self.text(type_.value, required=True) if type_.value else ""
        attributes = self.attributes(type_)
        return element(row.name, *self.children(type_), text=text, attributes=attributes)

    def children(self, type_: Complex) -> list[Node]:
        rows = [row for row in type_.children if self.newer or not row.newer]
        if type_.model is Model.CHOICE:
            return [self.node(self.random.choice(rows))]
        chosen = {row.choice: row for row in self.random.sample(rows, len(rows)) if row.choice}
        rows = [row for row in rows if not row.choice or chosen[row.choice] is row]
        made = [self.node(row) for row in rows for _ in range(self.count(row))]
        if type_.model is Model.ALL:
            self.random.shuffle(made)
        return made

    def count(self, row: Element) -> int:
        if self.random.random() >= self.fill:
            return row.least
        return 1 if row.most == 1 else self.random.choice([1, 1, 2])

    def attributes(self, type_: Complex) -> dict[str, str]:
        rows = [row for row in type_.attributes if self.newer or not row.newer]
        either = self.random.choice([row for row in rows if row.name in type_.either] or [None])
        return {
            row.name: self.text(row.type, required=row.required)
            for row in rows
            if row is either
            or row.required
            or (row.name not in type_.either and self.random.random() < self.fill)
        }

    def text(self, type_: Simple, *, required: bool) -> str:
        if type_.flag:
            return self.random.choice(["", "true"])
        if type_.values:
            return self.random.choice([value for value in type_.values if value])
        if type_.pattern:
            return self.random.choice(
                ["+1", "+49", "+380"] if type_.name == "callingCode" else ["0", "42"]
            )
        if type_.base in {Base.STRING, Base.TOKEN}:
            return self.random.choice(WORDS if required else [*WORDS, ""])
        return self.random.choice(GOOD[type_.base](type_))


def _numbers(type_: Simple) -> list[str]:
    low = int(type_.low) if type_.low is not None else -5
    high = int(type_.high) if type_.high is not None else 2**31 - 1
    return [str(low), str(high), f"+{high}", "1", f" {high} "]


GOOD: dict[Base, Callable[[Simple], list[str]]] = {
    Base.BOOLEAN: lambda _: ["true", "false", "1", "0", " true\n"],
    Base.INT: _numbers,
    Base.LONG: lambda _: ["1", "9223372036854775807", "-1"],
    Base.DOUBLE: lambda _: ["1", "-45.5", "1e-07", ".5", "+8E1"],
    Base.DATE: lambda _: ["2010-05-31", "2010-05-31Z", "2008-02-29"],
    Base.DATETIME: lambda _: [
        "2024-01-02T03:04:05Z",
        "2024-01-02T03:04:05.123456789+05:30",
        "2024-01-02T03:04:05",
        "2023-12-31T24:00:00Z",
    ],
}
BAD = {
    Base.BOOLEAN: ["yes", "TRUE", "2", "t rue"],
    Base.INT: ["x", "1.0", "2147483648", "1 2", "٣"],
    Base.LONG: ["x", "9223372036854775808", "12e3"],
    Base.DOUBLE: ["x", "1,5", "0x1F", "--1"],
    Base.DATE: ["2010-13-01", "2009-02-29", "x", "2010-05-31T00:00:00"],
    Base.DATETIME: ["2024-01-02", "2024-02-30T00:00:00Z", "x", "2024-01-02 03:04:05"],
}


# --- one thing wrong -----------------------------------------------------------------------


def places(node: Node, row: Element, path: tuple[int, ...] = ()):
    """Every node of a made document with its row and the way to it."""
    yield path, node, row
    for index, child in enumerate(node.children):
        below = row.type.child(child.tag)
        yield from places(child, below, (*path, index))


def changed(node: Node, path: tuple[int, ...], change: Callable[[Node], Node]) -> Node:
    """The tree with the node at ``path`` exchanged."""
    if not path:
        return change(node)
    children = list(node.children)
    children[path[0]] = changed(children[path[0]], path[1:], change)
    return replace(node, children=tuple(children))


def _drop(node, row, random):
    wanted = [n for n, c in enumerate(node.children) if row.type.child(c.tag).least]
    if wanted:
        at = random.choice(wanted)
        return replace(node, children=node.children[:at] + node.children[at + 1 :])
    return None


def _drop_attribute(node, row, random):
    names = {each.name for each in row.type.attributes if each.required} | set(row.type.either)
    wanted = sorted(names & node.attributes.keys())
    if wanted:
        gone = random.choice(wanted)
        left = {name: value for name, value in node.attributes.items() if name != gone}
        return replace(node, attributes=left)
    return None


def _swap(node, row, random):
    pairs = [
        at
        for at in range(len(node.children) - 1)
        if node.children[at].tag != node.children[at + 1].tag
    ]
    if not pairs:
        return None
    at, made = random.choice(pairs), list(node.children)
    made[at], made[at + 1] = made[at + 1], made[at]
    return replace(node, children=tuple(made))


def _double(node, row, random):
    if not node.children:
        return None
    at = random.randrange(len(node.children))
    return replace(node, children=(*node.children[: at + 1], *node.children[at:]))


def _extra(node, row, random):
    at = random.randint(0, len(node.children))
    new = element(random.choice(["unheardOf", "additionalInformation", "{urn:x}email"]), text="x")
    return replace(node, children=(*node.children[:at], new, *node.children[at:]))


def _extra_attribute(node, row, random):
    name = random.choice(["unheardOf", "Type", "{urn:x}type"])
    return replace(node, attributes={**node.attributes, name: "x"})


def _stray(node, row, random):
    return replace(node, text="stray")


def _false_flag(node, row, random):
    return replace(node, text=random.choice(["false", "0", "yes"]))


def _bad_text(node, row, random):
    type_ = row.type if isinstance(row.type, Simple) else row.type.value
    return replace(node, text=bad_text(type_, random))


def bad_text(type_: Simple, random: Random) -> str:
    if type_.values:
        return random.choice(["Nonsense", "x", f"{type_.values[-1]} ", type_.values[-1].lower()])
    if type_.pattern:
        return random.choice(["x", "", "+"])
    return random.choice(BAD[type_.base])


def _bad_attribute(node, row, random):
    rows = [row.type.attribute(name) for name in sorted(node.attributes)]
    wanted = [each for each in rows if each.type.base is not Base.STRING or each.type.name]
    if not wanted:
        return None
    chosen = random.choice(wanted)
    text = bad_text(chosen.type, random)
    return replace(node, attributes={**node.attributes, chosen.name: text})


def _typed(type_):
    return type_ is not None and not type_.flag and (type_.values or type_.base in BAD)


def _is_block(row):
    return isinstance(row.type, Complex) and row.type.value is None


MUTATIONS = {
    "drop required": (_is_block, _drop),
    "drop attribute": (lambda row: isinstance(row.type, Complex), _drop_attribute),
    "swap": (_is_block, _swap),
    "double": (_is_block, _double),
    "extra element": (_is_block, _extra),
    "extra attribute": (lambda row: True, _extra_attribute),
    "stray text": (lambda row: _is_block(row) and row.type.children, _stray),
    "false flag": (lambda row: isinstance(row.type, Simple) and row.type.flag, _false_flag),
    "bad text": (
        lambda row: _typed(row.type if isinstance(row.type, Simple) else row.type.value),
        _bad_text,
    ),
    "bad attribute": (lambda row: isinstance(row.type, Complex), _bad_attribute),
}


def mutated(node: Node, row: Element, name: str, random: Random) -> Node | None:
    """The document with one thing changed, or None where that change has no place in it."""
    fits, change = MUTATIONS[name]
    spots = [(path, below) for path, _, below in places(node, row) if fits(below)]
    random.shuffle(spots)
    for path, below in spots:
        made = []

        def apply(old, below=below, made=made):
            made.append(change(old, below, random))
            return made[0] or old

        result = changed(node, path, apply)
        if made[0] is not None:
            return result
    return None
