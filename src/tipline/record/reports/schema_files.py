"""The ``fileDetails`` element (API table 5.4) and the two responses (5.5)."""

from __future__ import annotations

from tipline.ground.taxonomy.files import FileAnnotation
from tipline.record.reports.schema_shared import DEVICE_ID, IP_CAPTURE_EVENT
from tipline.record.reports.schema_terms import (
    Attribute,
    Complex,
    Element,
    Model,
    many,
    maybe,
    one,
)
from tipline.record.reports.schema_types import (
    BOOLEAN,
    CLASSIFICATION,
    DATETIME,
    FILE_RELEVANCE,
    FLAG,
    INT,
    LONG,
    METADATA_TYPE,
    STRING,
    TOKEN,
)

_ANNOTATIONS = Complex(
    Model.ALL, children=tuple(maybe(flag, FLAG) for flag in FileAnnotation), open_flags=True
)

_HASH = Complex(
    Model.VALUE,
    value=STRING,
    attributes=(Attribute("hashType", STRING, required=True, length=64),),
)

_PAIR = Complex(
    Model.SEQUENCE,
    children=(one("name", STRING, 64), one("value", STRING, empty_ok=True)),
    attributes=(Attribute("type", METADATA_TYPE, newer=True, home="../@type"),),
)

_METADATA = Complex(
    Model.SEQUENCE,
    children=(many("nameValuePair", _PAIR, least=1),),
    attributes=(Attribute("type", METADATA_TYPE),),
)

FILE_DETAILS = one(
    "fileDetails",
    Complex(
        Model.SEQUENCE,
        children=(
            one("reportId", LONG),
            one("fileId", TOKEN),
            maybe("fileName", STRING, older=True),
            maybe("originalFileName", STRING, 2056),
            maybe("uploadedToEspTimestamp", DATETIME),
            maybe("locationOfFile", STRING, 2083),
            maybe("fileViewedByEsp", BOOLEAN),
            maybe("exifViewedByEsp", BOOLEAN),
            maybe("publiclyAvailable", BOOLEAN),
            maybe("fileRelevance", FILE_RELEVANCE),
            Element("potentialMeme", BOOLEAN, older=True, choice="meme"),
            Element("fileAnnotations", _ANNOTATIONS, choice="meme"),
            maybe("industryClassification", CLASSIFICATION),
            many("originalFileHash", _HASH),
            maybe("ipCaptureEvent", IP_CAPTURE_EVENT, listed=True),
            many("deviceId", DEVICE_ID),
            many("details", _METADATA),
            many("additionalInfo", STRING),
        ),
    ),
)

REPORT_RESPONSE = one(
    "reportResponse",
    Complex(
        Model.SEQUENCE,
        children=(
            one("responseCode", INT),
            one("responseDescription", STRING),
            maybe("reportId", LONG),
            maybe("fileId", TOKEN),
            maybe("hash", TOKEN),
        ),
    ),
)

REPORT_DONE_RESPONSE = one(
    "reportDoneResponse",
    Complex(
        Model.SEQUENCE,
        children=(
            one("responseCode", INT),
            one("reportId", LONG),
            one("files", Complex(Model.SEQUENCE, children=(many("fileId", STRING),))),
        ),
    ),
)
