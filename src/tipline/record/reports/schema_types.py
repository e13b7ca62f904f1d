"""Simple types of the schema: what a text may be (API tables 5.3 and 6)."""

from __future__ import annotations

from tipline.ground.taxonomy.areas import COUNTRY_CODES, STATE_CODES
from tipline.ground.taxonomy.contacts import (
    AccountType,
    AddressType,
    EmailType,
    EventName,
    PhoneType,
)
from tipline.ground.taxonomy.files import FileRelevance, IndustryClassification, MetadataType
from tipline.ground.taxonomy.incidents import INCIDENT_MISSPELLINGS, BatchReason, IncidentType
from tipline.record.reports.schema_terms import Base, Simple

STRING = Simple(Base.STRING)
TOKEN = Simple(Base.TOKEN)
BOOLEAN = Simple(Base.BOOLEAN)
INT = Simple(Base.INT)
LONG = Simple(Base.LONG)
DATE = Simple(Base.DATE)
DATETIME = Simple(Base.DATETIME)
FLAG = Simple(Base.BOOLEAN, flag=True)

AGE = Simple(Base.INT, low=0, high=150)
PORT = Simple(Base.INT, low=1, high=65535)
LATITUDE = Simple(Base.DOUBLE, low=-90, high=90)
LONGITUDE = Simple(Base.DOUBLE, low=-180, high=180)
CALLING_CODE = Simple(Base.STRING, name="callingCode", pattern=r"\+[0-9]{1,3}")
EXTENSION = Simple(Base.STRING, name="phoneExtension", pattern=r"[0-9]+")


def _closed(name: str, *values: str) -> Simple:
    return Simple(Base.STRING, name=name, values=values)


INCIDENT_TYPE = Simple(
    Base.STRING,
    name="incidentType",
    values=tuple(kind.wire for kind in IncidentType),
    misspelled=tuple((wrong, kind.wire) for wrong, kind in INCIDENT_MISSPELLINGS.items()),
)
BATCH_REASON = _closed("batchReason", *BatchReason)
EVENT_NAME = _closed("eventName", *EventName)
ADDRESS_TYPE = _closed("addressType", *AddressType)
EMAIL_TYPE = _closed("emailType", *EmailType)
PHONE_TYPE = _closed("phoneType", *PhoneType)
ACCOUNT_TYPE = _closed("accountType", *AccountType)
FILE_RELEVANCE = _closed("fileRelevance", *FileRelevance)
CLASSIFICATION = _closed("industryClassification", *IndustryClassification)
METADATA_TYPE = _closed("metadataType", *MetadataType)
STATE = _closed("state", "", *STATE_CODES)
COUNTRY = _closed("country", "", *COUNTRY_CODES)
