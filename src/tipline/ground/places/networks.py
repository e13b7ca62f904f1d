"""Lists of networks: which label does an address fall under?"""

from __future__ import annotations

import ipaddress
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Generic, TypeVar

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Label = TypeVar("Label")


class Networks(Generic[Label]):
    """Disjoint networks with a label each; a look-up costs one bisection."""

    def __init__(self, networks: Mapping[Label, Iterable[str]]) -> None:
        """Take ``{label: networks in CIDR form}``; overlapping networks raise ValueError."""
        self._ranges: dict[int, list[tuple[int, int, Label]]] = {4: [], 6: []}
        for label, texts in networks.items():
            for text in texts:
                network = ipaddress.ip_network(text)
                first, last = int(network[0]), int(network[-1])
                self._ranges[network.version].append((first, last, label))
        for ranges in self._ranges.values():
            ranges.sort(key=lambda item: item[0])
            if any(a[1] >= b[0] for a, b in pairwise(ranges)):
                raise ValueError("networks overlap")
        self._starts = {v: [item[0] for item in ranges] for v, ranges in self._ranges.items()}

    def label_of(self, address: Address) -> Label | None:
        """The label of the network that holds the address, or None."""
        number = int(address)
        index = bisect_right(self._starts[address.version], number) - 1
        if index < 0:
            return None
        _, last, label = self._ranges[address.version][index]
        return label if number <= last else None
