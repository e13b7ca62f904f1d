"""The ways in which real clients write the same report.

Restated from captures and sources of real clients (developers' reference ``esp-wire.md``,
sections 1 and 4); named after what they do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SCHEMA_ATTRIBUTES = (
    ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ("xsi:noNamespaceSchemaLocation", "https://report.invalid/ispws/xsd"),
)
_SERVER_ZONE = "America/Chicago"  # where the clients with a local offset run


@dataclass(frozen=True, slots=True)
class WireStyle:
    """One client's habits; each field is one row of the reference's tables.

    ``empty``: how an empty element is written, ``{}`` its name. ``flag``: the text of a
    presence flag. ``blanks``: unset optional texts are sent as empty elements.
    ``always_groups``: annotation groups are sent even when empty. ``instant``: how a zoned
    time is written. ``form``: the content type of finish and retract.
    """

    user_agent: str
    headers: tuple[tuple[str, str], ...] = ()
    xml_type: str = "text/xml; charset=utf-8"
    declaration: str = ""
    byte_order_mark: bool = False
    schema_location: bool = False
    indent: int = 0
    empty: str = "<{}/>"
    flag: str = ""
    blanks: bool = False
    always_groups: bool = False
    instant: str = "seconds"
    form: str = "urlencoded"
    boundary: str = "--------------------------"
    file_first: bool = False
    chunked: bool = False
    part_type: bool = True
    part_name: bool = True
    parallel: int = 3


STYLES: dict[str, WireStyle] = {
    "quoted": WireStyle(
        user_agent="python-httpx/0.28.1",
        headers=(("Accept", "*/*"),),
        declaration="<?xml version='1.0' encoding='utf-8'?>\n",
        empty="<{} />",
        instant="micro",
        boundary="",
    ),
    "fetch": WireStyle(
        user_agent="node",
        headers=(("Accept", "*/*"), ("Accept-Language", "*"), ("Sec-Fetch-Mode", "cors")),
        xml_type="text/plain;charset=UTF-8",
        declaration='<?xml version="1.0" encoding="UTF-8"?>',
        schema_location=True,
        always_groups=True,
        instant="milli",
        form="multipart",
        boundary="----formdata-undici-0",
    ),
    "go": WireStyle(
        user_agent="Go-http-client/1.1",
        flag="true",
        empty="<{0}></{0}>",
        instant="nano",
        boundary="",
        part_type=False,
    ),
    "indented": WireStyle(
        user_agent="Go-http-client/1.1",
        declaration='<?xml version="1.0" encoding="UTF-8"?>\n',
        schema_location=True,
        indent=4,
        flag="true",
        instant="offset",
        boundary="",
    ),
    "service": WireStyle(
        user_agent="node-fetch",
        xml_type="text/xml",
        blanks=True,
        instant="milli",
        form="multipart",
        chunked=True,
        part_name=False,
        parallel=5,
    ),
    "ruby": WireStyle(
        user_agent="Ruby",
        headers=(("Accept", "*/*; q=0.5, application/xml"),),
        declaration='<?xml version="1.0"?>\n',
        schema_location=True,
        boundary="-----------RubyMultipartPost-",
    ),
    "parallel": WireStyle(
        user_agent="curl",
        xml_type="application/xml",
        declaration='<?xml version="1.0" encoding="UTF-8"?>\n',
        byte_order_mark=True,
        form="multipart",
        file_first=True,
        parallel=5,
    ),
}


def zoned(instant: datetime, form: str) -> str:
    """An aware instant as a client writes it: ``Z``, or the offset of the client's own zone."""
    if form in ("nano", "offset"):
        local = instant.astimezone(ZoneInfo(_SERVER_ZONE))
        offset = local.isoformat(timespec="seconds")[-6:]
        return _naive(local) + (f".{local.microsecond:06d}000" if form == "nano" else "") + offset
    utc = instant.astimezone(UTC)
    fraction = {"micro": f".{utc.microsecond:06d}", "milli": f".{utc.microsecond // 1000:03d}"}
    return _naive(utc) + fraction.get(form, "") + "Z"


def unzoned(instant: datetime, zone: str) -> str:
    """An aware instant as the wall clock of ``zone`` shows it, without saying which zone."""
    return _naive(instant.astimezone(ZoneInfo(zone)))


def unknown_zone() -> str:
    """The zone in which senders write whose times have no stated meaning."""
    return _SERVER_ZONE


def _naive(local: datetime) -> str:
    return local.replace(tzinfo=None, microsecond=0).isoformat()
