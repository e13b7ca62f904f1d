"""The strict clients have teeth: each variant that breaks a real client breaks them too."""

from __future__ import annotations

import pytest
from tests.ispws.strict_client import ApiError, Guessing, Ordered, WireError, guess, parse

CODE = "<responseCode>0</responseCode>"
WORDS = "<responseDescription>Success</responseDescription>"
NUMBER = "<reportId>7</reportId>"
DIGITS = "<fileId>12345678901234567890123456789012</fileId>"
EXPONENT = "<fileId>1234567890123456789e123456789012</fileId>"
FILE = "<fileId>ab345678901234567890123456789012</fileId>"


def _response(inner, attributes=""):
    return f"<reportResponse{attributes}>{inner}</reportResponse>"


def _done(inner):
    return f"<reportDoneResponse>{inner}</reportDoneResponse>"


@pytest.mark.parametrize(
    ("body", "ordered_reads", "guessing_reads"),
    [
        (_response(CODE + WORDS + NUMBER), True, True),
        (_response(CODE + WORDS + NUMBER + "<later>x</later>"), True, True),
        (_response(CODE + "<responseDescription/>" + NUMBER), False, True),
        (_response(WORDS + CODE + NUMBER), False, True),
        (_response("<early>x</early>" + CODE + WORDS + NUMBER), False, True),
        (
            _response(CODE + "<responseDescription>0</responseDescription>" + NUMBER),
            True,
            False,
        ),
        (_response(CODE + WORDS), False, False),
        (_response(CODE + WORDS + NUMBER + DIGITS), False, False),
        (_response(CODE + WORDS + NUMBER + EXPONENT), False, False),
        (_response(CODE + WORDS + NUMBER + FILE), True, True),
        (f"<response>{CODE}{WORDS}{NUMBER}</response>", False, False),
        (_response(CODE + WORDS + NUMBER, ' xmlns="urn:x"'), False, False),
    ],
)
def test_what_each_client_reads(body, ordered_reads, guessing_reads):
    for kind, reads in ((Ordered, ordered_reads), (Guessing, guessing_reads)):
        try:
            found = kind(None).read_response(parse(body.encode())).report_id == 7
        except WireError:
            found = False
        assert found is reads, kind.__name__


@pytest.mark.parametrize("kind", [Ordered, Guessing])
def test_a_failed_finish_is_read_with_its_code(kind):
    body = _done("<responseCode>5102</responseCode><reportId>7</reportId><files/>" + WORDS)
    with pytest.raises(ApiError) as refusal:
        kind(None).read_done(parse(body.encode()))
    assert refusal.value.code == 5102


def test_a_failed_finish_with_words_in_second_place_is_lost():
    body = _done("<responseCode>5102</responseCode>" + WORDS + "<reportId>7</reportId><files/>")
    with pytest.raises(WireError):
        Ordered(None).read_done(parse(body.encode()))


def test_a_failed_finish_in_the_other_root_is_lost():
    body = _response("<responseCode>5102</responseCode>" + WORDS + NUMBER)
    for kind in (Ordered, Guessing):
        with pytest.raises(WireError):
            kind(None).read_done(parse(body.encode()))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("02139", 2139.0),
        ("1e5", 100000.0),
        ("0x1F", 31.0),
        (" 7 ", 7.0),
        ("1.", 1.0),
        (".5", 0.5),
        ("1a", "1a"),
        ("e5", "e5"),
        ("Success", "Success"),
    ],
)
def test_guessing_as_javascript_does(text, value):
    assert guess(text) == value
