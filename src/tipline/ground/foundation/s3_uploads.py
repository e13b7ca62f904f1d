"""Uploads in parts that were begun in a bucket and never ended: found, and ended.

The bucket keeps their parts, unseen and at a price, until somebody says so. The library that
does everything else with S3 cannot list them.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from tipline.ground.foundation import clock, xml
from tipline.ground.foundation.errors import Unavailable
from tipline.ground.foundation.rules_s3 import Asked, KeyPair, S3Place, canonical_query, signed

TIMEOUT = 30.0
_LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An upload that was begun under a key of the bucket, and when."""

    key: str
    ident: str
    begun_at: datetime


class Uploads:
    """The unfinished uploads of a bucket. Needs an access key: a role cannot be asked for one."""

    def __init__(self, place: S3Place, keys: KeyPair) -> None:
        self._place, self._keys = place, keys
        self._parts = urlsplit(place.endpoint)

    def under(self, prefix: str) -> Iterator[Unfinished]:
        """Those whose key begins so, a thousand a request; Unavailable when nobody answers."""
        query = {"uploads": "", "prefix": prefix, "max-uploads": "1000"}
        while True:
            page = _read(self._ask("GET", f"/{self._place.bucket}", query))
            yield from (_unfinished(one) for one in page.get("Upload", []))
            if _text(page, "IsTruncated") != "true":
                return
            query["key-marker"] = _text(page, "NextKeyMarker")
            query["upload-id-marker"] = _text(page, "NextUploadIdMarker")

    def end(self, one: Unfinished) -> None:
        """The parts are gone; one that has ended meanwhile is none to complain about."""
        path = f"/{self._place.bucket}/{quote(one.key, safe='/-_.~')}"
        self._ask("DELETE", path, {"uploadId": one.ident}, fine=(200, 204, 404))

    def _ask(
        self, method: str, path: str, query: Mapping[str, str], fine: tuple[int, ...] = (200,)
    ) -> bytes:
        asked = Asked(method, self._parts.netloc, path, query)
        headers = signed(asked, self._keys, self._place.region, clock.now())
        connection = self._connection()
        try:
            connection.request(method, f"{path}?{canonical_query(query)}", headers=headers)
            answer = connection.getresponse()
            body = answer.read(_LARGEST)
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable("The store cannot be reached now. Try again later.") from error
        finally:
            connection.close()
        if answer.status not in fine:
            raise Unavailable(f"The store refused to list or end uploads ({answer.status}).")
        return body

    def _connection(self) -> http.client.HTTPConnection:
        if self._parts.scheme == "http":
            return http.client.HTTPConnection(self._parts.netloc, timeout=TIMEOUT)
        trusted = ssl.create_default_context()
        if self._place.ca_file:
            trusted.load_verify_locations(self._place.ca_file)
        return http.client.HTTPSConnection(self._parts.netloc, timeout=TIMEOUT, context=trusted)


_Elements = dict[str, list[xml.Node]]


def _read(body: bytes) -> _Elements:
    try:
        return _by_name(xml.read(body))
    except xml.XmlError as error:
        raise Unavailable("The store's list of uploads cannot be read.") from error


def _by_name(node: xml.Node) -> _Elements:
    found: _Elements = {}
    for child in node.children:
        found.setdefault(child.tag.rpartition("}")[2], []).append(child)
    return found


def _text(found: _Elements, name: str) -> str:
    return found[name][0].text.strip() if name in found else ""


def _unfinished(node: xml.Node) -> Unfinished:
    said = _by_name(node)
    begun = _text(said, "Initiated").replace("Z", "+00:00")
    try:
        at = datetime.fromisoformat(begun)
    except ValueError as error:
        raise Unavailable("The store's list of uploads cannot be read.") from error
    return Unfinished(_text(said, "Key"), _text(said, "UploadId"), at)
