"""The object store in a bucket of S3, or of anything that speaks it.

The same promise as in a folder, by other means: an object exists whole once the bucket has
acknowledged its last request, and its size is asked for once more before :meth:`commit`
returns; only then does anyone write a row that names it. What is left over by a kill is either
an upload in parts, which no reader sees and :meth:`S3Store.sweep` ends, or an object that no
row names. Waits and retries are bounded: a store that is away is answered honestly.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore import exceptions
from obstore.store import S3Store as Bucket

from tipline.ground.foundation import clock
from tipline.ground.foundation.errors import Invalid, Unavailable
from tipline.ground.foundation.ids import random_hex
from tipline.ground.foundation.killpoints import kill_point
from tipline.ground.foundation.rules_s3 import S3Place
from tipline.ground.foundation.s3_uploads import TIMEOUT, Uploads
from tipline.ground.foundation.store import ObjectWriter, Stored, StoreRefuses, is_object_name

if TYPE_CHECKING:
    from obstore import WritableFile
    from obstore.store import ClientConfig, RetryConfig

#: Larger objects go in parts of this size; two are on their way at once.
PART = 8 * 1024 * 1024
PARTS = 10_000
LARGEST = PART * PARTS
_READ = 4 * 1024 * 1024
_RETRIES: RetryConfig = {
    "max_retries": 4,
    "retry_timeout": timedelta(seconds=TIMEOUT),
    "backoff": {
        "init_backoff": timedelta(milliseconds=100),
        "max_backoff": timedelta(seconds=2),
        "base": 2,
    },
}


class _answers:  # noqa: N801 - reads as a phrase in a with statement
    """Turn what the library raises into an answer; nothing of a request gets into its words."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, FileNotFoundError):
            return
        if isinstance(error, exceptions.BaseError | OSError):
            raise _told(error) from None


#: What S3 calls its refusals; the library hands most of them on as text only.
_NO_BUCKET = "NoSuchBucket"
_REFUSALS = ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken")


def _told(error: BaseException) -> Unavailable:
    denied = exceptions.PermissionDeniedError | exceptions.UnauthenticatedError
    text = str(error)
    if isinstance(error, denied) or any(word in text for word in _REFUSALS):
        return StoreRefuses("The store refuses the access key that it was given.")
    if _NO_BUCKET in text:
        return StoreRefuses("There is no bucket of this name.")
    return Unavailable("The store cannot be reached now. Try again later.")


class _S3Writer:
    """Small objects are one request, at the end; larger ones go in parts as they come."""

    def __init__(self, store: S3Store, name: str) -> None:
        self.name = name
        self._store = store
        self._file: WritableFile | None = store.open(name)
        self._size = 0

    def write(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > LARGEST:
            raise Invalid(f"A file may have {LARGEST >> 30} GiB at most.", field="file")
        if self._file is not None:
            with _answers():
                self._file.write(data)

    def commit(self) -> None:
        kill_point("store.written")
        if self._file is not None:
            with _answers():
                self._file.close()
        if self._store.size(self.name) != self._size:
            raise Unavailable("The store did not keep all of it. Try again later.")
        kill_point("store.renamed")

    def abandon(self) -> None:
        """Best effort: a store that is away keeps what the sweepers find later."""
        self._file = None
        with suppress(Unavailable):
            self._store.take_back(self.name)


class S3Store:
    """Objects below a prefix of one bucket."""

    def __init__(self, place: S3Place) -> None:
        self._place = place
        self._bucket = _bucket(place)
        self._uploads = Uploads(place, place.keys) if place.keys else None

    def probe(self) -> None:
        try:
            with _answers():
                next(iter(obstore.list(self._bucket, self._place.prefix or None)), None)
        except FileNotFoundError:
            raise StoreRefuses("There is no bucket of this name.") from None

    def writer(self, prefix: str) -> ObjectWriter:
        return _S3Writer(self, f"{prefix}/{random_hex()}")

    def open(self, name: str) -> WritableFile:
        return obstore.open_writer(
            self._bucket, self._key(name), buffer_size=PART, max_concurrency=2
        )

    def take_back(self, name: str) -> None:
        """Whatever a writer left: the object, or the parts of one."""
        self.delete(name)
        if self._uploads:
            for one in self._uploads.under(self._key(name)):
                self._uploads.end(one)

    def _key(self, name: str) -> str:
        if not is_object_name(name):
            raise ValueError(f"{name!r} is not an object name")
        return self._place.key(name)

    def read(self, name: str) -> Iterator[bytes]:
        """Piece by piece, each a request of its own: a slow reader never holds one open."""
        key = self._key(name)
        piece, size = self._first(name, key)
        at = len(piece)
        yield piece
        while at < size:
            with _answers():
                piece = bytes(
                    obstore.get_range(self._bucket, key, start=at, end=min(at + _READ, size))
                )
            if not piece:
                raise Unavailable("The store gave less than it has. Try again later.")
            at += len(piece)
            yield piece

    def _first(self, name: str, key: str) -> tuple[bytes, int]:
        """The first piece, and the size of the whole, in one request."""
        try:
            with _answers():
                found = obstore.get(self._bucket, key, options={"range": (0, _READ)})
                return bytes(found.bytes()), found.meta["size"]
        except Unavailable:
            if self.size(name) == 0:  # nothing of nothing is no range
                return b"", 0
            raise

    def size(self, name: str) -> int | None:
        """Bytes of the object; None when there is none."""
        try:
            with _answers():
                return obstore.head(self._bucket, self._key(name))["size"]
        except FileNotFoundError:
            return None

    def exists(self, name: str) -> bool:
        return self.size(name) is not None

    def delete(self, name: str) -> None:
        with suppress(FileNotFoundError), _answers():
            obstore.delete(self._bucket, self._key(name))

    def names(self) -> Iterator[str]:
        return (one.name for one in self.listed())

    def listed(self, after: str = "") -> Iterator[Stored]:
        """The bucket's own order is that of the names; other objects in it are left alone."""
        cut = len(self._place.key(""))
        offset = self._key(after) if after else None
        pages = obstore.list(self._bucket, self._place.prefix or None, offset=offset)
        with _answers():
            for found in chain.from_iterable(pages):
                name = found["path"][cut:]
                if is_object_name(name):
                    yield Stored(name, found["size"], found["last_modified"])

    def sweep(self, older_than: float) -> int:
        """End uploads that were begun so many seconds ago; 0 with a role, see the docs."""
        if self._uploads is None:
            return 0
        limit, ended = clock.now() - timedelta(seconds=older_than), 0
        for one in list(self._uploads.under(self._place.key(""))):
            if one.begun_at < limit and is_object_name(one.key[len(self._place.key("")) :]):
                self._uploads.end(one)
                ended += 1
        return ended


def _bucket(place: S3Place) -> Bucket:
    client: ClientConfig = {
        "connect_timeout": timedelta(seconds=5),
        "timeout": timedelta(seconds=2 * TIMEOUT),
        "allow_http": place.endpoint.startswith("http://"),
        "user_agent": "tipline",
    }
    if place.ca_file:
        client["root_certificate"] = Path(place.ca_file).read_bytes()
    bucket = {
        "endpoint": place.endpoint,
        "region": place.region,
        "virtual_hosted_style_request": False,
        "disable_bulk_delete": True,
    }
    if place.keys:
        bucket |= {"access_key_id": place.keys.ident, "secret_access_key": place.keys.secret}
        bucket |= {"session_token": place.keys.token} if place.keys.token else {}
    return Bucket(
        place.bucket,
        config=bucket,  # type: ignore[arg-type] # built up, so no typed dict
        client_options=client,
        retry_config=_RETRIES,
    )
