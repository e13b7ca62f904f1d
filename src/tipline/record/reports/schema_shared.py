"""Types that several parts of the schema use (API table 5.3)."""

from __future__ import annotations

from tipline.record.reports.schema_terms import Attribute, Complex, Model, many, maybe, one
from tipline.record.reports.schema_types import (
    ACCOUNT_TYPE,
    ADDRESS_TYPE,
    AGE,
    BOOLEAN,
    CALLING_CODE,
    COUNTRY,
    DATE,
    DATETIME,
    EMAIL_TYPE,
    EVENT_NAME,
    EXTENSION,
    LONG,
    PHONE_TYPE,
    PORT,
    STATE,
    STRING,
)

EMAIL = Complex(
    Model.VALUE,
    name="email",
    value=STRING,
    attributes=(
        Attribute("type", EMAIL_TYPE),
        Attribute("verified", BOOLEAN),
        Attribute("verificationDate", DATETIME),
    ),
)

PHONE = Complex(
    Model.VALUE,
    name="phone",
    value=STRING,
    attributes=(
        Attribute("type", PHONE_TYPE),
        Attribute("verified", BOOLEAN),
        Attribute("verificationDate", DATETIME),
        Attribute("countryCallingCode", CALLING_CODE),
        Attribute("extension", EXTENSION, length=10),
    ),
)

ADDRESS = Complex(
    Model.SEQUENCE,
    name="address",
    children=(
        maybe("address", STRING, 255),
        maybe("city", STRING, 100),
        maybe("zipCode", STRING, 20),
        maybe("state", STATE),
        maybe("nonUsaState", STRING, 100),
        maybe("country", COUNTRY),
    ),
    attributes=(Attribute("type", ADDRESS_TYPE),),
)

PERSON = Complex(
    Model.SEQUENCE,
    name="person",
    children=(
        maybe("firstName", STRING, 100),
        maybe("lastName", STRING, 100),
        many("phone", PHONE, 50),
        many("email", EMAIL, 255),
        many("address", ADDRESS),
        maybe("age", AGE),
        maybe("ageAssertionDiscrepancy", BOOLEAN, newer=True),
        maybe("dateOfBirth", DATE),
    ),
)

CONTACT_PERSON = Complex(
    Model.SEQUENCE,
    name="contactPerson",
    children=(
        maybe("firstName", STRING, 100),
        maybe("lastName", STRING, 100),
        many("phone", PHONE, 50),
        many("email", EMAIL, 255),
        many("address", ADDRESS),
    ),
)

IP_CAPTURE_EVENT = Complex(
    Model.SEQUENCE,
    name="ipCaptureEvent",
    children=(
        one("ipAddress", STRING),
        maybe("eventName", EVENT_NAME),
        maybe("dateTime", DATETIME),
        maybe("possibleProxy", BOOLEAN),
        maybe("port", PORT),
    ),
)

DEVICE_ID = Complex(
    Model.SEQUENCE,
    name="deviceId",
    children=(
        one("idType", STRING, 255),
        one("idValue", STRING, 2083),
        maybe("eventName", EVENT_NAME),
        maybe("dateTime", DATETIME),
    ),
)

ESTIMATED_LOCATION = Complex(
    Model.SEQUENCE,
    name="estimatedLocation",
    children=(
        maybe("city", STRING, 255),
        maybe("region", STRING, 255),
        maybe("countryCode", COUNTRY),
    ),
    attributes=(Attribute("verified", BOOLEAN), Attribute("timestamp", DATETIME)),
)

_DISABLED = (
    Attribute("disabledDate", DATETIME),
    Attribute("userNotified", BOOLEAN),
    Attribute("userNotifiedDate", DATETIME),
)

ACCOUNT_TEMPORARILY_DISABLED = Complex(
    Model.VALUE,
    name="accountTemporarilyDisabled",
    value=BOOLEAN,
    attributes=(*_DISABLED, Attribute("reenabledDate", DATETIME)),
)

ACCOUNT_PERMANENTLY_DISABLED = Complex(
    Model.VALUE, name="accountPermanentlyDisabled", value=BOOLEAN, attributes=_DISABLED
)

_PLATFORM = Complex(Model.VALUE, value=STRING, attributes=(Attribute("thirdPartyUser", BOOLEAN),))

ASSOCIATED_ACCOUNT = Complex(
    Model.SEQUENCE,
    name="associatedAccount",
    children=(
        maybe("platform", _PLATFORM, 256),
        maybe("firstName", STRING, 256),
        maybe("middleName", STRING, 256),
        maybe("lastName", STRING, 256),
        maybe("approximateAge", AGE),
        maybe("ageAssertionDiscrepancy", BOOLEAN, newer=True),
        maybe("dateOfBirth", DATE),
        many("phone", PHONE, 50),
        many("email", EMAIL, 255),
        maybe("allEmailsReported", BOOLEAN),
        many("address", ADDRESS),
        maybe("espService", STRING, 256),
        maybe("espIdentifier", STRING, 256),
        many("profileUrl", STRING),
        maybe("screenName", STRING, 256),
        many("displayName", STRING),
        maybe("profileBio", STRING),
        maybe("groupIdentifier", STRING, 256),
        maybe("compromisedAccount", BOOLEAN),
        maybe("accountTemporarilyDisabled", ACCOUNT_TEMPORARILY_DISABLED),
        maybe("accountPermanentlyDisabled", ACCOUNT_PERMANENTLY_DISABLED),
        many("ipCaptureEvent", IP_CAPTURE_EVENT),
        many("deviceId", DEVICE_ID),
        many("priorCTReport", LONG),  # singular here, plural elsewhere: the schema's own way
        maybe("additionalInfo", STRING),
    ),
    attributes=(
        Attribute("type", ACCOUNT_TYPE),
        Attribute("accountType", ACCOUNT_TYPE, newer=True, home="@type"),
        Attribute("thirdPartyUser", BOOLEAN, newer=True, home="platform/@thirdPartyUser"),
    ),
    either=("type", "accountType"),
)
