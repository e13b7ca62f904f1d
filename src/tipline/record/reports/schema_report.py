"""The ``report`` element, row by row (API tables 5, 5.1 and 5.2)."""

from __future__ import annotations

from tipline.ground.taxonomy.incidents import NEWER_REPORT_ANNOTATIONS, ReportAnnotation
from tipline.record.reports.schema_shared import (
    ACCOUNT_PERMANENTLY_DISABLED,
    ACCOUNT_TEMPORARILY_DISABLED,
    ADDRESS,
    ASSOCIATED_ACCOUNT,
    CONTACT_PERSON,
    DEVICE_ID,
    EMAIL,
    ESTIMATED_LOCATION,
    IP_CAPTURE_EVENT,
    PERSON,
    PHONE,
)
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
    BATCH_REASON,
    BOOLEAN,
    COUNTRY,
    DATETIME,
    FLAG,
    INCIDENT_TYPE,
    LATITUDE,
    LONG,
    LONGITUDE,
    STRING,
)

_BATCHED = Complex(Model.SEQUENCE, attributes=(Attribute("reason", BATCH_REASON, required=True),))

_ANNOTATIONS = Complex(
    Model.ALL,
    children=tuple(
        maybe(flag, FLAG, newer=flag in NEWER_REPORT_ANNOTATIONS) for flag in ReportAnnotation
    ),
    open_flags=True,
)

_SUMMARY = Complex(
    Model.SEQUENCE,
    children=(
        one("incidentType", INCIDENT_TYPE),
        maybe("platform", STRING, 256),
        maybe("escalateToHighPriority", STRING, 3000),
        maybe("reportAnnotations", _ANNOTATIONS),
        one("incidentDateTime", DATETIME),
        maybe("incidentDateTimeDescription", STRING, 3000),
    ),
)


def _kind(name: str, *children: Element, attributes: tuple[Attribute, ...] = ()) -> Element:
    last = maybe("additionalInfo", STRING, 3000)
    return one(name, Complex(Model.SEQUENCE, (*children, last), attributes))


_DETAILS = Complex(
    Model.CHOICE,
    children=(
        _kind(
            "webPageIncident",
            many("url", STRING),
            attributes=(Attribute("thirdPartyHostedContent", BOOLEAN),),
        ),
        _kind("emailIncident", many("emailAddress", EMAIL, 255), maybe("content", STRING)),
        _kind(
            "newsgroupIncident",
            maybe("name", STRING, 255),
            many("emailAddress", EMAIL, 255),
            maybe("content", STRING),
        ),
        _kind(
            "chatImIncident",
            maybe("chatClient", STRING, 255),
            maybe("chatRoomName", STRING, 255),
            maybe("content", STRING),
        ),
        _kind(
            "onlineGamingIncident",
            maybe("gameName", STRING, 255),
            maybe("console", STRING, 255),
            maybe("content", STRING),
        ),
        _kind(
            "cellPhoneIncident",
            maybe("phoneNumber", PHONE, 50),
            maybe("latitude", LATITUDE),
            maybe("longitude", LONGITUDE),
        ),
        _kind(
            "nonInternetIncident",
            maybe("locationName", STRING, 255),
            many("incidentAddress", ADDRESS),
        ),
        _kind(
            "peer2peerIncident",
            maybe("client", STRING, 255),
            many("ipCaptureEvent", IP_CAPTURE_EVENT),
            maybe("fileNames", STRING),
        ),
    ),
)

_LAW_ENFORCEMENT = Complex(
    Model.SEQUENCE,
    children=(
        one("agencyName", STRING, 255),
        maybe("caseNumber", STRING, 100),
        maybe("officerContact", CONTACT_PERSON),
        maybe("reportedToLe", BOOLEAN),
        maybe("servedLegalProcessDomestic", BOOLEAN),
        maybe(
            "servedLegalProcessInternational",
            Complex(Model.VALUE, value=BOOLEAN, attributes=(Attribute("fleaCountry", COUNTRY),)),
        ),
    ),
    attributes=(
        Attribute(
            "fleaCountry",
            COUNTRY,
            newer=True,
            home="servedLegalProcessInternational/@fleaCountry",
        ),
    ),
)

_REPORTER = Complex(
    Model.SEQUENCE,
    children=(
        one("reportingPerson", PERSON),
        maybe("contactPerson", CONTACT_PERSON),
        maybe("companyTemplate", STRING),
        maybe("termsOfService", STRING, 3000),
        maybe("legalURL", STRING, 2083),
    ),
)

# The three blocks about people share most rows, in this order.
_ACCOUNT = (
    maybe("espIdentifier", STRING, 255),
    maybe("espService", STRING, 100),
    maybe("compromisedAccount", BOOLEAN),
    maybe("screenName", STRING, 256),
    many("displayName", STRING),
    many("profileUrl", STRING),
    maybe("profileBio", STRING),
    many("ipCaptureEvent", IP_CAPTURE_EVENT),
    many("deviceId", DEVICE_ID),
)
_GROUP = maybe("groupIdentifier", STRING, 255)
_PRIOR_REPORTS = many("priorCTReports", LONG)
_AFTERMATH = (
    maybe("accountTemporarilyDisabled", ACCOUNT_TEMPORARILY_DISABLED),
    maybe("accountPermanentlyDisabled", ACCOUNT_PERMANENTLY_DISABLED),
    maybe("estimatedLocation", ESTIMATED_LOCATION),
    maybe("allEmailsReported", BOOLEAN),
)
_ASSOCIATED = many("associatedAccount", ASSOCIATED_ACCOUNT)

_REPORTED = Complex(
    Model.SEQUENCE,
    children=(
        maybe("personOrUserReportedPerson", PERSON),
        maybe("vehicleDescription", STRING, 300),
        *_ACCOUNT,
        maybe("thirdPartyUserReported", BOOLEAN),
        _PRIOR_REPORTS,
        _GROUP,
        *_AFTERMATH,
        _ASSOCIATED,
        maybe("additionalInfo", STRING, 3000),
    ),
)

_RECIPIENT = Complex(
    Model.SEQUENCE,
    children=(
        maybe("intendedRecipientPerson", PERSON),
        *_ACCOUNT,
        _PRIOR_REPORTS,
        _GROUP,
        *_AFTERMATH,
        many("additionalInfo", STRING, 3000),
    ),
)

_VICTIM = Complex(
    Model.SEQUENCE,
    children=(
        one("victimPerson", PERSON),
        *_ACCOUNT,
        maybe("schoolName", STRING, 255),
        _PRIOR_REPORTS,
        *_AFTERMATH,
        _ASSOCIATED,
        maybe("additionalInfo", STRING, 3000),
    ),
)

REPORT = one(
    "report",
    Complex(
        Model.SEQUENCE,
        children=(
            maybe("batchedReport", _BATCHED),
            one("incidentSummary", _SUMMARY),
            many("internetDetails", _DETAILS),
            maybe("lawEnforcement", _LAW_ENFORCEMENT),
            one("reporter", _REPORTER),
            many("personOrUserReported", _REPORTED),
            many("intendedRecipient", _RECIPIENT),
            many("victim", _VICTIM),
            maybe("additionalInfo", STRING, 3000),
        ),
    ),
)
