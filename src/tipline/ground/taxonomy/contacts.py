"""Kinds of contact data, accounts and captured events (API table 6.5)."""

from __future__ import annotations

from enum import StrEnum


class EventName(StrEnum):
    """What the user did when an address or device was captured."""

    LOGIN = "Login"
    REGISTRATION = "Registration"
    PURCHASE = "Purchase"
    UPLOAD = "Upload"
    OTHER = "Other"
    UNKNOWN = "Unknown"


class AddressType(StrEnum):
    HOME = "Home"
    BUSINESS = "Business"
    BILLING = "Billing"
    SHIPPING = "Shipping"
    TECHNICAL = "Technical"


class EmailType(StrEnum):
    HOME = "Home"
    WORK = "Work"
    BUSINESS = "Business"
    RECOVERY = "Recovery"


class PhoneType(StrEnum):
    MOBILE = "Mobile"
    HOME = "Home"
    BUSINESS = "Business"
    WORK = "Work"
    FAX = "Fax"
    INTERNET = "Internet"
    RECOVERY = "Recovery"


class AccountType(StrEnum):
    """How an associated account relates to the account it is listed under."""

    BILLING = "Billing"
    LINKED = "Linked"
    BUSINESS = "Business"
    CREATOR = "Creator"
    PARENT_GUARDIAN = "Parent/Guardian"
    OTHER = "Other"


class CaptureType(StrEnum):
    """Kinds of source capture in the documents that agencies download (their exact words)."""

    IP_ADDRESS = "IP Address"
    PROFILE_URL = "Profile URL"
    URL = "URL"
