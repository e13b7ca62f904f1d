"""Every address of the product, as Django's resolver knows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")


@dataclass(frozen=True)
class Route:
    """One pattern: its full name, its view, and the names of what stands in the address."""

    name: str
    view: Any
    words: tuple[str, ...]
    of_evidence: bool = False

    @property
    def host(self) -> str:
        """The host that answers there; empty where the test client's own does."""
        return settings.TIPLINE_EVIDENCE_URL.partition("://")[2] if self.of_evidence else ""

    @property
    def csrf_exempt(self) -> bool:
        return getattr(self.view, "csrf_exempt", False)

    def address(self, of: dict[str, Any]) -> str:
        if self.name == "ispws-unknown":  # takes any path
            return "/ispws/no-such-endpoint"
        where = settings.EVIDENCE_URLCONF if self.of_evidence else None
        return reverse(self.name, where, kwargs={word: of[word] for word in self.words})


def routes() -> dict[str, Route]:
    found = list(_walk(get_resolver()))
    found += [
        replace(route, of_evidence=True) for route in _walk(get_resolver(settings.EVIDENCE_URLCONF))
    ]
    names = [route.name for route in found]
    assert len(names) == len(set(names)), "two patterns of one name: the table cannot tell them"
    return {route.name: route for route in found}


def _walk(resolver: URLResolver, space: str = "") -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern, inner)
        else:
            assert isinstance(pattern, URLPattern)
            assert pattern.name, f"a pattern without a name: {pattern}"
            words = tuple(re.findall(r"<(?:\w+:)?(\w+)>", str(pattern.pattern)))
            yield Route(f"{space}{pattern.name}", pattern.callback, words)
