"""Reading pages as people do."""

from __future__ import annotations

import html
import re


def page(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status, response.status_code
    return response.content.decode()


def words(source: str) -> str:
    """The words of the main part, without tags."""
    main = source[source.index("<main") : source.index("</main>")] if "<main" in source else source
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))


def text(client, path):
    return words(page(client, path))


def hidden(source: str, name: str) -> list[str]:
    """Values of hidden fields of this name, in order."""
    return re.findall(rf'name="{name}" value="([^"]*)"', source)
