"""How an answer goes out: XML in pieces, packed where the client can unpack, and refusals."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from tipline.doors.interfaces.hash_exchange.documents import NAMESPACE
from tipline.ground.foundation.xml import element
from tipline.ground.foundation.xml_streaming import Step, stream

CONTENT_TYPE = "application/xml; charset=utf-8"
REALM = 'Basic realm="Hash exchange", charset="UTF-8"'
_GZIP = 31
_LEVEL = 1  # hex and base64 pack as well at once as with patience


def xml(request: HttpRequest, root: str, steps: Iterable[Step]) -> StreamingHttpResponse:
    """The document in pieces. No form is negotiated but gzip: clients ask for ``*/*``."""
    pieces = stream(root, NAMESPACE, steps)
    packs = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "").lower()
    response = StreamingHttpResponse(
        _packed(pieces) if packs else pieces, content_type=CONTENT_TYPE
    )
    response["Vary"] = "Accept-Encoding"
    if packs:
        response["Content-Encoding"] = "gzip"
    return response


def _packed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


def refusal(status: int, words: str) -> HttpResponse:
    """A status that clients act on, and a sentence for the people behind them."""
    document = element("error", element("message", text=words))
    body = b"".join(stream(document.tag, NAMESPACE, document.children))
    return HttpResponse(body, content_type=CONTENT_TYPE, status=status)


def unauthenticated() -> HttpResponse:
    response = refusal(401, "Send the user name and password of your account with every request.")
    response["WWW-Authenticate"] = REALM
    return response


def too_fast(seconds: float) -> HttpResponse:
    response = refusal(429, "Too many requests in a row: wait a moment.")
    response["Retry-After"] = str(max(1, round(seconds + 0.5)))
    return response


def wrong_method(allowed: str) -> HttpResponse:
    response = refusal(405, f"Use {allowed} here.")
    response["Allow"] = allowed
    return response


def unavailable(words: str) -> HttpResponse:
    response = refusal(503, words)
    response["Retry-After"] = "2"
    return response
