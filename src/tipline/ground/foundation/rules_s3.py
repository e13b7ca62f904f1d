"""Where an S3 store is and who asks there, from the environment; signatures of its requests. Pure.

The names of the variables are those that every S3 tool knows. A signature is Amazon's
"Signature Version 4" for requests without a body; the store's library signs all others itself.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, urlsplit

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_REGION = re.compile(r"[a-z0-9-]{2,40}")
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
#: Any of these says that the machine itself has a role, and that no key is given.
ROLES = (
    "AWS_ROLE_ARN", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_METADATA_ENDPOINT",
)  # fmt: skip
_EMPTY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An access key: its public id, its secret, and the token of a temporary one."""

    ident: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class S3Place:
    """A bucket, a prefix in it (may be empty) and the way there. ``keys``: None for a role."""

    bucket: str
    prefix: str
    endpoint: str
    region: str
    keys: KeyPair | None
    ca_file: str = ""

    def key(self, name: str) -> str:
        """The key in the bucket of an object of ours."""
        return f"{self.prefix}/{name}" if self.prefix else name


def s3_place(address: str, environment: Mapping[str, str]) -> S3Place:
    """What ``s3://bucket/prefix`` and the variables say; ValueError with a plain sentence."""

    def said(*names: str) -> str:
        return next((word for name in names if (word := environment.get(name, "").strip())), "")

    bucket, _slash, prefix = address.removeprefix("s3://").partition("/")
    prefix = prefix.rstrip("/")
    if not _BUCKET.fullmatch(bucket) or (prefix and not _PREFIX.fullmatch(prefix)):
        raise ValueError(
            "TIPLINE_STORE must look like s3://bucket/prefix: a bucket of 3 to 63 small letters, "
            "digits, dots and dashes, and a prefix of letters, digits, dots, dashes and slashes."
        )
    region = said("AWS_REGION", "AWS_DEFAULT_REGION") or "us-east-1"
    if not _REGION.fullmatch(region):
        raise ValueError("AWS_REGION must be the name of a region, such as eu-central-1.")
    endpoint = said("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
    _check_endpoint(endpoint)
    return S3Place(
        bucket,
        prefix,
        endpoint.rstrip("/") or f"https://s3.{region}.amazonaws.com",
        region,
        _key_pair(said("AWS_ACCESS_KEY_ID"), said("AWS_SECRET_ACCESS_KEY"), environment),
        said("AWS_CA_BUNDLE"),
    )


def _check_endpoint(endpoint: str) -> None:
    try:
        parts = urlsplit(endpoint)
        fits = parts.port != 0 and parts.scheme in {"http", "https"} and "@" not in parts.netloc
    except ValueError:
        fits = False
    if endpoint and not (fits and parts.hostname and parts.path in {"", "/"} and not parts.query):
        raise ValueError("AWS_ENDPOINT_URL must be an address such as https://s3.example.org:9000.")
    if endpoint and parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ValueError("AWS_ENDPOINT_URL is plain http on a public name. Use https.")


def _key_pair(ident: str, secret: str, environment: Mapping[str, str]) -> KeyPair | None:
    if ident and secret:
        return KeyPair(ident, secret, environment.get("AWS_SESSION_TOKEN", "").strip())
    if ident or secret:
        lacking = "AWS_SECRET_ACCESS_KEY" if ident else "AWS_ACCESS_KEY_ID"
        raise ValueError(f"{lacking} is not set: an S3 store needs both parts of its access key.")
    if not any(environment.get(name, "").strip() for name in ROLES):
        raise ValueError(
            "An S3 store needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a role "
            f"({', '.join(ROLES)})."
        )
    return None


def canonical_query(query: Mapping[str, str]) -> str:
    """The query of a request as it is sent and signed."""
    pairs = sorted((quote(name, safe="-_.~"), quote(v, safe="-_.~")) for name, v in query.items())
    return "&".join(f"{name}={value}" for name, value in pairs)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request without a body: ``path`` as it is sent, percent-encoded."""

    method: str
    host: str
    path: str
    query: Mapping[str, str]


def signed(
    asked: Asked,
    keys: KeyPair,
    region: str,
    now: datetime,
    *,
    headers: Mapping[str, str] | None = None,
    payload: str = _EMPTY,
) -> dict[str, str]:
    """The headers that sign a request; ``now`` in UTC, ``payload`` the SHA-256 of its body.

    ``headers``: others that are to be signed, by their names in small letters.
    """
    at = now.strftime("%Y%m%dT%H%M%SZ")
    sent = {
        **(headers or {}),
        "host": asked.host,
        "x-amz-content-sha256": payload,
        "x-amz-date": at,
    }
    if keys.token:
        sent["x-amz-security-token"] = keys.token
    names = ";".join(sorted(sent))
    lines = "".join(f"{name}:{sent[name].strip()}\n" for name in sorted(sent))
    query = canonical_query(asked.query)
    request = f"{asked.method}\n{asked.path}\n{query}\n{lines}\n{names}\n{payload}"
    scope = f"{at[:8]}/{region}/s3/aws4_request"
    digest = hashlib.sha256(request.encode()).hexdigest()
    signature = _mac(
        _signing_key(keys.secret, at[:8], region), f"AWS4-HMAC-SHA256\n{at}\n{scope}\n{digest}"
    ).hex()
    said = f"Credential={keys.ident}/{scope},SignedHeaders={names},Signature={signature}"
    return {**sent, "authorization": f"AWS4-HMAC-SHA256 {said}"}


def _signing_key(secret: str, day: str, region: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for word in (day, region, "s3", "aws4_request"):
        key = _mac(key, word)
    return key


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
