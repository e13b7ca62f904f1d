"""Response codes of the reporting API and the words that go with them."""

from __future__ import annotations

from enum import IntEnum


class Code(IntEnum):
    SUCCESS = 0
    SERVER_ERROR = 1000
    SAVE_FAILED = 1100
    UPLOAD_FAILED = 1110
    NOT_FOUND = 1210
    AUTHENTICATION_REQUIRED = 2000
    NOT_AUTHORISED = 3000
    INVALID_REQUEST = 4000
    VALIDATION_FAILED = 4100
    MALFORMED_XML = 4110
    MALFORMED_FILE = 4200
    NO_REPORT = 5001
    NO_FILE = 5002
    RETRACTED = 5101
    FINISHED = 5102


#: Never empty, and never something that looks like a number: clients fail on both.
WORDS: dict[Code, str] = {
    Code.SUCCESS: "Success",
    Code.SERVER_ERROR: "Server error. Nothing was kept; please try again.",
    Code.SAVE_FAILED: "Save failed. Nothing was kept; please try again later.",
    Code.UPLOAD_FAILED: "Upload failed. Nothing was kept; please try again.",
    Code.NOT_FOUND: "There is no such endpoint.",
    Code.AUTHENTICATION_REQUIRED: "Authentication required.",
    Code.NOT_AUTHORISED: "This account may not do that.",
    Code.INVALID_REQUEST: "Invalid request.",
    Code.VALIDATION_FAILED: "Validation failed.",
    Code.MALFORMED_XML: "Malformed XML submittal.",
    Code.MALFORMED_FILE: "Malformed file submittal.",
    Code.NO_REPORT: "The report does not exist.",
    Code.NO_FILE: "The file does not exist in this report.",
    Code.RETRACTED: "The report has been retracted already.",
    Code.FINISHED: "The report has been finished already.",
}
