"""CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipline.doors.portals.desk.exports import csv_response, lines, safe


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=x"])
def test_a_formula_becomes_text(text):
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "US-CA", "a=b", "12", "'=1"])
def test_other_text_stays(text):
    assert safe(text) == text


@given(st.lists(st.lists(st.text(), min_size=1, max_size=4), max_size=4))
def test_every_cell_can_be_read_back_and_none_is_a_formula(rows):
    read = list(csv.reader(io.StringIO("".join(lines(rows)), newline="")))

    assert read == [[safe(cell) for cell in row] for row in rows]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in read for cell in row)


def test_it_downloads_under_its_name():
    response = csv_response("queue.csv", [["a", 1]])

    assert response["Content-Disposition"] == 'attachment; filename="queue.csv"'
    assert response.content == b"a,1\r\n"
